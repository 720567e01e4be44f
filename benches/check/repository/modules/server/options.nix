# The service contract.
{
  config,
  lib,
  ...
}: let
  inherit (lib) mkOption types;

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
    };
  };

  service = types.submodule ({name, ...}: {
    options = {
      enable = mkOption {
        type = types.bool;
        description = "Whether this service runs on the host.";
      };

      port = mkOption {
        type = types.port;
        description = "TCP port the service listens on.";
        example = 8096;
      };

      persistedData = mkOption {
        type = types.listOf (types.either types.str persistedDirectory);
        description = "Directories that survive a reboot.";
        example = ["/var/lib/jellyfin"];
      };

      backupDirectories = mkOption {
        type = types.listOf types.str;
        description = "Directories that go into the backup.";
        example = ["/var/lib/jellyfin/config"];
      };

      exposed = mkOption {
        type = types.bool;
        default = false;
        description = "Whether Traefik routes to this service.";
      };

      subdomain = mkOption {
        type = types.str;
        default = name;
        description = "Label before the domain.";
      };

      domain = mkOption {
        type = types.str;
        default = config.qgroget.server.domain;
        description = "Domain of the service.";
      };

      type = mkOption {
        type = types.enum ["public" "private" "admin" "internal"];
        default = "private";
        description = "Who may reach the service.";
      };

      middlewares = mkOption {
        type = types.listOf types.str;
        default = [];
        description = "Traefik middlewares, after those that `type` brings.";
        example = ["rate-limit"];
      };

      databases = mkOption {
        type = types.listOf database;
        default = [];
        description = "Databases of this service.";
      };

      dependsOn = mkOption {
        type = types.listOf types.str;
        default = [];
        description = "Services that must be enabled too.";
        example = ["postgresql"];
      };

      backupPriority = mkOption {
        type = types.int;
        default = 1000;
        description = "A backup with a lower number runs earlier.";
      };

      units = mkOption {
        type = types.listOf types.str;
        default = ["${name}.service"];
        description = "Units that stop while the backup runs.";
      };

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
    };
  });
in {
  options.qgroget = {
    serviceModules = mkOption {
      type = types.attrsOf service;
      default = {};
      description = "The services of this homelab and their contracts.";
    };

    traefik.middlewares = mkOption {
      type = types.attrsOf (types.attrsOf types.anything);
      default = {};
      description = "Middlewares by name.";
    };

    backups = mkOption {
      type = types.attrsOf types.anything;
      default = {};
      description = "Backup sets by name.";
    };
  };
}
