# Entry point of the server: the contract, the collector and every service module.
#
# A new service is one line here, one file below this directory and one line in
# hosts/<Host>/settings.nix.
{
  imports = [
    ./options.nix
    ./collector.nix

    # Imported so that it is checked like everything else; it stays disabled.
    ./_template

    ./auth/authelia
    ./auth/lldap

    ./arrs/bazarr
    ./arrs/prowlarr
    ./arrs/radarr
    ./arrs/sonarr

    ./data/postgresql

    ./downloads/nicotine
    ./downloads/qbittorrent

    ./media/immich
    ./media/jellyfin
    ./media/jellyseerr
    ./media/navidrome

    ./misc/file-server
    ./misc/obsidian
    ./misc/portfolio
    ./misc/syncthing

    ./network/traefik

    ./security/crowdsec
    ./security/vaultwarden
  ];
}
