# Only the peer port of qBittorrent is open to others.
{
  name = "qbittorrent";

  nodes.machine = {lib, ...}: {
    qgroget.serviceModules.qbittorrent.enable = true;
    virtualisation.quadlet.containers.qbittorrent.autoStart = lib.mkForce false;
  };

  testScript = ''
    machine.wait_for_unit("multi-user.target")
    unit = machine.succeed("systemctl cat qbittorrent.service")
    assert "127.0.0.1:8080:8080" in unit, unit
    rules = machine.succeed("iptables-save")
    assert "--dport 51413" in rules, rules
    assert "--dport 8080" not in rules, rules
  '';
}
