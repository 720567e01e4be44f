# Login of the others.
let
  domain = "lab.example.net";
in
  {config, ...}: {
    lab.serviceModules.authentik = {
      inherit domain;
      subdomain = "login";
      dataDir = "/var/lib/authentik";
      port = 9000;
      exposed = true;
      type = "public";
      databases = [
        {
          type = "postgresql";
          name = "authentik";
          user = "authentik";
        }
        {
          type = "redis";
          name = "authentik";
          user = "authentik";
          port = 6380;
        }
      ];
    };

    virtualisation.oci-containers.containers.authentik = {
      image = "ghcr.io/goauthentik/server:2025.10.3";
      cmd = ["server"];
      ports = let
        port = toString config.lab.serviceModules.authentik.port;
      in ["127.0.0.1:${port}:9000"];
    };
    systemd.services.podman-authentik.after = ["postgresql.service"];
  }
