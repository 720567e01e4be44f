{
  config,
  lib,
  ...
}: let
  cfg = config.qgroget.serviceModules.obsidian;
  dataDir = "${config.qgroget.server.containerDir}/obsidian";
in {
  qgroget.serviceModules.obsidian = {
    enable = lib.mkDefault false;
    port = 5984;
    exposed = true;
    subdomain = "notes";
    type = "publik";
    persistedData = [dataDir];
    backupDirectories = [dataDir];
  };

  virtualisation.quadlet.containers.obsidian.containerConfig = lib.mkIf cfg.enable {
    image = "docker.io/library/couchdb:3.5.0";
    publishPorts = ["127.0.0.1:${toString cfg.port}:5984"];
    volumes = ["${dataDir}:/opt/couchdb/data"];
  };
}
