{
  config,
  lib,
  ...
}: let
  cfg = config.qgroget.serviceModules.nicotine;
in {
  qgroget.serviceModules.nicotine = {
    enable = lib.mkDefault false;
    port = 8080;
    exposed = true;
    subdomain = "soulseek";
    type = "admin";
    dependsOn = ["gluetun"];
  };

  virtualisation.quadlet.containers.nicotine.containerConfig = lib.mkIf cfg.enable {
    image = "ghcr.io/fletchto99/nicotine-plus-docker:latest";
    publishPorts = ["127.0.0.1:${toString cfg.port}:6080"];
  };
}
