# Jellyfin, the video server.
{
  config,
  lib,
  ...
}: let
  cfg = config.qgroget.serviceModules.jellyfin;
  inherit (config.services.jellyfin) dataDir;
in {
  config = lib.mkMerge [
    # --- Contract ----------------------------------------------------------------------------
    {
      qgroget.serviceModules.jellyfin = {
        enable = lib.mkDefault false;
        description = "Films and series";
        port = 8096;
        exposed = true;
        type = "public";
        # The apps on televisions cannot follow a login page, so Jellyfin does its own login.
        middlewares = ["rate-limit"];
        persistedData = [
          {
            directory = dataDir;
            user = "jellyfin";
            group = "jellyfin";
            mode = "0700";
          }
          "/var/cache/jellyfin"
        ];
        backupDirectories = ["${dataDir}/config" "${dataDir}/data"];
        backupExclude = ["*/transcodes/*"];
        healthCheck.path = "/health";
      };
    }

    # --- Implementation ----------------------------------------------------------------------
    (lib.mkIf cfg.enable {
      # Jellyfin reads its port from network.xml; 8096 is what it writes there on first start.
      services.jellyfin = {
        enable = true;
        openFirewall = false;
      };

      systemd.services.jellyfin.serviceConfig = {
        SupplementaryGroups = ["render" "video" config.qgroget.server.mediaGroup.name];
        ReadOnlyPaths = [config.qgroget.server.mediaDir];
        NoNewPrivileges = true;
        ProtectHome = true;
        PrivateTmp = true;
      };
    })

    # --- Secrets -----------------------------------------------------------------------------
    (lib.mkIf cfg.enable {
      sops.secrets."server/jellyfin/admin_password" = {
        owner = "jellyfin";
        restartUnits = ["jellyfin.service"];
      };
    })
  ];
}
