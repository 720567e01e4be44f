# Files go in over HTTP, come out again and survive a reboot.
{
  name = "file-server";

  nodes.machine.qgroget.serviceModules = {
    crowdsec.enable = false;
    file-server.enable = true;
  };

  testScript = {nodes, ...}: let
    url = "http://127.0.0.1:${toString nodes.machine.qgroget.serviceModules.file-server.port}";
  in ''
    machine.wait_for_unit("file-server.service")
    machine.wait_until_succeeds("curl --fail --silent ${url}/")
    machine.succeed("curl --fail --silent --upload-file /etc/hostname ${url}/hostname && sync")
    machine.shutdown()
    machine.wait_for_unit("file-server.service")
    machine.wait_until_succeeds("curl --fail --silent ${url}/hostname | cmp - /etc/hostname")
  '';
}
