{
  config,
  lib,
  ...
}: let
  cfg = config.qgroget.serviceModules.postgresql;
in {
  qgroget.serviceModules.postgresql = {
    enable = lib.mkDefault false;
    port = 5432;
    type = "internal";
    persistedData = ["/var/lib/postgresql"];
    backupDirectories = ["/var/backup/postgresql"];
  };

  services.postgresqlBackup.enable = lib.mkIf cfg.enable true;
}
