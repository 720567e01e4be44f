# A service of type `private` asks for a login; the login is Authelia's, and the person is LLDAP's.
{lib, ...}: {
  name = "sso";

  nodes = {
    server = {
      qgroget = {
        serviceModules =
          lib.genAttrs ["authelia" "lldap" "postgresql" "traefik"] (_: {enable = true;})
          // {
            file-server = {
              enable = true;
              type = lib.mkForce "private";
            };
            crowdsec.enable = false;
          };
        traefik.certResolver = "staging";
      };
      networking.firewall.allowedTCPPorts = [443];
    };

    client = {nodes, ...}: {
      networking.hosts.${nodes.server.networking.primaryIPAddress} = [
        "auth.test.example"
        "files.test.example"
      ];
    };
  };

  testScript = ''
    start_all()
    for unit in ["postgresql", "lldap", "authelia-main", "traefik", "file-server"]:
        server.wait_for_unit(f"{unit}.service")
    server.wait_for_open_port(443)
    client.wait_for_unit("network-online.target")

    with subtest("without a session there is only the login page"):
        location = client.wait_until_succeeds(
            "curl --insecure --silent --output /dev/null --write-out '%{redirect_url}' https://files.test.example/"
        )
        assert location.startswith("https://auth.test.example/"), location

    with subtest("with the account of the directory the service answers"):
        client.succeed(
            "curl --insecure --fail --silent --cookie-jar jar --header 'Content-Type: application/json' "
            "--data '{\"username\": \"admin\", \"password\": \"test\"}' https://auth.test.example/api/firstfactor"
        )
        client.succeed("curl --insecure --fail --silent --cookie jar https://files.test.example/")
  '';
}
