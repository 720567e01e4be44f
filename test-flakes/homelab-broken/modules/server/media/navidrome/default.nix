{
  config,
  lib,
  ...
}: let
  cfg = config.qgroget.serviceModules.navidrome;
in {
  qgroget.serviceModules.navidrome = {
    enable = lib.mkDefault false;
    port = "4533";
    exposed = true;
    subdomain = "music";
    type = "public";
    persistedData = ["/var/lib/navidrome"];
    backupDirectories = ["/var/lib/navidrome/backup"];
  };

  services.navidrome = lib.mkIf cfg.enable {
    enable = true;
    settings.Port = cfg.port;
  };
}
