# The collector.
#
# It reads the contracts of the enabled services and writes what the host needs: persistence,
# backups, routes, databases. It also proves what types cannot say: that ports and database names
# are unique, that dependencies are enabled, that middlewares exist.
{
  config,
  lib,
  ...
}: let
  inherit
    (lib)
    attrNames
    concatLists
    concatMap
    concatMapStringsSep
    concatStringsSep
    elem
    filter
    filterAttrs
    groupBy
    mapAttrs
    mapAttrsToList
    nameValuePair
    optional
    optionalAttrs
    unique
    ;

  cfg = config.qgroget;

  enabled = filterAttrs (_: service: service.enable) cfg.serviceModules;
  exposed = filterAttrs (_: service: service.exposed) enabled;
  backedUp = filterAttrs (_: service: service.backupDirectories != []) enabled;

  # ------------------------------------------------------------------------------------------
  # Routing
  # ------------------------------------------------------------------------------------------

  # The middlewares of this homelab. A service module may define more of them under
  # qgroget.traefik.middlewares, next to the service that needs them.
  predefinedMiddlewares = {
    authelia.forwardAuth = {
      address = "http://127.0.0.1:9091/api/authz/forward-auth";
      trustForwardHeader = true;
      authResponseHeaders = ["Remote-User" "Remote-Groups" "Remote-Name" "Remote-Email"];
    };
    chain-authelia.chain.middlewares = ["security-headers" "authelia"];
    rate-limit.rateLimit = {
      average = 100;
      burst = 200;
    };
    security-headers.headers = {
      stsSeconds = 31536000;
      stsIncludeSubdomains = true;
      contentTypeNosniff = true;
      frameDeny = true;
      referrerPolicy = "same-origin";
    };
    lan-only.ipAllowList.sourceRange = ["127.0.0.1/32"] ++ cfg.server.lanSubnets;
    compress.compress = {};
    noindex.headers.customResponseHeaders.X-Robots-Tag = "noindex, nofollow";
  };

  # What the type of a service puts in front of its own middlewares.
  typeToMiddlewares = {
    public = ["security-headers"];
    private = ["chain-authelia"];
    admin = ["lan-only" "chain-authelia" "rate-limit"];
    internal = ["lan-only"];
  };

  hostName = service:
    if service.subdomain == ""
    then service.domain
    else "${service.subdomain}.${service.domain}";

  # Router and service share one key, so a router always names a service that exists.
  mkRouter = name: service: {
    rule = "Host(`${hostName service}`)";
    service = name;
    entryPoints = ["websecure"];
    middlewares = unique (typeToMiddlewares.${service.type} ++ service.middlewares);
    tls.certResolver = cfg.traefik.certResolver;
  };

  mkBackend = _: service: {
    loadBalancer =
      {
        servers = [{url = "http://127.0.0.1:${toString service.port}";}];
      }
      // optionalAttrs (service.healthCheck != null) {
        healthCheck = {
          inherit (service.healthCheck) path;
          interval = "${toString service.healthCheck.interval}s";
        };
      };
  };

  # ------------------------------------------------------------------------------------------
  # Databases
  # ------------------------------------------------------------------------------------------

  # All databases of all enabled services, each with the service that declares it.
  allDatabases = concatLists (
    mapAttrsToList (
      service: contract: map (db: db // {inherit service;}) contract.databases
    )
    enabled
  );

  databasesOfType = type: filter (db: db.type == type) allDatabases;

  postgresDatabases = databasesOfType "postgresql";
  redisDatabases = databasesOfType "redis";

  # Those whose owner has another name than the database.
  foreignDatabases = filter (db: db.name != db.user) postgresDatabases;

  mkConnection = db:
    {
      inherit (db) type name user;
    }
    // {
      postgresql = {
        host = "127.0.0.1";
        port = cfg.serviceModules.postgresql.port or 5432;
        socket = "/run/postgresql";
      };
      redis = {
        host = "127.0.0.1";
        port = null;
        socket = "/run/redis-${db.name}/redis.sock";
      };
    }
    .${db.type};

  # ------------------------------------------------------------------------------------------
  # Validation
  # ------------------------------------------------------------------------------------------

  # { "8096" = ["jellyfin"]; … }
  claimants = groupBy (name: toString enabled.${name}.port) (attrNames enabled);

  usedPorts = mapAttrsToList (_: service: service.port) enabled;

  nextFreePort = port:
    if elem port usedPorts
    then nextFreePort (port + 1)
    else port;

  # Every further claimant of a port gets an error of its own, against the first one.
  portAssertions = concatLists (
    mapAttrsToList (
      port: names: let
        first = lib.head names;
      in
        map (other: {
          assertion = false;
          message = ''
            Port ${port} conflict between '${first}' and '${other}'
            Fix: qgroget.serviceModules.${other}.port = ${toString (nextFreePort (enabled.${other}.port))};
          '';
        }) (lib.tail names)
    )
    claimants
  );

  requiredAssertions = concatLists (
    mapAttrsToList (
      name: service:
        map (field: {
          assertion = false;
          message = ''
            Service '${name}' does not declare '${field}', which every enabled service has to
            Fix: qgroget.serviceModules.${name}.${field} = ["/var/lib/${name}"];
          '';
        })
        service.undeclared
    )
    enabled
  );

  dependencyAssertions = concatLists (
    mapAttrsToList (
      name: service:
        map (dependency: {
          assertion = enabled ? ${dependency} && dependency != name;
          message =
            if dependency == name
            then "Service '${name}' depends on itself"
            else ''
              Service '${name}' depends on '${dependency}' which is not enabled
              Fix: qgroget.serviceModules.${dependency}.enable = true;
            '';
        })
        service.dependsOn
    )
    enabled
  );

  # A service that depends on itself is reported above and must not hide a longer cycle.
  sorted = lib.toposort (before: after: before != after && elem before enabled.${after}.dependsOn) (attrNames enabled);

  cycleAssertions = optional (sorted ? cycle) {
    assertion = false;
    message = "Dependency cycle between services: ${concatStringsSep " -> " (sorted.cycle ++ sorted.loops)}";
  };

  databaseAssertions =
    mapAttrsToList (
      name: declarations: let
        services = map (db: "'${db.service}'") declarations;
      in {
        assertion = lib.length declarations == 1;
        message = ''
          Duplicate database name '${name}' declared by ${concatStringsSep " and " services}
          Fix: give each its own, such as ${concatMapStringsSep " and " (db: "'${db.service}_${name}'") declarations}
        '';
      }
    )
    (groupBy (db: db.name) allDatabases);

  knownMiddlewares = attrNames cfg.traefik.middlewares;

  middlewareAssertions = concatLists (
    mapAttrsToList (
      name: service:
        map (middleware: {
          # `name@provider` belongs to another Traefik provider, which is not known here.
          assertion = elem middleware knownMiddlewares || lib.hasInfix "@" middleware;
          message = ''
            Unknown middleware '${middleware}' in service '${name}'
            Valid middlewares: ${concatStringsSep ", " knownMiddlewares}
          '';
        })
        service.middlewares
    )
    enabled
  );
