{
  config,
  lib,
  ...
}: let
  cfg = config.qgroget.serviceModules.authelia;
  stateDir = "/var/lib/authelia-main";
in {
  qgroget.serviceModules.authelia = {
    enable = lib.mkDefault false;
    port = 9091;
    exposed = true;
    subdomain = "auth";
    type = "public";
    persistedData = [stateDir];
    backupDirectories = [stateDir];
    dependsOn = ["traefik"];
  };

  services.authelia.instances.main = lib.mkIf cfg.enable {
    enable = true;
    settings.server.address = "tcp://127.0.0.1:${toString cfg.port}/";
  };
}
