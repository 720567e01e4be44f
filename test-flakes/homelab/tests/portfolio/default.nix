# The web site is on the domain itself: its router has no subdomain.
{
  name = "portfolio";

  nodes.machine = {lib, ...}: {
    qgroget.serviceModules.portfolio.enable = true;
    virtualisation.oci-containers.containers.portfolio.autoStart = lib.mkForce false;
  };

  testScript = {nodes, ...}: let
    inherit (nodes.machine.services.traefik.dynamicConfigOptions.http) routers;
  in ''
    machine.wait_for_unit("multi-user.target")
    machine.succeed("systemctl cat podman-portfolio.service")
    assert "${routers.portfolio.rule}" == "Host(`test.example`)"
  '';
}
