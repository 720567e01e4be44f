{
  config,
  lib,
  ...
}: let
  cfg = config.qgroget.serviceModules.portfolio;
in {
  config = lib.mkMerge [
    {
      qgroget.serviceModules.portfolio = {
        enable = lib.mkDefault false;
        port = 3000;
        exposed = true;
        subdomain = "";
        type = "public";
        middleware = ["compress"];
        persistedData = [];
        backupDirectories = [];
      };
    }

    (lib.mkIf cfg.enable {
      virtualisation.oci-containers.containers.portfolio = {
        image = "ghcr.io/example/portfolio:1.8.0";
        ports = ["127.0.0.1:${toString cfg.port}:3000"];
      };
    })
  ];
}
