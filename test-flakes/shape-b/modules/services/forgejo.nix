{
  config,
  lib,
  ...
}: let
  cfg = config.lab.serviceModules.forgejo;

  defaults = {
    domain = "lab.example.net";
    exposed = true;
    type = "public";
  };
in {
  lab.serviceModules.forgejo =
    defaults
    // rec {
      subdomain = "git";
      dataDir = "/var/lib/forgejo";
      port = 3000;
      backupPaths = ["${dataDir}/dump"];
      databases = [
        {
          type = "postgresql";
          name = "forgejo";
          user = "forgejo";
          extraConfig.encoding = "UTF8";
        }
      ];
      extraConfig.repository = {
        DEFAULT_BRANCH = "main";
        ENABLE_PUSH_CREATE_USER = true;
      };
    };

  services.forgejo = lib.mkIf cfg.enable {
    enable = true;
    stateDir = cfg.dataDir;
    dump = {
      enable = true;
      backupDir = lib.head cfg.backupPaths;
    };
    settings =
      lib.recursiveUpdate {
        server = {
          DOMAIN = "${cfg.subdomain}.${cfg.domain}";
          HTTP_PORT = cfg.port;
        };
      }
      cfg.extraConfig;
  };
}
