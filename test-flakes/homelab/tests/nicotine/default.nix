# Nicotine+ gets its unit, its account and the music, read-only.
{
  name = "nicotine";

  nodes.machine = {lib, ...}: {
    qgroget.serviceModules.nicotine.enable = true;
    virtualisation.quadlet.containers.nicotine.autoStart = lib.mkForce false;
  };

  testScript = ''
    machine.wait_for_unit("multi-user.target")
    unit = machine.succeed("systemctl cat nicotine.service")
    assert "/mnt/data/media/music:/music:ro" in unit, unit
    assert "/etc/test-secrets/server/nicotine/env" in unit, unit
  '';
}
