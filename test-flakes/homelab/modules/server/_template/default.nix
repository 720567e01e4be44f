# Template of a service module.
#
#   1. Copy this directory to modules/server/<category>/<service>/.
#   2. Replace `_template` by the name of the service, everywhere. It has to be the name of the
#      directory: contract, secrets and test use it.
#   3. Add the directory to modules/server/default.nix and switch the service on in
#      hosts/<Host>/settings.nix.
#   4. Write tests/<service>/default.nix and expose it in flake.nix as <service>Test.
#
# A module has three sections, in this order. The contract is always there, so that a service that
# is switched off can be checked as well; the other two only count while it is switched on.
{
  config,
  lib,
  ...
}: let
  # The contract as the host sees it, with defaults filled in and overrides applied. Use cfg.port
  # below, never the number itself: a host may override it.
  cfg = config.qgroget.serviceModules._template;

  # What is written more than once gets a name.
  dataDir = "/var/lib/_template";
in {
  config = lib.mkMerge [
    # --- Contract ------------------------------------------------------------------------------
    {
      qgroget.serviceModules._template = {
        # --- Required --------------------------------------------------------------------------

        # bool. Off here, switched on by a host. mkDefault lets the host simply say `true`.
        enable = lib.mkDefault false;

        # Port, 0 to 65535. No other enabled service of the host may have it.
        port = 8999;

        # List of directories that survive a reboot: a path, or a set of directory, user, group
        # and mode. A service without state says `[]`.
        persistedData = [
          {
            directory = dataDir;
            user = "root";
            group = "root";
            mode = "0750";
          }
        ];

        # List of paths that go into the backup. `[]` says that nothing is worth keeping.
        backupDirectories = ["${dataDir}/data"];

        # --- Optional: routing -----------------------------------------------------------------

        # bool, false. Whether Traefik routes to the service at all.
        exposed = false;

        # Text, the name of the service. "" puts the service on the domain itself.
        subdomain = "template";

        # Text, qgroget.server.domain.
        domain = config.qgroget.server.domain;

        # "public", "private", "admin" or "internal"; "private". Selects the first middlewares.
        type = "private";

        # List of names, []. Each has to be a middleware of collector.nix or one that a service
        # module adds to qgroget.traefik.middlewares; `name@provider` is not checked.
        middlewares = ["rate-limit"];

        # null or a set of path and interval in seconds, null.
        healthCheck = {
          path = "/health";
          interval = 30;
        };

        # --- Optional: dependencies and databases ----------------------------------------------

        # List of services, []. A host that runs this service has to run them, too.
        dependsOn = ["postgresql"];

        # List of databases, []. The collector creates them, and answers with host, port, name,
        # user and socket in config.qgroget.databaseConfig._template.<name>.
        databases = [
          {
            # "postgresql" or "redis".
            type = "postgresql";
            # Unique among all services.
            name = "template";
            # Equal to the name where possible: then the role owns the database.
            user = "template";
            # PostgreSQL extensions, [].
            extensions = [];
          }
        ];

        # --- Optional: backups -----------------------------------------------------------------

        # List of patterns to leave out, [].
        backupExclude = ["*.tmp"];

        # 1 to 1000, 100. Lower numbers run earlier.
        backupPriority = 100;

        # null or commands, null. They run before the backup.
        preBackup = ''
          echo "about to back up ${dataDir}"
        '';

        # List of units that stop meanwhile, ["<service>.service"].
        units = ["_template.service"];

        # --- Optional: the rest ----------------------------------------------------------------

        # One line, "".
        description = "A service that does nothing";

        # null or a package, null: the one of nixpkgs.
        package = null;

        # Environment variables, {}: text, number or bool.
        environment.LOG_LEVEL = "info";

        # Anything that the implementation below understands, {}.
        extraConfig = {};
      };
    }

    # --- Implementation ------------------------------------------------------------------------
    # A NixOS service, a unit of one's own or a container: the contract looks the same.
    (lib.mkIf cfg.enable {
      systemd.services._template = {
        inherit (cfg) description environment;
        wantedBy = ["multi-user.target"];
        after = ["network.target" "postgresql.service"];
        requires = ["postgresql.service"];
        script = ''
          echo "listening on ${toString cfg.port}"
        '';
        serviceConfig = {
          DynamicUser = true;
          LoadCredential = ["password:${config.sops.secrets."server/_template/password".path}"];
        };
      };
    })

    # --- Secrets -------------------------------------------------------------------------------
    # Named "server/<service>/<credential>" and present in secrets/secrets.yaml. A service without
    # secrets keeps the heading and says so.
    (lib.mkIf cfg.enable {
      sops.secrets."server/_template/password" = {
        restartUnits = ["_template.service"];
      };
    })
  ];
}
