# Radarr, which keeps the films complete.
{
  config,
  lib,
  ...
}: let
  name = "radarr";
  cfg = config.qgroget.serviceModules.${name};
  secret = "server/${name}/db_password";

  radarr = import ../../lib/mk-arr.nix {inherit config lib;} {
    inherit name;
    port = 7878;
    version = "6.0.4";
    description = "Films";
    volumes = ["${config.qgroget.server.mediaDir}/films:/films"];
    # The covers come back by themselves.
    backupExclude = ["*/MediaCover/*"];
  };
in {
  # --- Contract --------------------------------------------------------------------------------
  config = lib.mkMerge [
    {qgroget.serviceModules.${name} = radarr.contract // {backupPriority = 200;};}

    # --- Implementation ------------------------------------------------------------------------
    (lib.mkIf cfg.enable radarr.implementation)

    # --- Secrets -------------------------------------------------------------------------------
    (lib.mkIf cfg.enable {
      sops = {
        secrets.${secret}.owner = "postgres";
        templates."${name}.env".content = ''
          RADARR__POSTGRES__PASSWORD=${config.sops.placeholder.${secret}}
        '';
      };
    })
  ];
}
