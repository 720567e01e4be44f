# PostgreSQL, the database server of the other services. Which databases and roles it holds is
# decided by their contracts; the collector adds them.
{
  config,
  lib,
  pkgs,
  ...
}: let
  cfg = config.qgroget.serviceModules.postgresql;
  dumps = "/var/backup/postgresql";
in {
  # --- Contract --------------------------------------------------------------------------------
  qgroget.serviceModules.postgresql = {
    enable = lib.mkDefault false;
    description = "Relational databases";
    type = "internal";
    port = 5432;
    persistedData = [
      {
        directory = "/var/lib/postgresql";
        user = "postgres";
        group = "postgres";
        mode = "0750";
      }
      dumps
    ];
    # The files of a running server are no backup; its dumps are.
    backupDirectories = [dumps];
    backupPriority = 10;
    units = [];
  };

  # --- Implementation --------------------------------------------------------------------------
  services.postgresql = lib.mkIf cfg.enable {
    enable = true;
    package = pkgs.postgresql_17;
    enableTCPIP = false;
    settings = {
      inherit (cfg) port;
      shared_buffers = "512MB";
      log_min_duration_statement = 1000;
    };
    extensions = ps: [ps.pgvector];
  };

  services.postgresqlBackup = lib.mkIf cfg.enable {
    enable = true;
    location = dumps;
    startAt = "*-*-* 02:15:00";
  };

  # --- Secrets ---------------------------------------------------------------------------------
  # None: roles authenticate over the socket, or with the password of their own service.
}
