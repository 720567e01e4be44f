# Prowlarr needs no database and no other service.
{
  name = "prowlarr";

  nodes.machine = {lib, ...}: {
    qgroget.serviceModules.prowlarr.enable = true;
    virtualisation.quadlet.containers.prowlarr.autoStart = lib.mkForce false;
  };

  testScript = ''
    machine.wait_for_unit("multi-user.target")
    unit = machine.succeed("systemctl cat prowlarr.service")
    assert "PROWLARR__SERVER__PORT=9696" in unit, unit
    assert "POSTGRES" not in unit, unit
    machine.fail("systemctl cat postgresql.service")
  '';
}
