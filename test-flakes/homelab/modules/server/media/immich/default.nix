# Immich, the photo library: a container that uses the PostgreSQL and Redis of the host.
{
  config,
  lib,
  ...
}: let
  cfg = config.qgroget.serviceModules.immich;
  databaseConfig = config.qgroget.databaseConfig.immich;

  setRolePassword = import ../../lib/set-role-password.nix {inherit config lib;};

  database = "immich";
  cache = "immich-cache";

  dataDir = "${config.qgroget.server.containerDir}/immich";
  uploadDir = "${dataDir}/upload";

  version = "v2.3.1";
in {
  # --- Contract --------------------------------------------------------------------------------
  config.qgroget = {
    serviceModules.immich = {
      enable = lib.mkDefault false;
      description = "Photos and videos of the family";
      port = 2283;

      exposed = true;
      subdomain = "photos";
      type = "public";
      middlewares = ["large-uploads" "rate-limit"];
      healthCheck = {
        path = "/api/server/ping";
        interval = 60;
      };

      persistedData = [
        {
          directory = dataDir;
          user = "immich";
          mode = "0750";
        }
      ];
      backupDirectories = [uploadDir "${dataDir}/profile"];
      backupExclude = ["${uploadDir}/thumbs" "${uploadDir}/encoded-video"];
      backupPriority = 50;
      preBackup = ''
        runuser -u postgres -- pg_dump --format=custom ${database} > ${dataDir}/profile/immich.dump
      '';

      dependsOn = ["postgresql"];
      databases = [
        {
          type = "postgresql";
          name = database;
          user = "immich";
          extensions = ["vectors" "cube" "earthdistance"];
        }
        {
          type = "redis";
          name = cache;
          user = "immich";
        }
      ];
    };

    traefik.middlewares.large-uploads.buffering = {
      maxRequestBodyBytes = 5 * 1000 * 1000 * 1000;
      retryExpression = "IsNetworkError() && Attempts() < 2";
    };
  };

  # --- Implementation --------------------------------------------------------------------------
  config.virtualisation.quadlet.containers = lib.mkIf cfg.enable {
    immich = {
      containerConfig = {
        image = "ghcr.io/immich-app/immich-server:${version}";
        # The container reaches the databases through the network of the host.
        networks = ["host"];
        volumes = [
          "${uploadDir}:/data"
          "${databaseConfig.${cache}.socket}:/run/redis.sock"
          "/etc/localtime:/etc/localtime:ro"
        ];
        environments = {
          TZ = config.qgroget.server.timeZone;
          IMMICH_HOST = "127.0.0.1";
          IMMICH_PORT = toString cfg.port;
          DB_HOSTNAME = databaseConfig.${database}.host;
          DB_PORT = toString databaseConfig.${database}.port;
          DB_DATABASE_NAME = databaseConfig.${database}.name;
          DB_USERNAME = databaseConfig.${database}.user;
          REDIS_SOCKET = "/run/redis.sock";
        };
        environmentFiles = [config.sops.templates."immich.env".path];
      };
      unitConfig = rec {
        Requires = ["postgresql.service" "redis-${cache}.service"];
        After = Requires;
      };
      serviceConfig.Restart = "on-failure";
    };

    immich-machine-learning.containerConfig = {
      image = "ghcr.io/immich-app/immich-machine-learning:${version}";
      publishPorts = ["127.0.0.1:3003:3003"];
      volumes = ["${dataDir}/models:/cache"];
    };
  };

  config.systemd.services.postgresql-setup = lib.mkIf cfg.enable (setRolePassword {
    role = databaseConfig.${database}.user;
    secret = "server/immich/db_password";
  });

  config.users = lib.mkIf cfg.enable {
    users.immich = {
      isSystemUser = true;
      group = "immich";
    };
    groups.immich = {};
  };

  # --- Secrets ---------------------------------------------------------------------------------
  config.sops = lib.mkIf cfg.enable {
    secrets."server/immich/db_password".owner = "postgres";
    templates."immich.env".content = ''
      DB_PASSWORD=${config.sops.placeholder."server/immich/db_password"}
    '';
  };
}
