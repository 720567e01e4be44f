{
  config,
  lib,
  pkgs,
  ...
}: let
  cfg = config.qgroget.serviceModules.file-server;
in {
  config = {
    qgroget.serviceModules.file-server = {
      enable = lib.mkDefault false;
      port = 8085;
      exposed = true;
      subdomain = "files";
      persistedData = ["/srv/files"];
      backupDirectories = ["/srv/files"];
    };
  };

  config = lib.mkIf cfg.enable {
    systemd.services.file-server = {
      wantedBy = ["multi-user.target"];
      script = "${lib.getExe pkgs.dufs} --port ${toString cfg.port} /srv/files";
    };
  };
}
