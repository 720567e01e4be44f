# Jellyfin starts, answers on its port and keeps its data over a reboot.
{
  name = "jellyfin";

  nodes.machine.qgroget.serviceModules.jellyfin.enable = true;

  testScript = {nodes, ...}: let
    contract = nodes.machine.qgroget.serviceModules.jellyfin;
    port = toString contract.port;
  in ''
    machine.wait_for_unit("jellyfin.service")
    machine.wait_for_open_port(${port})
    machine.wait_until_succeeds("curl --fail --silent http://127.0.0.1:${port}${contract.healthCheck.path}")
    machine.fail("journalctl --unit jellyfin.service --priority crit --grep .")

    with subtest("its data survives a reboot"):
        machine.succeed("touch /var/lib/jellyfin/kept && sync")
        machine.shutdown()
        machine.wait_for_unit("jellyfin.service")
        machine.succeed("test -e /var/lib/jellyfin/kept")
        machine.succeed("test -e /persist/var/lib/jellyfin/kept")
  '';
}
