{
  config,
  lib,
  ...
}: let
  cfg = config.qgroget.serviceModules.sonarr;
  dataDir = "${config.qgroget.server.containerDir}/sonarr";
in {
  config = lib.mkMerge [
    {
      qgroget.serviceModules.sonarr = {
        enable = lib.mkDefault false;
        port = 8989;
        exposed = true;
        type = "admin";
        persistedData = [dataDir];
        backupDirectories = ["${dataDir}/Backups"];
        dependsOn = ["qbittorrent" "sonarr"];
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
      virtualisation.quadlet.containers.sonarr.containerConfig = {
        image = "lscr.io/linuxserver/sonarr:4.0.16";
        publishPorts = ["127.0.0.1:${toString cfg.port}:8989"];
        volumes = ["${dataDir}:/config"];
      };
    })
  ];
}
