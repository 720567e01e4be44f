{
  config,
  lib,
  ...
}: let
  cfg = config.qgroget.serviceModules.immich;
  dataDir = "${config.qgroget.server.containerDir}/immich";
in {
  qgroget.serviceModules.immich = {
    enable = lib.mkDefault false;
    port = 2283;
    exposed = true;
    subdomain = "photos";
    backupDirectories = ["${dataDir}/upload"];
    dependsOn = ["postgresql"];
    databases = [
      {
        type = "postgresql";
        name = "immich";
        user = "immich";
      }
    ];
  };

  virtualisation.quadlet.containers.immich.containerConfig = lib.mkIf cfg.enable {
    image = "ghcr.io/immich-app/immich-server:v2.3.1";
    publishPorts = ["127.0.0.1:${toString cfg.port}:2283"];
    volumes = ["${dataDir}/upload:/data"];
  };
}
