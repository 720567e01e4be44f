# The programs of the *arr family only differ in name, port and a few words. This builds the two
# halves of such a service, so that its module keeps the three sections of every other module:
#
#   contract         what goes into qgroget.serviceModules.<name>
#   implementation   the container, and the password of its database role
{
  config,
  lib,
}: {
  name,
  port,
  version,
  # Whether it keeps its library in PostgreSQL. Each program wants one database for the library
  # and one for its log.
  postgres ? true,
  # Directories of the host, besides its own, that the container sees.
  volumes ? [],
  ...
} @ arguments: let
  inherit (config.qgroget) server;

  cfg = config.qgroget.serviceModules.${name};
  databaseConfig = config.qgroget.databaseConfig.${name};
  setRolePassword = import ./set-role-password.nix {inherit config lib;};

  secret = "server/${name}/db_password";
  dataDir = "${server.containerDir}/${name}";
  variable = suffix: "${lib.toUpper name}__${suffix}";
in {
  contract =
    {
      inherit port;
      enable = lib.mkDefault false;
      exposed = true;
      type = "admin";
      middlewares = ["compress"];
      persistedData = [dataDir];
      backupDirectories = ["${dataDir}/Backups"];
      healthCheck.path = "/ping";
      dependsOn = ["prowlarr"] ++ lib.optional postgres "postgresql";
      databases = lib.optionals postgres (
        map (part: {
          type = "postgresql";
          name = "${name}_${part}";
          user = name;
        }) ["main" "log"]
      );
    }
    // removeAttrs arguments ["name" "port" "version" "postgres" "volumes"];

  implementation = {
    virtualisation.quadlet.containers.${name} = {
      containerConfig = {
        image = "lscr.io/linuxserver/${name}:${version}";
        networks = ["host"];
        volumes = ["${dataDir}:/config"] ++ volumes;
        environments =
          {
            TZ = server.timeZone;
            PGID = toString server.mediaGroup.gid;
            ${variable "SERVER__PORT"} = toString cfg.port;
            # Traefik asks Authelia first.
            ${variable "AUTH__METHOD"} = "External";
          }
          // lib.optionalAttrs postgres (
            let
              main = databaseConfig."${name}_main";
              log = databaseConfig."${name}_log";
            in {
              ${variable "POSTGRES__HOST"} = main.host;
              ${variable "POSTGRES__PORT"} = toString main.port;
              ${variable "POSTGRES__USER"} = main.user;
              ${variable "POSTGRES__MAINDB"} = main.name;
              ${variable "POSTGRES__LOGDB"} = log.name;
            }
          );
        environmentFiles = lib.optional postgres config.sops.templates."${name}.env".path;
      };
      unitConfig = lib.optionalAttrs postgres {
        Requires = ["postgresql.service"];
        After = ["postgresql.service"];
      };
    };

    systemd.services = lib.optionalAttrs postgres {
      postgresql-setup = setRolePassword {
        inherit secret;
        role = name;
      };
    };
  };
}
