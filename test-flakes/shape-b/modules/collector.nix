# Puts the contracts of all enabled services together.
{
  config,
  lib,
  ...
}:
with lib; let
  enabled = filterAttrs (_: s: s.enable) config.lab.serviceModules;
  exposed = filterAttrs (_: s: s.exposed) enabled;

  middlewares = {
    sso.forwardAuth.address = "http://127.0.0.1:9000/outpost.goauthentik.io/auth/traefik";
    local.ipAllowList.sourceRange = ["192.168.1.0/24"];
    ratelimit.rateLimit.average = 50;
  };

  chain = {
    public = ["ratelimit"];
    private = ["sso"];
    internal = ["local"];
  };

  host = s: concatStringsSep "." (filter (part: part != "") [s.subdomain s.domain]);

  postgres = concatMap (s: filter (db: db.type == "postgresql") s.databases) (attrValues enabled);
  names = map (db: db.name) postgres;

  ports = mapAttrsToList (_: s: s.port) enabled;
in {
  config = {
    environment.persistence."/persist".directories = mapAttrsToList (_: s: s.dataDir) enabled;

    lab.backups = mapAttrs (_: s: unique ([s.dataDir] ++ s.backupPaths)) enabled;

    services.traefik.dynamicConfigOptions.http = {
      inherit middlewares;
      routers =
        mapAttrs (name: s: {
          rule = "Host(`${host s}`)";
          service = name;
          middlewares = chain.${s.type} ++ s.middlewares;
        })
        exposed;
      services =
        mapAttrs (_: s: {
          loadBalancer.servers = [{url = "http://127.0.0.1:${toString s.port}";}];
        })
        exposed;
    };

    services.postgresql = mkIf (postgres != []) {
      enable = true;
      ensureDatabases = names;
      ensureUsers =
        map (db: {
          name = db.user;
          ensureDBOwnership = true;
        })
        postgres;
    };

    assertions =
      [
        {
          assertion = allUnique ports;
          message = "Two services have the same port";
        }
        {
          assertion = allUnique names;
          message = "Two services have the same database";
        }
      ]
      ++ concatLists (mapAttrsToList (name: s:
        map (other: {
          assertion = enabled ? ${other};
          message = "Service '${name}' depends on '${other}' which is not enabled";
        })
        s.dependsOn)
      enabled);
  };
}
