{
  config,
  lib,
  ...
}: let
  cfg = config.lab.serviceModules.uptime-kuma;
in {
  lab.serviceModules.uptime-kuma = {
    domain = "status.example.net";
    dataDir = "/var/lib/uptime-kuma";
    # The same as Forgejo's, which is why only one of them runs.
    port = 3000;
    exposed = true;
    type = "public";
  };

  services.uptime-kuma = lib.mkIf cfg.enable {
    enable = true;
    settings = {
      DATA_DIR = cfg.dataDir;
      PORT = toString cfg.port;
    };
  };
}
