# Jellyseerr, where the family asks for films and series.
{
  config,
  lib,
  ...
}:
with lib; let
  cfg = config.qgroget.serviceModules.jellyseerr;
  stateDir = "/var/lib/jellyseerr";
in {
  config = mkMerge [
    # --- Contract ------------------------------------------------------------------------------
    {
      qgroget.serviceModules.jellyseerr = {
        enable = mkDefault false;
        description = "Requests for films and series";
        port = 5055;
        exposed = true;
        subdomain = "requests";
        type = "public";
        middlewares = ["rate-limit" "compress"];
        dependsOn = ["jellyfin"];
        persistedData = [
          {
            directory = stateDir;
            user = "jellyseerr";
            group = "jellyseerr";
          }
        ];
        backupDirectories = [stateDir];
        healthCheck = {
          path = "/api/v1/status";
          interval = 2 * 60;
        };
      };
    }

    # --- Implementation ------------------------------------------------------------------------
    (mkIf cfg.enable {
      services.jellyseerr = {
        enable = true;
        inherit (cfg) port;
        configDir = stateDir;
      };

      users.users.jellyseerr = {
        isSystemUser = true;
        group = "jellyseerr";
      };
      users.groups.jellyseerr = {};

      systemd.services.jellyseerr = {
        after = ["jellyfin.service"];
        wants = ["jellyfin.service"];
        serviceConfig = {
          # A dynamic user cannot own a directory that survives the reboot.
          DynamicUser = mkForce false;
          User = "jellyseerr";
          Group = "jellyseerr";
        };
      };
    })

    # --- Secrets -------------------------------------------------------------------------------
    # None: people log in with their Jellyfin account.
  ];
}