in {
  config = {
    assertions =
      requiredAssertions
      ++ portAssertions
      ++ dependencyAssertions
      ++ cycleAssertions
      ++ databaseAssertions
      ++ middlewareAssertions;

    # Persistence. mkAfter keeps the directories of the host itself in front.
    environment.persistence."/persist".directories = lib.mkAfter (
      unique (concatMap (service: service.persistedData) (lib.attrValues enabled))
    );

    # Backups: one set per service, and one restic job per set.
    qgroget.backups =
      mapAttrs (_: service: {
        inherit (service) preBackup;
        paths = service.backupDirectories;
        exclude = service.backupExclude;
        systemdUnits = service.units;
        priority = service.backupPriority;
      })
      backedUp;

    services.restic.backups =
      mapAttrs (name: set: {
        inherit (set) paths exclude;
        initialize = true;
        repository = "sftp:backup@nas.${cfg.server.domain}:/restic/${name}";
        # The secret itself is declared by the host.
        passwordFile = "/run/secrets/server/restic/password";
        backupPrepareCommand = set.preBackup;
        timerConfig = {
          OnCalendar = "03:00";
          RandomizedDelaySec = "${toString set.priority}s";
        };
      })
      cfg.backups;

    # Routing.
    qgroget.traefik.middlewares = predefinedMiddlewares;

    services.traefik.dynamicConfigOptions.http = {
      routers = mapAttrs mkRouter exposed;
      services = mapAttrs mkBackend exposed;
      inherit (cfg.traefik) middlewares;
    };

    # Databases. PostgreSQL's module only gives a database to the role of the same name; the others
    # change hands once the server is up.
    services.postgresql = lib.mkIf (postgresDatabases != []) {
      enable = true;
      ensureDatabases = map (db: db.name) postgresDatabases;
      ensureUsers =
        map (user: {
          name = user;
          ensureDBOwnership = lib.any (db: db.name == user && db.user == user) postgresDatabases;
        })
        (unique (map (db: db.user) postgresDatabases));
    };

    systemd.services.postgresql-setup = lib.mkIf (foreignDatabases != []) {
      script = lib.mkAfter (
        concatMapStringsSep "\n" (db: "psql -tAc 'ALTER DATABASE \"${db.name}\" OWNER TO \"${db.user}\"'") foreignDatabases
      );
    };

    services.redis.servers = lib.listToAttrs (
      map (db:
        nameValuePair db.name {
          enable = true;
          inherit (db) user;
          port = 0;
        })
      redisDatabases
    );

    qgroget.databaseConfig =
      mapAttrs (
        _: service:
          lib.listToAttrs (map (db: nameValuePair db.name (mkConnection db)) service.databases)
      )
      (filterAttrs (_: service: service.databases != []) enabled);
  };
}
