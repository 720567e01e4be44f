# Radarr owns its two databases, and its container is told about port and databases.
{lib, ...}: {
  name = "radarr";

  nodes.machine = {
    qgroget.serviceModules = lib.genAttrs ["radarr" "prowlarr" "postgresql"] (_: {enable = true;});
    virtualisation.quadlet.containers = lib.genAttrs ["radarr" "prowlarr"] (_: {autoStart = lib.mkForce false;});
  };

  testScript = {nodes, ...}: let
    port = toString nodes.machine.qgroget.serviceModules.radarr.port;
  in ''
    machine.wait_for_unit("postgresql.target")

    for database in ["radarr_main", "radarr_log"]:
        owner = machine.succeed(
            "sudo -u postgres psql -tAc \"SELECT pg_get_userbyid(datdba) FROM pg_database "
            f"WHERE datname = '{database}'\""
        ).strip()
        assert owner == "radarr", owner

    unit = machine.succeed("systemctl cat radarr.service")
    assert "RADARR__SERVER__PORT=${port}" in unit, unit
    assert "RADARR__POSTGRES__MAINDB=radarr_main" in unit, unit
  '';
}
