# The port of Bazarr ends up in the file where Bazarr looks for it.
{lib, ...}: {
  name = "bazarr";

  nodes.machine = {
    qgroget.serviceModules =
      lib.genAttrs ["prowlarr" "sonarr" "radarr" "postgresql"] (_: {enable = true;})
      // {
        bazarr = {
          enable = true;
          port = lib.mkForce 6799;
        };
      };
    virtualisation.quadlet.containers = lib.genAttrs ["bazarr" "prowlarr" "radarr" "sonarr"] (_: {
      autoStart = lib.mkForce false;
    });
  };

  testScript = ''
    machine.wait_for_unit("multi-user.target")
    config = "/var/lib/containers/data/bazarr/config/config.yaml"
    machine.succeed(f"mkdir -p $(dirname {config}) && printf 'general:\\n  port: 6767\\n' > {config}")
    machine.succeed("systemctl start bazarr-port.service")
    machine.succeed(f"grep -x '  port: 6799' {config}")
  '';
}
