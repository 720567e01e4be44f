# Vaultwarden starts, answers, refuses strangers and keeps its attachments over a reboot.
{
  name = "vaultwarden";

  nodes.machine.qgroget.serviceModules = {
    postgresql.enable = true;
    vaultwarden.enable = true;
  };

  testScript = {nodes, ...}: let
    url = "http://127.0.0.1:${toString nodes.machine.qgroget.serviceModules.vaultwarden.port}";
  in ''
    machine.wait_for_unit("vaultwarden.service")
    machine.wait_until_succeeds("curl --fail --silent ${url}/alive")
    machine.fail("curl --fail --silent --data '{}' ${url}/api/accounts/register")

    machine.succeed("mkdir -p /var/lib/vaultwarden/attachments && touch /var/lib/vaultwarden/attachments/kept && sync")
    machine.shutdown()
    machine.wait_for_unit("vaultwarden.service")
    machine.succeed("test -e /var/lib/vaultwarden/attachments/kept")
  '';
}
