# PostgreSQL holds what the contracts of enabled services ask for, and nothing of the others.
{lib, ...}: {
  name = "postgresql";

  nodes.machine.qgroget.serviceModules =
    lib.genAttrs ["lldap" "postgresql" "vaultwarden"] (_: {enable = true;});

  testScript = ''
    machine.wait_for_unit("postgresql.target")
    databases = machine.succeed("sudo -u postgres psql -tAc 'SELECT datname FROM pg_database'").split()
    assert {"lldap", "vaultwarden"} <= set(databases), databases
    assert "immich" not in databases, databases

    with subtest("dumps"):
        machine.succeed("systemctl start postgresqlBackup.service")
        machine.succeed("test -s /var/backup/postgresql/all.sql.gz")
  '';
}
