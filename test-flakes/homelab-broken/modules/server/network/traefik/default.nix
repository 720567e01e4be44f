{
  config,
  lib,
  ...
}: let
  cfg = config.qgroget.serviceModules.traefik;
in {
  qgroget.serviceModules.traefik = {
    enable = lib.mkDefault false;
    port = 8080;
    exposed = true;
    subdomain = "routes";
    type = "admin";
    persistedData = ["/var/lib/traefik"];
    backupDirectories = ["/var/lib/traefik"];
    dependsOn = ["authelia"];
  };

  services.traefik = lib.mkIf cfg.enable {
    enable = true;
    staticConfigOptions.entryPoints.traefik.address = "127.0.0.1:${toString cfg.port}";
  };
}
