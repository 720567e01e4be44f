# qBittorrent.
{
  config,
  lib,
  ...
}: let
  cfg = config.qgroget.serviceModules.qbittorrent;

  paths = rec {
    root = "${config.qgroget.server.containerDir}/qbittorrent";
    settings = "${root}/config";
    incomplete = "${root}/incomplete";
  };

  peerPort = 51413;
in {
  # --- Contract --------------------------------------------------------------------------------
  qgroget.serviceModules.qbittorrent = {
    enable = lib.mkDefault false;
    description = "Torrents";
    # The port of its own documentation; a host with something else there overrides it.
    port = 8080;
    exposed = true;
    subdomain = "torrents";
    type = "admin";
    persistedData = lib.attrValues {inherit (paths) settings incomplete;};
    backupDirectories = [paths.settings];
    environment = {
      DHT = true;
      PEER_PORT = peerPort;
      UMASK = "002";
    };
  };

  # --- Implementation --------------------------------------------------------------------------
  virtualisation.quadlet.containers.qbittorrent = lib.mkIf cfg.enable {
    containerConfig = {
      image = "lscr.io/linuxserver/qbittorrent:5.1.2";
      publishPorts = [
        "127.0.0.1:${toString cfg.port}:${toString cfg.port}"
        "${toString peerPort}:${toString peerPort}/tcp"
        "${toString peerPort}:${toString peerPort}/udp"
      ];
      environments =
        {
          TZ = config.qgroget.server.timeZone;
          WEBUI_PORT = toString cfg.port;
        }
        // lib.mapAttrs (_: lib.generators.mkValueStringDefault {}) cfg.environment;
      volumes = [
        "${paths.settings}:/config"
        "${paths.incomplete}:/incomplete"
        "${config.qgroget.server.mediaDir}/downloads:/downloads"
        "${config.sops.secrets."server/qbittorrent/webui_password".path}:/run/secrets/webui_password:ro"
      ];
    };
  };

  networking.firewall = lib.mkIf cfg.enable {
    allowedTCPPorts = [peerPort];
    allowedUDPPorts = [peerPort];
  };

  # --- Secrets ---------------------------------------------------------------------------------
  sops.secrets."server/qbittorrent/webui_password" = lib.mkIf cfg.enable {};
}
