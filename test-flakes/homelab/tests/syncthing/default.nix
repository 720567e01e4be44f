# Syncthing answers on the loopback only and knows its folders.
{
  name = "syncthing";

  nodes = {
    server.qgroget.serviceModules.syncthing.enable = true;
    client = {};
  };

  testScript = ''
    start_all()
    server.wait_for_unit("syncthing.service")
    server.wait_for_open_port(8384)
    server.succeed("curl --fail --silent http://127.0.0.1:8384/rest/noauth/health")
    client.fail("curl --fail --silent --max-time 5 http://server:8384/rest/noauth/health")
    server.wait_until_succeeds("grep --quiet keepass /var/lib/syncthing/.config/syncthing/config.xml")
  '';
}
