# The contract of a service: where it is reached, where its data lives, what it needs.
{lib, ...}:
with lib; let
  databaseModule = {
    options = {
      type = mkOption {
        type = types.enum ["postgresql" "redis" "mongodb"];
        description = "Kind of database";
      };
      name = mkOption {
        type = types.str;
        description = "Name of the database, unique among all services";
      };
      user = mkOption {
        type = types.str;
        description = "User of the database";
      };
      port = mkOption {
        type = types.nullOr types.port;
        default = null;
        description = "Port of the server, null for the usual one";
      };
      extraConfig = mkOption {
        type = types.attrs;
        default = {};
        description = "Settings of this database";
      };
    };
  };
in {
  options.lab = {
    serviceModules = mkOption {
      type = types.attrsOf (types.submodule {
        options = {
          # Required
          enable = mkOption {
            type = types.bool;
            description = "Whether the service runs";
          };
          domain = mkOption {
            type = types.str;
            description = "Domain of the service";
          };
          dataDir = mkOption {
            type = types.path;
            description = "Directory of all data of the service";
          };

          # Optional
          port = mkOption {
            type = types.ints.between 1024 65535;
            default = 8080;
            description = "Port the service listens on";
          };
          exposed = mkEnableOption "the route to the service";
          subdomain = mkOption {
            type = types.str;
            default = "";
            description = "Label before the domain; empty for the domain itself";
          };
          type = mkOption {
            type = types.enum ["public" "private" "internal"];
            default = "private";
            description = "Who may reach the service";
          };
          middlewares = mkOption {
            type = types.listOf types.str;
            default = [];
            description = "Middlewares of the route";
          };
          databases = mkOption {
            type = types.listOf (types.submodule databaseModule);
            default = [];
            description = "Databases of the service";
          };
          backupPaths = mkOption {
            type = types.listOf types.str;
            default = [];
            description = "What to back up besides the data directory";
          };
          dependsOn = mkOption {
            type = types.listOf types.str;
            default = [];
            description = "Services that have to run, too";
          };
          extraConfig = mkOption {
            type = types.attrsOf types.anything;
            default = {};
            description = "Settings of the service";
          };
        };
      });
      default = {};
      description = "Services by name";
    };

    backups = mkOption {
      type = types.attrsOf (types.listOf types.path);
      default = {};
      description = "Paths of every backup set";
    };
  };
}
