{
  config,
  lib,
  ...
}: let
  cfg = config.qgroget.serviceModules.radarr;
  dataDir = "${config.qgroget.server.containerDir}/radarr";
  ports = {
    web = 8989;
  };
in {
  config = lib.mkMerge [
    {
      qgroget.serviceModules.radarr = {
        enable = lib.mkDefault false;
        port = ports.web;
        exposed = true;
        type = "admin";
        persistedData = [dataDir];
        backupDirectories = ["${dataDir}/Backups"];
        dependsOn = ["qbittorrent"];
        databases = [
          {
            type = "postgresql";
            name = "arr_main";
            user = "arr";
          }
        ];
      };
    }

    (lib.mkIf cfg.enable {
      virtualisation.quadlet.containers.radarr.containerConfig = {
        image = "lscr.io/linuxserver/radarr:6.0.4";
        publishPorts = ["127.0.0.1:${toString cfg.port}:7878"];
        volumes = ["${dataDir}:/config"];
      };
    })
  ];
}
