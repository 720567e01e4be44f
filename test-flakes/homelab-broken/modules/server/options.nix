# The service contract.
#
# This file says what a service declares, and with which types. It aggregates nothing: that is
# the work of collector.nix. Three fields have no default and are checked by the module system
# or, where the module system is silent about them, by the collector:
#
#   enable              switch, set in hosts/<Host>/settings.nix
#   port                an undefined port stops the evaluation
#   persistedData       a list without definition would silently be empty
#   backupDirectories   likewise
{
  config,
  lib,
  ...
}: let
  inherit (lib) mkOption types;

  inherit (config.qgroget) server;

  # A directory that survives a reboot: its path, or its path with an owner.
  persistedDirectory = types.submodule {
    options = {
      directory = mkOption {
        type = types.str;
        description = "Directory to persist.";
      };
      user = mkOption {
        type = types.str;
        default = "root";
        description = "Owner of the directory.";
      };
      group = mkOption {
        type = types.str;
        default = "root";
        description = "Group of the directory.";
      };
      mode = mkOption {
        type = types.strMatching "[0-7]{4}";
        default = "0755";
        description = "Permissions of the directory, in octal.";
      };
    };
  };

  database = types.submodule {
    options = {
      type = mkOption {
        type = types.enum ["postgresql" "redis"];
        description = "Kind of database server.";
      };
      name = mkOption {
        type = types.strMatching "[a-z_][a-z0-9_-]*";
        description = "Name of the database. No other service may use it.";
      };
      user = mkOption {
        type = types.str;
        description = "Role that owns the database.";
      };
      extensions = mkOption {
        type = types.listOf types.str;
        default = [];
        description = "PostgreSQL extensions the service expects.";
      };
    };
  };

  healthCheck = types.submodule {
    options = {
      path = mkOption {
        type = types.str;
        default = "/";
        description = "HTTP path that answers with 2xx when the service is well.";
      };
      interval = mkOption {
        type = types.ints.positive;
        default = 30;
        description = "Seconds between two probes.";
      };
    };
  };

  connection = types.submodule {
    options = {
      type = mkOption {
        type = types.str;
        description = "Kind of database server.";
      };
      name = mkOption {
        type = types.str;
        description = "Name of the database.";
      };
      user = mkOption {
        type = types.str;
        description = "Role to connect as.";
      };
      host = mkOption {
        type = types.str;
        description = "Address of the server.";
      };
      port = mkOption {
        type = types.nullOr types.port;
        description = "TCP port of the server, null if it has none.";
      };
      socket = mkOption {
        type = types.path;
        description = "Unix socket, or the directory that holds it.";
      };
    };
  };

  service = types.submodule ({
    name,
    options,
    ...
  }: {
    options = {
      # --- required --------------------------------------------------------------------------

      enable = mkOption {
        type = types.bool;
        description = "Whether this service runs on the host.";
      };

      port = mkOption {
        type = types.port;
        description = "TCP port the service listens on. No two enabled services may share one.";
        example = 8096;
      };

      persistedData = mkOption {
        type = types.listOf (types.either types.str persistedDirectory);
        description = "Directories that survive a reboot; `[]` for a stateless service.";
        example = ["/var/lib/jellyfin"];
      };

      backupDirectories = mkOption {
        type = types.listOf types.str;
        description = "Directories that go into the backup; `[]` if nothing is worth keeping.";
        example = ["/var/lib/jellyfin/config"];
      };

      # --- routing ---------------------------------------------------------------------------

      exposed = mkOption {
        type = types.bool;
        default = false;
        description = "Whether Traefik routes to this service.";
      };

      subdomain = mkOption {
        type = types.str;
        default = name;
        defaultText = lib.literalMD "the name of the service";
        description = "Label before the domain. Empty: the domain itself.";
      };

      domain = mkOption {
        type = types.str;
        default = server.domain;
        defaultText = lib.literalExpression "config.qgroget.server.domain";
        description = "Domain of the service.";
      };

      type = mkOption {
        type = types.enum ["public" "private" "admin" "internal"];
        default = "private";
        description = ''
          Who may reach the service, which selects the first middlewares of its chain:
          everybody (`public`), users after login (`private`), administrators (`admin`) or the
          local network (`internal`).
        '';
      };

      middlewares = mkOption {
        type = types.listOf types.str;
        default = [];
        description = "Traefik middlewares, after those that `type` brings. `name@provider` names one of another provider.";
        example = ["rate-limit"];
      };

      healthCheck = mkOption {
        type = types.nullOr healthCheck;
        default = null;
        description = "How Traefik finds out that the service is well.";
      };

      # --- order, databases ------------------------------------------------------------------

      dependsOn = mkOption {
        type = types.listOf types.str;
        default = [];
        description = "Services that have to be enabled for this one to work.";
        example = ["postgresql"];
      };

      databases = mkOption {
        type = types.listOf database;
        default = [];
        description = "Databases the collector creates for this service.";
      };

      # --- backups ---------------------------------------------------------------------------

      backupExclude = mkOption {
        type = types.listOf types.str;
        default = [];
        description = "Patterns below the backup directories to leave out.";
      };

      backupPriority = mkOption {
        type = types.ints.between 1 1000;
        default = 100;
        description = "A backup with a lower number runs earlier.";
      };

      preBackup = mkOption {
        type = types.nullOr types.lines;
        default = null;
        description = "Commands to run before the backup, such as a database dump.";
      };

      units = mkOption {
        type = types.listOf types.str;
        default = ["${name}.service"];
        defaultText = lib.literalExpression ''["''${name}.service"]'';
        description = "Units that stop while the backup runs.";
      };

      # --- free ------------------------------------------------------------------------------

      description = mkOption {
        type = types.singleLineStr;
        default = "";
        description = "One line for people.";
      };

      package = mkOption {
        type = types.nullOr types.package;
        default = null;
        description = "Package to run instead of the one of nixpkgs.";
      };

      environment = mkOption {
        type = types.attrsOf (types.oneOf [types.str types.int types.bool]);
        default = {};
        description = "Environment variables, before the service turns them into text.";
      };

      extraConfig = mkOption {
        type = types.attrs;
        default = {};
        description = "Whatever else the module of the service understands.";
      };

      # --- internal --------------------------------------------------------------------------

      undeclared = mkOption {
        type = types.listOf types.str;
        internal = true;
        readOnly = true;
        default = lib.filter (field: !options.${field}.isDefined) ["persistedData" "backupDirectories"];
        description = "Required lists nobody defined. The collector turns them into errors.";
      };
    };
  });
