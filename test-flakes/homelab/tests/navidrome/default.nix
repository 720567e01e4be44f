# Navidrome starts and answers, also on a port that the host chose.
{
  name = "navidrome";

  nodes = {
    standard.qgroget.serviceModules.navidrome.enable = true;

    moved = {lib, ...}: {
      qgroget.serviceModules.navidrome = {
        enable = true;
        port = lib.mkForce 4599;
      };
    };
  };

  testScript = ''
    start_all()
    for machine, port in [(standard, 4533), (moved, 4599)]:
        machine.wait_for_unit("navidrome.service")
        machine.wait_for_open_port(port)
        machine.succeed(f"curl --fail --silent http://127.0.0.1:{port}/ping")
  '';
}
