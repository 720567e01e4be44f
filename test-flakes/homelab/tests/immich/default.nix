# The databases of Immich exist and its container gets their connection. The image itself cannot be
# pulled here, so the container does not start.
{lib, ...}: {
  name = "immich";

  nodes.machine = {
    qgroget.serviceModules = {
      immich.enable = true;
      postgresql.enable = true;
    };
    virtualisation.quadlet.containers = lib.genAttrs ["immich" "immich-machine-learning"] (_: {
      autoStart = lib.mkForce false;
    });
  };

  testScript = {nodes, ...}: let
    connection = nodes.machine.qgroget.databaseConfig.immich.immich;
  in ''
    machine.wait_for_unit("postgresql.target")
    machine.wait_for_unit("redis-immich-cache.service")

    with subtest("role, password and ownership"):
        machine.succeed(
            "PGPASSWORD=test psql --host=${connection.host} --port=${toString connection.port} "
            "--username=${connection.user} ${connection.name} --command='CREATE TABLE t ()'"
        )

    with subtest("the container is told about them"):
        unit = machine.succeed("systemctl cat immich.service")
        assert "DB_HOSTNAME=${connection.host}" in unit, unit
        assert "DB_DATABASE_NAME=${connection.name}" in unit, unit
  '';
}
