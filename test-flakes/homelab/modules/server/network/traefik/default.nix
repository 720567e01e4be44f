# Traefik, the door of the homelab. Its routes come from the contracts of the other services, by
# way of the collector; this is about Traefik itself.
{
  config,
  lib,
  ...
}: let
  inherit (config.qgroget) server;

  cfg = config.qgroget.serviceModules.traefik;
  inherit (config.services.traefik) dataDir;

  challenge = caServer: {
    acme = {
      inherit caServer;
      email = server.adminMail;
      storage = "${dataDir}/acme.json";
      dnsChallenge.provider = "ovh";
    };
  };
in {
  config = lib.mkMerge [
    # --- Contract ------------------------------------------------------------------------------
    {
      qgroget.serviceModules.traefik = {
        enable = lib.mkDefault false;
        description = "Routes";
        # The dashboard. What visitors see are ports 80 and 443, opened by the host.
        port = 8080;
        exposed = true;
        subdomain = "routes";
        type = "admin";
        persistedData = [
          {
            directory = dataDir;
            user = "traefik";
            inherit (config.services.traefik) group;
            mode = "0700";
          }
        ];
        backupDirectories = ["${dataDir}/acme.json"];
        # Keeps running while its certificates are backed up.
        units = [];
        dependsOn = ["authelia"];
      };

      # Where Traefik keeps its state, on every host.
      services.traefik.dataDir = "/var/lib/traefik";
    }

    # --- Implementation ------------------------------------------------------------------------
    (lib.mkIf cfg.enable {
      services.traefik = {
        enable = true;
        environmentFiles = [config.sops.secrets."server/traefik/env".path];
        staticConfigOptions = {
          global = lib.genAttrs ["checkNewVersion" "sendAnonymousUsage"] (_: false);

          entryPoints = {
            web = {
              address = ":80";
              http.redirections.entryPoint = {
                to = "websecure";
                scheme = "https";
              };
            };
            websecure.address = ":443";
            traefik.address = "127.0.0.1:${toString cfg.port}";
          };

          # The dashboard answers on its own entry point, where only Traefik itself connects.
          api = {
            dashboard = true;
            insecure = true;
          };

          accessLog.filePath = "/var/log/traefik/access.log";

          certificatesResolvers = lib.mapAttrs (_: challenge) {
            production = "https://acme-v02.api.letsencrypt.org/directory";
            staging = "https://acme-staging-v02.api.letsencrypt.org/directory";
          };

          experimental.plugins.bouncer = lib.mkIf config.qgroget.serviceModules.crowdsec.enable {
            moduleName = "github.com/maxlerebourg/crowdsec-bouncer-traefik-plugin";
            version = "v1.4.5";
          };
        };
      };

      systemd.tmpfiles.rules = ["d /var/log/traefik 0750 traefik traefik -"];
    })

    # --- Secrets -------------------------------------------------------------------------------
    (lib.mkIf cfg.enable {
      # OVH_APPLICATION_KEY and its relatives, for the certificates.
      sops.secrets."server/traefik/env".owner = "traefik";
    })
  ];
}
