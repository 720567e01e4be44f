# CrowdSec, which bans whoever attacks the services that others may reach.
{
  config,
  lib,
  pkgs,
  ...
}: let
  cfg = config.qgroget.serviceModules.crowdsec;

  # The logs of every enabled public service.
  watched = lib.attrNames (
    lib.filterAttrs (_: service: service.enable && service.type == "public") config.qgroget.serviceModules
  );
in {
  # --- Contract --------------------------------------------------------------------------------
  config.qgroget.serviceModules.crowdsec = {
    enable = lib.mkDefault false;
    description = "Bans";
    package = pkgs.crowdsec;
    type = "internal";
    port = 8083;
    persistedData = [
      {
        directory = "/var/lib/crowdsec";
        user = "crowdsec";
        group = "crowdsec";
        mode = "0750";
      }
    ];
    # The bans of yesterday are of no use tomorrow.
    backupDirectories = [];
    dependsOn = ["traefik"];
  };

  # The middleware exists while CrowdSec does.
  config.qgroget.traefik.middlewares = lib.mkIf cfg.enable {
    crowdsec.plugin.bouncer = {
      enabled = true;
      crowdsecMode = "stream";
      crowdsecLapiHost = "127.0.0.1:${toString cfg.port}";
      crowdsecLapiKeyFile = config.sops.secrets."server/crowdsec/bouncer_key".path;
    };
  };

  # --- Implementation --------------------------------------------------------------------------
  config.services.crowdsec = lib.mkIf cfg.enable {
    enable = true;
    inherit (cfg) package;
    hub.collections = ["crowdsecurity/linux" "crowdsecurity/traefik"];
    settings.config.api.server.listen_uri = "127.0.0.1:${toString cfg.port}";
    settings.acquisitions =
      [
        {
          source = "file";
          filenames = ["/var/log/traefik/access.log"];
          labels.type = "traefik";
        }
      ]
      ++ map (name: {
        source = "journalctl";
        journalctl_filter = ["SYSLOG_IDENTIFIER=${name}"];
        labels.type = "syslog";
      })
      watched;
  };

  # --- Secrets ---------------------------------------------------------------------------------
  config.sops.secrets."server/crowdsec/bouncer_key" = lib.mkIf cfg.enable {
    inherit (config.services.traefik) group;
    mode = "0440";
  };
}
