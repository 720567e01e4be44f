# Nicotine+, a Soulseek client in a browser.
{
  config,
  lib,
  ...
}: let
  inherit (config.qgroget.server) containerDir mediaDir timeZone;

  cfg = config.qgroget.serviceModules.nicotine;
  dataDir = "${containerDir}/nicotine";
  listenPort = 2234;
in {
  config = lib.mkMerge [
    # --- Contract ------------------------------------------------------------------------------
    {
      qgroget.serviceModules.nicotine = {
        enable = lib.mkDefault false;
        description = "Soulseek";
        port = 6080;
        exposed = true;
        subdomain = "soulseek";
        type = "admin";
        persistedData = ["${dataDir}/config"];
        backupDirectories = ["${dataDir}/config"];
      };
    }

    # --- Implementation ------------------------------------------------------------------------
    (lib.mkIf cfg.enable {
      virtualisation.quadlet.containers.nicotine.containerConfig = {
        image = "ghcr.io/fletchto99/nicotine-plus-docker:latest";
        publishPorts = [
          "127.0.0.1:${toString cfg.port}:6080"
          "${toString listenPort}:2234"
        ];
        environments.TZ = timeZone;
        environmentFiles = [config.sops.secrets."server/nicotine/env".path];
        volumes = [
          "${dataDir}/config:/config"
          "${mediaDir}/music:/music:ro"
        ];
      };

      networking.firewall.allowedTCPPorts = [listenPort];
    })

    # --- Secrets -------------------------------------------------------------------------------
    (lib.mkIf cfg.enable {
      # LOGIN and PASSW of the Soulseek account.
      sops.secrets."server/nicotine/env" = {};
    })
  ];
}
