# What runs on this server.
#
# Every service is listed, so that this file alone answers the question. How a service is run is
# written in modules/server/<category>/<service>/default.nix; only what differs on this very host
# is overridden here.
{lib, ...}: {
  qgroget.serviceModules = {
    # --- Data: what the others build on -------------------------------------------------------
    postgresql.enable = true;

    # --- Network and login --------------------------------------------------------------------
    traefik.enable = true;
    lldap.enable = true;
    authelia.enable = true;

    # --- Security -----------------------------------------------------------------------------
    crowdsec.enable = true;
    vaultwarden.enable = true;

    # --- Media --------------------------------------------------------------------------------
    jellyfin.enable = true;
    jellyseerr.enable = true;
    immich.enable = true;
    navidrome.enable = true;

    # --- Automation and downloads -------------------------------------------------------------
    prowlarr.enable = true;
    sonarr.enable = true;
    radarr.enable = true;
    bazarr.enable = true;
    qbittorrent = {
      enable = true;
      # 8080 is the dashboard of Traefik on this host.
      port = lib.mkForce 8090;
    };
    # Replaced by qBittorrent for now; its shares stay configured.
    nicotine.enable = false;

    # --- Everything else ----------------------------------------------------------------------
    portfolio.enable = true;
    obsidian.enable = true;
    syncthing.enable = true;
    file-server = {
      enable = true;
      # Family members reach their files from anywhere, after login.
      type = lib.mkForce "private";
    };
  };
}
