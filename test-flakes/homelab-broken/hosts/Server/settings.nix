{lib, ...}: {
  qgroget.serviceModules = {
    traefik.enable = true;
    authelia = {
      enable = true;
      port = lib.mkForce 8080;
    };
    jellyfin.enable = true;
    immich.enable = true;
    navidrome.enable = true;
    sonarr.enable = true;
    radarr.enable = true;
    qbittorrent.enable = true;
    nicotine.enable = false;
    postgresql.enable = false;
    portfolio.enable = true;
    obsidian.enable = true;
  };
}
