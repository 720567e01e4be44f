# Jellyseerr starts after Jellyfin and is not reachable from other machines.
{lib, ...}: {
  name = "jellyseerr";

  nodes = {
    server.qgroget.serviceModules = lib.genAttrs ["jellyfin" "jellyseerr"] (_: {enable = true;});
    client = {};
  };

  testScript = {nodes, ...}: let
    port = toString nodes.server.qgroget.serviceModules.jellyseerr.port;
  in ''
    start_all()
    server.wait_for_unit("jellyfin.service")
    server.wait_for_unit("jellyseerr.service")
    server.wait_for_open_port(${port})
    server.wait_until_succeeds("curl --fail --silent http://127.0.0.1:${port}/api/v1/status")
    client.wait_for_unit("network-online.target")
    client.fail("curl --fail --silent --max-time 5 http://server:${port}/api/v1/status")
  '';
}
