# CrowdSec's API answers on the port that Traefik's middleware asks.
{lib, ...}: {
  name = "crowdsec";

  nodes.machine.qgroget.serviceModules =
    lib.genAttrs ["authelia" "crowdsec" "lldap" "postgresql" "traefik"] (_: {enable = true;});

  testScript = {nodes, ...}: let
    port = toString nodes.machine.qgroget.serviceModules.crowdsec.port;
  in ''
    machine.wait_for_unit("crowdsec.service")
    machine.wait_for_open_port(${port})
    machine.succeed("grep -r '127.0.0.1:${port}' $(systemctl cat traefik.service | grep -o '/nix/store/[^ ]*\\.toml')")
  '';
}
