# Vaultwarden, the passwords of the family.
{
  config,
  lib,
  ...
}: let
  cfg = config.qgroget.serviceModules.vaultwarden;
  dataDir = "/var/lib/vaultwarden";
  host = "${cfg.subdomain}.${cfg.domain}";
in {
  config = lib.mkMerge [
    # --- Contract ------------------------------------------------------------------------------
    {
      qgroget.serviceModules.vaultwarden = {
        enable = lib.mkDefault false;
        description = "Passwords";
        port = 8222;
        exposed = true;
        subdomain = "vault";
        # The clients cannot log in to Authelia; the vault itself is encrypted.
        type = "public";
        middlewares = ["rate-limit" "noindex"];
        healthCheck.path = "/alive";
        persistedData = [
          {
            directory = dataDir;
            user = "vaultwarden";
            group = "vaultwarden";
            mode = "0700";
          }
        ];
        # Attachments and keys; the vault is in the database.
        backupDirectories = ["${dataDir}/attachments" "${dataDir}/sends" "${dataDir}/rsa_key.pem"];
        backupPriority = 1;
        dependsOn = ["postgresql"];
        databases = [
          {
            type = "postgresql";
            name = "vaultwarden";
            user = "vaultwarden";
          }
        ];
      };
    }

    # --- Implementation ------------------------------------------------------------------------
    (lib.mkIf cfg.enable {
      services.vaultwarden = {
        enable = true;
        # Connects over the socket of the local server, as the role of its own name.
        dbBackend = "postgresql";
        configurePostgres = true;
        config = {
          DOMAIN = "https://${host}";
          ROCKET_ADDRESS = "127.0.0.1";
          ROCKET_PORT = cfg.port;
          SIGNUPS_ALLOWED = false;
          INVITATIONS_ALLOWED = true;
          DATA_FOLDER = dataDir;
        };
        environmentFile = config.sops.templates."vaultwarden.env".path;
      };
    })

    # --- Secrets -------------------------------------------------------------------------------
    (lib.mkIf cfg.enable {
      sops.secrets."server/vaultwarden/admin_token" = {};
      sops.templates."vaultwarden.env" = {
        owner = "vaultwarden";
        content = ''
          ADMIN_TOKEN=${config.sops.placeholder."server/vaultwarden/admin_token"}
        '';
      };
    })
  ];
}
