# Builds the two halves of a service that runs in a container.
{
  config,
  lib,
}: {
  name,
  port,
  image,
  volumes ? [],
  postgres ? false,
  ...
} @ arguments: let
  inherit (config.qgroget) server;

  cfg = config.qgroget.serviceModules.${name};
  dataDir = "${server.containerDir}/${name}";
  role = lib.replaceStrings ["-"] ["_"] name;
in {
  contract =
    {
      inherit port;
      enable = lib.mkDefault false;
      exposed = true;
      type = "admin";
      persistedData = [dataDir];
      backupDirectories = ["${dataDir}/config"];
      databases = lib.optionals postgres (
        map (part: {
          type = "postgresql";
          name = "${role}_${part}";
          user = role;
        }) ["main" "log"]
      );
    }
    // removeAttrs arguments ["name" "port" "image" "volumes" "postgres"];

  implementation = {
    virtualisation.quadlet.containers.${name} = {
      containerConfig = {
        inherit image;
        networks = ["host"];
        volumes = ["${dataDir}:/config"] ++ volumes;
        environments = {
          TZ = server.timeZone;
          PGID = toString server.mediaGid;
          "${lib.toUpper role}__PORT" = toString cfg.port;
        };
      };
      unitConfig.After = map (dependency: "${dependency}.service") cfg.dependsOn;
    };
  };
}
