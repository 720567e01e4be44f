# Traefik routes by the contracts: an exposed service is reached by its name, one that is not
# exposed is not.
{lib, ...}: {
  name = "traefik";

  nodes.machine = {
    qgroget = {
      serviceModules =
        lib.genAttrs ["authelia" "jellyfin" "lldap" "postgresql" "traefik"] (_: {enable = true;})
        // {
          navidrome = {
            enable = true;
            exposed = lib.mkForce false;
          };
        };
      traefik.certResolver = "staging";
    };
  };

  testScript = ''
    machine.wait_for_unit("traefik.service")
    machine.wait_for_unit("jellyfin.service")
    machine.wait_for_open_port(443)

    def status(host):
        return machine.succeed(
            "curl --insecure --silent --output /dev/null --write-out '%{http_code}' "
            f"--connect-to {host}:443:127.0.0.1:443 https://{host}/health"
        )

    with subtest("exposed"):
        machine.wait_until_succeeds("curl --fail --silent http://127.0.0.1:8096/health")
        assert status("jellyfin.test.example") == "200"

    with subtest("not exposed"):
        assert status("music.test.example") == "404"

    with subtest("the middlewares of the type come first"):
        router = machine.succeed("curl --silent http://127.0.0.1:8080/api/http/routers/jellyfin@file")
        assert '["security-headers@file","rate-limit@file"]' in router, router
  '';
}
