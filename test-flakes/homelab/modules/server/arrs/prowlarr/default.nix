# Prowlarr, which knows the indexers of the other *arr programs.
{
  config,
  lib,
  ...
}:
with lib; let
  cfg = config.qgroget.serviceModules.prowlarr;
  mkArr = import ../../lib/mk-arr.nix {inherit config lib;};

  prowlarr = mkArr {
    name = "prowlarr";
    description = "Indexers";
    port = 9696;
    version = "2.1.5";
    # A few hundred rows: SQLite does.
    postgres = false;
    # It is what the others depend on.
    dependsOn = [];
  };
in {
  config = mkMerge [
    # --- Contract ------------------------------------------------------------------------------
    {qgroget.serviceModules.prowlarr = prowlarr.contract;}

    # --- Implementation ------------------------------------------------------------------------
    (mkIf cfg.enable prowlarr.implementation)

    # --- Secrets -------------------------------------------------------------------------------
    (mkIf cfg.enable {
      sops.secrets."server/prowlarr/api_key" = {
        restartUnits = cfg.units;
      };
    })
  ];
}
