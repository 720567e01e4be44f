{
  config,
  lib,
  ...
}: let
  name = "miniflux";
  cfg = config.lab.serviceModules.${name};
in
  with lib; {
    config = mkMerge [
      {
        lab.serviceModules.${name} = {
          domain = "lab.example.net";
          subdomain = "news";
          dataDir = "/var/lib/${name}";
          port = 8081;
          exposed = true;
          middlewares = optional (cfg.type != "internal") "ratelimit";
          dependsOn = ["authentik"];
          databases = singleton {
            type = "postgresql";
            inherit name;
            user = name;
          };
        };
      }

      (mkIf cfg.enable {
        services.miniflux = {
          enable = true;
          createDatabaseLocally = false;
          config = {
            LISTEN_ADDR = "127.0.0.1:${toString cfg.port}";
            OAUTH2_PROVIDER = "oidc";
            BASE_URL = "https://${cfg.subdomain}.${cfg.domain}";
          };
        };
      })
    ];
  }
