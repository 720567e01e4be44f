# Navidrome, the music server.
{
  config,
  lib,
  pkgs,
  ...
}: let
  inherit (config.qgroget.server) mediaDir;

  cfg = config.qgroget.serviceModules.navidrome;
  dataDir = "/var/lib/navidrome";
  backupDir = "${dataDir}/backup";
in {
  config = lib.mkMerge [
    # --- Contract ------------------------------------------------------------------------------
    {
      qgroget.serviceModules.navidrome = {
        enable = lib.mkDefault false;
        description = "Music";
        package = pkgs.navidrome;
        port = 4533;
        exposed = true;
        subdomain = "music";
        # Subsonic clients bring their own login.
        type = "public";
        middlewares = ["rate-limit"];
        persistedData = [
          {
            directory = dataDir;
            user = "navidrome";
            group = "navidrome";
            mode = "0700";
          }
        ];
        backupDirectories = [backupDir];
        healthCheck.path = "/ping";
        extraConfig = {
          Backup = {
            Path = backupDir;
            Schedule = "0 2 * * *";
            Count = 7;
          };
          EnableSharing = true;
        };
      };
    }

    # --- Implementation ------------------------------------------------------------------------
    (lib.mkIf cfg.enable {
      services.navidrome = {
        enable = true;
        inherit (cfg) package;
        settings =
          {
            Address = "127.0.0.1";
            Port = cfg.port;
            DataFolder = dataDir;
            MusicFolder = "${mediaDir}/music";
          }
          // cfg.extraConfig;
        environmentFile = config.sops.templates."navidrome.env".path;
      };
    })

    # --- Secrets -------------------------------------------------------------------------------
    (lib.mkIf cfg.enable {
      sops.secrets."server/navidrome/encryption_key" = {};
      sops.templates."navidrome.env".content = ''
        ND_PASSWORDENCRYPTIONKEY=${config.sops.placeholder."server/navidrome/encryption_key"}
      '';
    })
  ];
}
