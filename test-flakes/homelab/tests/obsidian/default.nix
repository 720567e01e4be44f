# The container of the notes gets its account.
{
  name = "obsidian";

  nodes.machine = {lib, ...}: {
    qgroget.serviceModules.obsidian.enable = true;
    virtualisation.quadlet.containers.obsidian.autoStart = lib.mkForce false;
  };

  testScript = ''
    machine.wait_for_unit("multi-user.target")
    unit = machine.succeed("systemctl cat obsidian.service")
    assert "127.0.0.1:5984:5984" in unit, unit
    machine.succeed("grep -x COUCHDB_USER=test /etc/test-templates/obsidian.env")
  '';
}