in {
  options.qgroget = {
    serviceModules = mkOption {
      type = types.attrsOf service;
      default = {};
      description = "The services of this homelab and their contracts.";
    };

    traefik = {
      middlewares = mkOption {
        type = types.attrsOf (types.attrsOf types.anything);
        default = {};
        description = "Middlewares by name. A service may only name one that is here.";
      };

      certResolver = mkOption {
        type = types.enum ["production" "staging"];
        default = "production";
        description = "Which certificate authority signs the certificates.";
      };
    };

    backups = mkOption {
      type = types.attrsOf (types.submodule {
        options = {
          paths = mkOption {
            type = types.listOf types.str;
            description = "Directories of this backup set.";
          };
          exclude = mkOption {
            type = types.listOf types.str;
            default = [];
            description = "Patterns to leave out.";
          };
          preBackup = mkOption {
            type = types.nullOr types.lines;
            default = null;
            description = "Commands to run before the backup.";
          };
          systemdUnits = mkOption {
            type = types.listOf types.str;
            default = [];
            description = "Units that stop while the backup runs.";
          };
          priority = mkOption {
            type = types.int;
            default = 1000;
            description = "A backup with a lower number runs earlier.";
          };
        };
      });
      default = {};
      description = "Backup sets by name. The collector adds one per service with backup directories.";
    };

    databaseConfig = mkOption {
      type = types.attrsOf (types.attrsOf connection);
      readOnly = true;
      description = "How a service reaches its databases, as data: `databaseConfig.<service>.<database>`.";
    };
  };
}
