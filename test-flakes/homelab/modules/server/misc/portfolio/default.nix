# The public web site, on the domain itself.
{
  config,
  lib,
  ...
}: let
  cfg = config.qgroget.serviceModules.portfolio;
in {
  config = lib.mkMerge [
    # --- Contract ------------------------------------------------------------------------------
    {
      qgroget.serviceModules.portfolio = {
        enable = lib.mkDefault false;
        description = "Web site";
        port = 3000;
        exposed = true;
        # Nothing in front of the domain.
        subdomain = "";
        type = "public";
        # `maintenance` is switched by hand, in a file on the server.
        middlewares = ["compress" "maintenance@file"];
        # Built from a repository: nothing to keep.
        persistedData = [];
        backupDirectories = [];
        units = ["podman-portfolio.service"];
      };
    }

    # --- Implementation ------------------------------------------------------------------------
    (lib.mkIf cfg.enable {
      virtualisation.oci-containers = {
        backend = "podman";
        containers.portfolio = {
          image = "ghcr.io/example/portfolio:1.8.0";
          ports = ["127.0.0.1:${toString cfg.port}:3000"];
          environment = {
            NODE_ENV = "production";
            ORIGIN = "https://${cfg.domain}";
          };
          extraOptions = ["--read-only" "--tmpfs=/tmp"];
        };
      };
    })

    # --- Secrets -------------------------------------------------------------------------------
    # None.
  ];
}
