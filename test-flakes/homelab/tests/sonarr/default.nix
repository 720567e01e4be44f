# Sonarr owns its two databases, and its container is told about port and databases.
{lib, ...}: {
  name = "sonarr";

  nodes.machine = {
    qgroget.serviceModules = lib.genAttrs ["sonarr" "prowlarr" "postgresql"] (_: {enable = true;});
    virtualisation.quadlet.containers = lib.genAttrs ["sonarr" "prowlarr"] (_: {autoStart = lib.mkForce false;});
  };

  testScript = {nodes, ...}: let
    port = toString nodes.machine.qgroget.serviceModules.sonarr.port;
  in ''
    machine.wait_for_unit("postgresql.target")

    for database in ["sonarr_main", "sonarr_log"]:
        owner = machine.succeed(
            "sudo -u postgres psql -tAc \"SELECT pg_get_userbyid(datdba) FROM pg_database "
            f"WHERE datname = '{database}'\""
        ).strip()
        assert owner == "sonarr", owner

    unit = machine.succeed("systemctl cat sonarr.service")
    assert "SONARR__SERVER__PORT=${port}" in unit, unit
    assert "SONARR__POSTGRES__MAINDB=sonarr_main" in unit, unit
  '';
}
