# Sonarr, which keeps the series complete.
{
  config,
  lib,
  ...
}: let
  cfg = config.qgroget.serviceModules.sonarr;
  mkArr = import ../../lib/mk-arr.nix {inherit config lib;};

  sonarr = mkArr {
    name = "sonarr";
    description = "Series";
    port = 8989;
    version = "4.0.16";
    volumes = ["${config.qgroget.server.mediaDir}/series:/series"];
  };
in {
  # --- Contract --------------------------------------------------------------------------------
  config = lib.mkMerge [
    {qgroget.serviceModules.sonarr = sonarr.contract;}

    # --- Implementation ------------------------------------------------------------------------
    (lib.mkIf cfg.enable sonarr.implementation)

    # --- Secrets -------------------------------------------------------------------------------
    (lib.mkIf cfg.enable {
      sops.secrets."server/sonarr/db_password".owner = "postgres";
      sops.templates."sonarr.env".content = ''
        SONARR__POSTGRES__PASSWORD=${config.sops.placeholder."server/sonarr/db_password"}
      '';
    })
  ];
}
