# The collector, by evaluation alone.
#
#   nix-instantiate --eval --strict --json tests/collector/eval-test.nix \
#     --arg lib 'import <nixpkgs/lib>'
#
# answers with the list of failures. With pkgs it is a derivation for the checks of the flake.
{
  lib,
  pkgs ? null,
}: let
  # The parts of NixOS that the collector writes are free-form here.
  nixos = {
    config._module.freeformType = lib.types.lazyAttrsOf lib.types.anything;
    options.assertions = lib.mkOption {
      type = lib.types.listOf lib.types.unspecified;
      default = [];
    };
  };

  evaluate = serviceModules:
    (lib.evalModules {
      modules = [
        nixos
        ../../settings.nix
        ../../modules/server/options.nix
        ../../modules/server/collector.nix
        {qgroget = {inherit serviceModules;};}
      ];
    })
    .config;

  # A service that fulfils the contract; the tests vary it.
  service = port: {
    inherit port;
    enable = true;
    persistedData = [];
    backupDirectories = [];
  };

  exposed = port: service port // {exposed = true;};

  database = name: {
    inherit name;
    type = "postgresql";
    user = name;
  };

  persisted = services: (evaluate services).environment.persistence."/persist".directories;
  http = services: (evaluate services).services.traefik.dynamicConfigOptions.http;
  postgresql = services: (evaluate services).services.postgresql;

  # The messages of all assertions that do not hold, without the final newline.
  errors = services:
    map (failed: lib.removeSuffix "\n" failed.message) (
      lib.filter (assertion: !assertion.assertion) (evaluate services).assertions
    );

  failures = lib.runTests {
    # --- Persistence ---------------------------------------------------------------------------

    testPersistenceIsCollected = {
      expr = persisted {
        a = service 1 // {persistedData = ["/var/lib/a" "/var/cache/a"];};
        b = service 2 // {persistedData = [{directory = "/var/lib/b";}];};
      };
      expected = [
        "/var/lib/a"
        "/var/cache/a"
        {
          directory = "/var/lib/b";
          user = "root";
          group = "root";
          mode = "0755";
        }
      ];
    };

    testPersistenceOfDisabledServicesIsNot = {
      expr = persisted {
        a =
          service 1
          // {
            enable = false;
            persistedData = ["/var/lib/a"];
          };
      };
      expected = [];
    };

    testSharedDirectoryIsPersistedOnce = {
      expr = persisted {
        a = service 1 // {persistedData = ["/srv"];};
        b = service 2 // {persistedData = ["/srv"];};
      };
      expected = ["/srv"];
    };

    # --- Backups -------------------------------------------------------------------------------

    testBackupsAreCollected = {
      expr =
        (evaluate {
          a =
            service 1
            // {
              backupDirectories = ["/var/lib/a"];
              backupPriority = 7;
            };
          b = service 2;
        })
        .qgroget
        .backups;
      expected.a = {
        paths = ["/var/lib/a"];
        exclude = [];
        preBackup = null;
        systemdUnits = ["a.service"];
        priority = 7;
      };
    };

    testBackupsBecomeResticJobs = {
      expr = lib.mapAttrs (_: job: job.paths) (evaluate {
        a = service 1 // {backupDirectories = ["/var/lib/a"];};
      }).services.restic.backups;
      expected.a = ["/var/lib/a"];
    };

    # --- Routes --------------------------------------------------------------------------------

    testRouterNamesItsService = let
      generated = http {a = exposed 1;};
    in {
      expr = {
        inherit (generated.routers.a) rule service;
        known = generated.services ? ${generated.routers.a.service};
      };
      expected = {
        rule = "Host(`a.example.org`)";
        service = "a";
        known = true;
      };
    };

    testBackend = {
      expr =
        (http {
          a = exposed 1234 // {healthCheck.path = "/ping";};
        })
        .services;
      expected.a.loadBalancer = {
        servers = [{url = "http://127.0.0.1:1234";}];
        healthCheck = {
          path = "/ping";
          interval = "30s";
        };
      };
    };

    testEmptySubdomainIsTheDomain = {
      expr =
        (http {
          a = exposed 1 // {subdomain = "";};
        })
        .routers
        .a
        .rule;
      expected = "Host(`example.org`)";
    };

    testOwnDomain = {
      expr =
        (http {
          a =
            exposed 1
            // {
              subdomain = "www";
              domain = "example.net";
            };
        })
        .routers
        .a
        .rule;
      expected = "Host(`www.example.net`)";
    };

    testUnexposedServicesHaveNoRoute = {
      expr = {inherit (http {a = service 1;}) routers services;};
      expected = {
        routers = {};
        services = {};
      };
    };

    testTypeSelectsMiddlewares = {
      expr = lib.mapAttrs (_: router: router.middlewares) (http {
        public = exposed 1 // {type = "public";};
        private = exposed 2;
        admin = exposed 3 // {type = "admin";};
        internal = exposed 4 // {type = "internal";};
      }).routers;
      expected = {
        public = ["security-headers"];
        private = ["chain-authelia"];
        admin = ["lan-only" "chain-authelia" "rate-limit"];
        internal = ["lan-only"];
      };
    };

    testOwnMiddlewaresComeLastAndOnce = {
      expr =
        (http {
          a =
            exposed 1
            // {
              type = "admin";
              middlewares = ["compress" "rate-limit"];
            };
        })
        .routers
        .a
        .middlewares;
      expected = ["lan-only" "chain-authelia" "rate-limit" "compress"];
    };

    # --- Databases -----------------------------------------------------------------------------

    testDatabasesAreCreated = {
      expr = postgresql {
        a = service 1 // {databases = [(database "a")];};
        b = service 2 // {databases = [(database "b")];};
      };
      expected = {
        enable = true;
        ensureDatabases = ["a" "b"];
        ensureUsers = [
          {
            name = "a";
            ensureDBOwnership = true;
          }
          {
            name = "b";
            ensureDBOwnership = true;
          }
        ];
      };
    };

    testRoleOfTwoDatabasesIsCreatedOnce = {
      expr =
        (postgresql {
          a =
            service 1
            // {
              databases = map (name: database name // {user = "a";}) ["a_main" "a_log"];
            };
        })
        .ensureUsers;
      expected = [
        {
          name = "a";
          ensureDBOwnership = false;
        }
      ];
    };

    testDatabaseConfig = {
      expr =
        (evaluate {
          postgresql = service 5433;
          a =
            service 1
            // {
              databases = [
                (database "a")
                {
                  type = "redis";
                  name = "a-cache";
                  user = "a";
                }
              ];
            };
        })
        .qgroget
        .databaseConfig;
      expected.a = {
        a = {
          type = "postgresql";
          name = "a";
          user = "a";
          host = "127.0.0.1";
          port = 5433;
          socket = "/run/postgresql";
        };
        a-cache = {
          type = "redis";
          name = "a-cache";
          user = "a";
          host = "127.0.0.1";
          port = null;
          socket = "/run/redis-a-cache/redis.sock";
        };
      };
    };

    # --- Validation ----------------------------------------------------------------------------

    testCleanServicesHaveNoErrors = {
      expr = errors {
        a = service 1 // {databases = [(database "a")];};
        b = service 2 // {dependsOn = ["a"];};
        c = exposed 3 // {middlewares = ["rate-limit" "other@docker"];};
      };
      expected = [];
    };

    testPortConflict = {
      expr = errors {
        jellyfin = service 8080;
        sonarr = service 8080;
      };
      expected = ["Port 8080 conflict between 'jellyfin' and 'sonarr'\nFix: qgroget.serviceModules.sonarr.port = 8081;"];
    };

    testPortConflictOfThree = {
      expr = errors {
        a = service 8080;
        b = service 8080;
        c = service 8080;
        # Taken, so not to be proposed.
        d = service 8081;
      };
      expected = [
        "Port 8080 conflict between 'a' and 'b'\nFix: qgroget.serviceModules.b.port = 8082;"
        "Port 8080 conflict between 'a' and 'c'\nFix: qgroget.serviceModules.c.port = 8082;"
      ];
    };

    testDisabledServiceClaimsNoPort = {
      expr = errors {
        a = service 8080;
        b = service 8080 // {enable = false;};
      };
      expected = [];
    };

    testMissingRequiredLists = {
      expr = errors {
        a = {
          enable = true;
          port = 1;
          persistedData = [];
        };
        b = {
          enable = false;
          port = 2;
        };
      };
      expected = [
        "Service 'a' does not declare 'backupDirectories', which every enabled service has to\nFix: qgroget.serviceModules.a.backupDirectories = [\"/var/lib/a\"];"
      ];
    };

    testDisabledDependency = {
      expr = errors {
        immich = service 1 // {dependsOn = ["postgresql"];};
        postgresql = service 2 // {enable = false;};
      };
      expected = [
        "Service 'immich' depends on 'postgresql' which is not enabled\nFix: qgroget.serviceModules.postgresql.enable = true;"
      ];
    };

    testSelfDependency = {
      expr = errors {a = service 1 // {dependsOn = ["a"];};};
      expected = ["Service 'a' depends on itself"];
    };

    testDependencyCycle = {
      expr = errors {
        a = service 1 // {dependsOn = ["b"];};
        b = service 2 // {dependsOn = ["c"];};
        c = service 3 // {dependsOn = ["a"];};
      };
      expected = ["Dependency cycle between services: a -> b -> c -> a"];
    };

    testDuplicateDatabase = {
      expr = errors {
        service1 = service 1 // {databases = [(database "mydb")];};
        service2 = service 2 // {databases = [(database "mydb")];};
      };
      expected = [
        "Duplicate database name 'mydb' declared by 'service1' and 'service2'\nFix: give each its own, such as 'service1_mydb' and 'service2_mydb'"
      ];
    };

    testUnknownMiddleware = {
      expr = errors {jellyfin = exposed 1 // {middlewares = ["auth-sso"];};};
      expected = [
        "Unknown middleware 'auth-sso' in service 'jellyfin'\nValid middlewares: authelia, chain-authelia, compress, lan-only, noindex, rate-limit, security-headers"
      ];
    };
  };
in
  if pkgs == null
  then failures
  else if failures == []
  then pkgs.runCommand "collector-test" {} "touch $out"
  else throw "collector: ${lib.generators.toPretty {} failures}"
