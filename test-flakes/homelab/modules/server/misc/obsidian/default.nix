# The CouchDB that keeps the notes of Obsidian in step.
{
  config,
  lib,
  ...
}: let
  cfg = config.qgroget.serviceModules.obsidian;
  dataDir = "${config.qgroget.server.containerDir}/obsidian";

  contract = {
    description = "Notes";
    port = 5984;
    exposed = true;
    subdomain = "notes";
    type = "public";
    middlewares = ["obsidian-cors"];
    persistedData = [dataDir];
    backupDirectories = [dataDir];
  };
in {
  config = lib.mkMerge [
    # --- Contract ------------------------------------------------------------------------------
    {
      qgroget.serviceModules.obsidian = {enable = lib.mkDefault false;} // contract;

      qgroget.traefik.middlewares.obsidian-cors.headers = {
        accessControlAllowOriginList = ["app://obsidian.md" "capacitor://localhost" "http://localhost"];
        accessControlAllowMethods = ["GET" "PUT" "POST" "HEAD" "DELETE"];
        accessControlAllowHeaders = ["accept" "authorization" "content-type" "origin" "referer"];
        accessControlAllowCredentials = true;
        accessControlMaxAge = 3600;
      };
    }

    # --- Implementation ------------------------------------------------------------------------
    (lib.mkIf cfg.enable {
      virtualisation.quadlet.containers.obsidian = {
        autoStart = true;
        containerConfig = {
          image = "docker.io/library/couchdb:3.5.0";
          publishPorts = ["127.0.0.1:${toString cfg.port}:5984"];
          volumes = ["${dataDir}:/opt/couchdb/data"];
          environmentFiles = [config.sops.templates."obsidian.env".path];
        };
      };
    })

    # --- Secrets -------------------------------------------------------------------------------
    (lib.mkIf cfg.enable {
      sops = {
        secrets = {
          "server/obsidian/user" = {};
          "server/obsidian/password" = {};
        };
        templates."obsidian.env".content = ''
          COUCHDB_USER=${config.sops.placeholder."server/obsidian/user"}
          COUCHDB_PASSWORD=${config.sops.placeholder."server/obsidian/password"}
        '';
      };
    })
  ];
}
