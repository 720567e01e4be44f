{
  config,
  lib,
  ...
}: let
  cfg = config.qgroget.serviceModules.jellyfin;
in {
  config = lib.mkMerge [
    {
      qgroget.serviceModules.jellyfin = {
        enable = lib.mkDefault false;
        port = 8096;
        exposed = true;
        type = "public";
        middlewares = ["rate-limit" "geoblock@file" "auth-sso"];
        persistedData = ["/var/lib/jellyfin" "/var/cache/jellyfin"];
      };
    }

    (lib.mkIf cfg.enable {
      services.jellyfin.enable = true;
    })
  ];
}
