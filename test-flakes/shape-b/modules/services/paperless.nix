{
  config,
  lib,
  ...
}: let
  inherit (config.lab.serviceModules) authentik paperless;
in {
  config.lab.serviceModules.paperless = {
    # Wherever the login is.
    inherit (authentik) domain;
    subdomain = lib.mkDefault "documents";
    dataDir = "/var/lib/paperless";
    port = authentik.port + 1;
    exposed = true;
    dependsOn = ["authentik"];
    backupPaths = map (directory: "${paperless.dataDir}/${directory}") ["media" "export"];
    databases =
      lib.mapAttrsToList (name: type: {
        inherit name type;
        user = "paperless";
      }) {
        paperless = "postgresql";
        paperless-queue = "redis";
      };
    extraConfig = {
      PAPERLESS_OCR_LANGUAGE = lib.concatStringsSep "+" ["deu" "fra" "eng"];
      PAPERLESS_CONSUMER_RECURSIVE = true;
    };
  };

  config.services.paperless = lib.mkIf paperless.enable {
    enable = true;
    inherit (paperless) dataDir port;
    settings =
      paperless.extraConfig
      // {
        PAPERLESS_URL = "https://${paperless.subdomain}.${paperless.domain}";
      };
  };
}
