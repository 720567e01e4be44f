# Reads the contracts of the enabled services and writes what the host needs.
{
  config,
  lib,
  ...
}: let
  inherit (lib) attrNames concatLists elem filter filterAttrs groupBy mapAttrs mapAttrsToList unique;

  cfg = config.qgroget;

  enabled = filterAttrs (_: service: service.enable) cfg.serviceModules;
  exposed = filterAttrs (_: service: service.exposed) enabled;
  backedUp = filterAttrs (_: service: service.backupDirectories != []) enabled;

  typeToMiddlewares = {
    public = ["security-headers"];
    private = ["chain-authelia"];
    admin = ["chain-authelia" "rate-limit"];
    internal = ["lan-only"];
  };

  mkRouter = name: service: {
    rule = "Host(`${service.subdomain}.${service.domain}`)";
    service = name;
    entryPoints = ["websecure"];
    middlewares = unique (typeToMiddlewares.${service.type} ++ service.middlewares);
  };

  mkBackend = _: service: {
    loadBalancer.servers = [{url = "http://127.0.0.1:${toString service.port}";}];
  };

  allDatabases = concatLists (
    mapAttrsToList (service: contract: map (db: db // {inherit service;}) contract.databases) enabled
  );

  # One assertion for every key that more than one member of `all` has.
  uniqueBy = what: key: all:
    mapAttrsToList (value: members: {
      assertion = lib.length members == 1;
      message = "${what} ${value} is claimed ${toString (lib.length members)} times";
    }) (groupBy key all);

  dependencyAssertions = concatLists (
    mapAttrsToList (
      name: service:
        map (dependency: {
          assertion = enabled ? ${dependency} && dependency != name;
          message = "Service '${name}' depends on '${dependency}' which is not enabled";
        })
        service.dependsOn
    )
    enabled
  );

  middlewareAssertions = concatLists (
    mapAttrsToList (
      name: service:
        map (middleware: {
          assertion = cfg.traefik.middlewares ? ${middleware};
          message = "Unknown middleware '${middleware}' in service '${name}'";
        })
        service.middlewares
    )
    enabled
  );
in {
  config = {
    assertions =
      uniqueBy "Port" (name: toString enabled.${name}.port) (attrNames enabled)
      ++ uniqueBy "Database" (db: db.name) allDatabases
      ++ dependencyAssertions
      ++ middlewareAssertions;

    environment.persistence."/persist".directories = lib.mkAfter (
      lib.concatMap (service: service.persistedData) (lib.attrValues enabled)
    );

    qgroget.backups =
      mapAttrs (_: service: {
        paths = service.backupDirectories;
        systemdUnits = service.units;
        priority = service.backupPriority;
      })
      backedUp;

    qgroget.traefik.middlewares = {
      authelia.forwardAuth.address = "http://127.0.0.1:9091/api/authz/forward-auth";
      chain-authelia.chain.middlewares = ["security-headers" "authelia"];
      rate-limit.rateLimit = {
        average = 100;
        burst = 200;
      };
      security-headers.headers = {
        stsSeconds = 31536000;
        contentTypeNosniff = true;
        frameDeny = true;
      };
      lan-only.ipAllowList.sourceRange = ["127.0.0.1/32" "192.168.0.0/16"];
      compress.compress = {};
      noindex.headers.customResponseHeaders.X-Robots-Tag = "noindex, nofollow";
    };

    services.traefik.dynamicConfigOptions.http = {
      routers = mapAttrs mkRouter exposed;
      services = mapAttrs mkBackend exposed;
      inherit (cfg.traefik) middlewares;
    };

    services.postgresql = {
      ensureDatabases = map (db: db.name) (filter (db: db.type == "postgresql") allDatabases);
      ensureUsers = map (name: {inherit name;}) (
        unique (map (db: db.user) (filter (db: elem db.type ["postgresql"]) allDatabases))
      );
    };
  };
}
