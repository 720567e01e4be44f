# Bazarr, which finds subtitles for what Sonarr and Radarr hold.
{
  config,
  lib,
  ...
}: let
  inherit (config.qgroget) server serviceModules;

  cfg = serviceModules.bazarr;
  dataDir = server.containerDir + "/bazarr";
in {
  config = lib.mkMerge [
    # --- Contract ------------------------------------------------------------------------------
    {
      qgroget.serviceModules.bazarr.enable = lib.mkDefault false;
      qgroget.serviceModules.bazarr.description = "Subtitles";
      qgroget.serviceModules.bazarr.port = 6767;
      qgroget.serviceModules.bazarr.exposed = true;
      qgroget.serviceModules.bazarr.subdomain = "subtitles";
      qgroget.serviceModules.bazarr.type = "admin";
      qgroget.serviceModules.bazarr.dependsOn = ["sonarr" "radarr"];
      qgroget.serviceModules.bazarr.persistedData = [dataDir];
      qgroget.serviceModules.bazarr.backupDirectories = [(dataDir + "/backup") (dataDir + "/config")];
    }

    # --- Implementation ------------------------------------------------------------------------
    (lib.mkIf cfg.enable {
      virtualisation.quadlet.containers.bazarr = {
        containerConfig = {
          image = "lscr.io/linuxserver/bazarr:1.5.3";
          networks = ["host"];
          environments = {
            TZ = server.timeZone;
            PGID = toString server.mediaGroup.gid;
          };
          volumes = [
            "${dataDir}:/config"
            "${server.mediaDir}:${server.mediaDir}"
          ];
        };
        unitConfig.After = map (name: "${name}.service") cfg.dependsOn;
      };

      # Bazarr has no variable for its port, so it is written into its configuration.
      systemd.services.bazarr-port = {
        description = "Write the port of Bazarr into its configuration";
        before = ["bazarr.service"];
        requiredBy = ["bazarr.service"];
        serviceConfig.Type = "oneshot";
        script = ''
          sed -i 's/^  port: [0-9]*$/  port: ${toString cfg.port}/' ${dataDir}/config/config.yaml
        '';
      };
    })

    # --- Secrets -------------------------------------------------------------------------------
    (lib.mkIf cfg.enable {
      sops.secrets = lib.genAttrs [
        "server/bazarr/opensubtitles_user"
        "server/bazarr/opensubtitles_password"
      ] (_: {restartUnits = ["bazarr.service"];});
    })
  ];
}
