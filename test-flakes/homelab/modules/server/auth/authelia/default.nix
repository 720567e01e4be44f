# Authelia, the login in front of everything of type `private` and `admin`.
{
  config,
  lib,
  ...
}: let
  inherit (config.qgroget.serviceModules) lldap;

  cfg = config.qgroget.serviceModules.authelia;
  databaseConfig = config.qgroget.databaseConfig.authelia.authelia;

  instance = "main";
  unit = "authelia-${instance}";
  stateDir = "/var/lib/${unit}";

  secret = name: config.sops.secrets."server/authelia/${name}".path;
in {
  config = lib.mkMerge [
    # --- Contract ------------------------------------------------------------------------------
    {
      qgroget.serviceModules.authelia = {
        enable = lib.mkDefault false;
        description = "Login";
        port = 9091;
        exposed = true;
        subdomain = "auth";
        type = "public";
        middlewares = ["rate-limit" "noindex"];
        units = ["${unit}.service"];
        persistedData = [
          {
            directory = stateDir;
            user = unit;
            group = unit;
            mode = "0700";
          }
        ];
        backupDirectories = [stateDir];
        dependsOn = ["lldap" "postgresql"];
        databases = lib.singleton {
          type = "postgresql";
          name = "authelia";
          user = "authelia";
        };
        healthCheck.path = "/api/health";
      };
    }

    # --- Implementation ------------------------------------------------------------------------
    (lib.mkIf cfg.enable {
      services.authelia.instances.${instance} = {
        enable = true;
        settings = {
          theme = "auto";
          server.address = "tcp://127.0.0.1:${toString cfg.port}/";
          log.format = "json";

          authentication_backend.ldap = {
            implementation = "lldap";
            address = "ldap://127.0.0.1:${toString lldap.extraConfig.ldapPort}";
            base_dn = lldap.extraConfig.baseDn;
            user = "uid=authelia,ou=people,${lldap.extraConfig.baseDn}";
          };

          access_control = {
            default_policy = "deny";
            rules = [
              {
                domain = "*.${cfg.domain}";
                policy = "one_factor";
              }
              {
                domain = map (service: "${service.subdomain}.${service.domain}") (
                  lib.filter (service: service.enable && service.type == "admin") (
                    lib.attrValues config.qgroget.serviceModules
                  )
                );
                policy = "two_factor";
                subject = "group:admin";
              }
            ];
          };

          session.cookies = [
            {
              inherit (cfg) domain;
              authelia_url = "https://${cfg.subdomain}.${cfg.domain}";
              inactivity = "1h";
              expiration = "1d";
            }
          ];

          storage.postgres = {
            address = "unix://${databaseConfig.socket}";
            database = databaseConfig.name;
            username = databaseConfig.user;
          };

          notifier.smtp = {
            address = "submission://mail.${cfg.domain}:587";
            sender = "Login <${config.qgroget.server.adminMail}>";
          };
        };

        secrets = {
          jwtSecretFile = secret "jwt_secret";
          sessionSecretFile = secret "session_secret";
          storageEncryptionKeyFile = secret "storage_key";
        };

        environmentVariables = {
          AUTHELIA_AUTHENTICATION_BACKEND_LDAP_PASSWORD_FILE = secret "ldap_password";
          AUTHELIA_NOTIFIER_SMTP_PASSWORD_FILE = secret "smtp_password";
        };
      };

      systemd.services.${unit} = rec {
        requires = ["postgresql.service" "lldap.service"];
        after = requires;
      };
    })

    # --- Secrets -------------------------------------------------------------------------------
    (lib.mkIf cfg.enable {
      sops.secrets = let
        owned = {
          owner = unit;
          restartUnits = ["${unit}.service"];
        };
      in {
        "server/authelia/jwt_secret" = owned;
        "server/authelia/session_secret" = owned;
        "server/authelia/storage_key" = owned;
        "server/authelia/ldap_password" = owned;
        "server/authelia/smtp_password" = owned;
      };
    })
  ];
}
