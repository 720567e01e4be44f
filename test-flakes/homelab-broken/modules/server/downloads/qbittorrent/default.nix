{
  config,
  lib,
  ...
}: let
  cfg = config.qgroget.serviceModules.qbittorrent;
  dataDir = "${config.qgroget.server.containerDir}/qbittorrent";
  webPort = 8080;
in {
  qgroget.serviceModules.qbittorrent = {
    enable = lib.mkDefault false;
    port = webPort;
    exposed = true;
    subdomain = "torrents";
    type = "admin";
    persistedData = [dataDir];
    backupDirectories = ["${dataDir}/config"];
  };

  virtualisation.quadlet.containers.qbittorrent.containerConfig = lib.mkIf cfg.enable {
    image = "lscr.io/linuxserver/qbittorrent:5.1.2";
    publishPorts = ["127.0.0.1:${toString cfg.port}:${toString cfg.port}"];
    environments.WEBUI_PORT = toString cfg.port;
    volumes = ["${dataDir}/config:/config"];
  };
}
