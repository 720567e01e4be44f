# LLDAP, the directory of the people of this homelab.
{
  config,
  lib,
  ...
}: let
  cfg = config.qgroget.serviceModules.lldap;
  ldapPort = 3890;

  # "example.org" -> "dc=example,dc=org"
  baseDn = lib.concatMapStringsSep "," (part: "dc=${part}") (lib.splitString "." cfg.domain);

  secretNames = ["admin_password" "env" "jwt_secret"];
  secretPath = name: config.sops.secrets."server/lldap/${name}".path;
in {
  config = lib.mkMerge [
    # --- Contract ------------------------------------------------------------------------------
    {
      qgroget.serviceModules.lldap = {
        enable = lib.mkDefault false;
        description = "People and groups";
        port = 17170;
        exposed = true;
        subdomain = "people";
        type = "admin";
        persistedData = [
          {
            directory = "/var/lib/private/lldap";
            mode = "0700";
          }
        ];
        # Everything is in the database, whose dumps are backed up by postgresql.
        backupDirectories = [];
        dependsOn = ["postgresql"];
        databases = [
          {
            type = "postgresql";
            name = "lldap";
            user = "lldap";
          }
        ];
        extraConfig = {inherit ldapPort baseDn;};
      };
    }

    # --- Implementation ------------------------------------------------------------------------
    (lib.mkIf cfg.enable {
      services.lldap = {
        enable = true;
        settings = {
          http_host = "127.0.0.1";
          http_port = cfg.port;
          http_url = "https://${cfg.subdomain}.${cfg.domain}";
          ldap_host = "127.0.0.1";
          ldap_port = ldapPort;
          ldap_base_dn = baseDn;
          ldap_user_email = config.qgroget.server.adminMail;
          ldap_user_pass_file = secretPath "admin_password";
          jwt_secret_file = secretPath "jwt_secret";
        };
        # LLDAP_DATABASE_URL and LLDAP_KEY_SEED.
        environmentFile = secretPath "env";
      };

      systemd.services.lldap = {
        after = ["postgresql.service"];
        requires = ["postgresql.service"];
      };
    })

    # --- Secrets -------------------------------------------------------------------------------
    (lib.mkIf cfg.enable {
      sops.secrets = lib.listToAttrs (map (name: {
          name = "server/lldap/${name}";
          value = {
            restartUnits = ["lldap.service"];
          };
        })
        secretNames);
    })
  ];
}
