# Authelia starts with its directory and its database.
{lib, ...}: {
  name = "authelia";

  nodes.machine.qgroget.serviceModules = lib.genAttrs ["authelia" "lldap" "postgresql"] (_: {enable = true;});

  testScript = {nodes, ...}: let
    port = toString nodes.machine.qgroget.serviceModules.authelia.port;
  in ''
    machine.wait_for_unit("authelia-main.service")
    machine.wait_for_open_port(${port})
    machine.succeed("curl --fail --silent http://127.0.0.1:${port}/api/health | grep OK")
    machine.succeed("sudo -u postgres psql authelia -tAc 'SELECT count(*) FROM migrations'")
  '';
}
