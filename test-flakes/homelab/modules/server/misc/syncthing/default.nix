# Syncthing, the files that every device of the family has.
{
  config,
  lib,
  ...
}: let
  inherit (lib) mkDefault mkIf mkMerge mapAttrs;

  cfg = config.qgroget.serviceModules.syncthing;
  dataDir = "/var/lib/syncthing";

  # Folder -> devices that hold it.
  folders = {
    documents = ["laptop" "phone"];
    pictures = ["phone"];
    keepass = ["laptop" "phone" "tablet"];
  };

  deviceIds = {
    laptop = "LAPTOP1-AAAAAAA-AAAAAAA-AAAAAAA-AAAAAAA-AAAAAAA-AAAAAAA-AAAAAAA";
    phone = "PHONE11-BBBBBBB-BBBBBBB-BBBBBBB-BBBBBBB-BBBBBBB-BBBBBBB-BBBBBBB";
    tablet = "TABLET1-CCCCCCC-CCCCCCC-CCCCCCC-CCCCCCC-CCCCCCC-CCCCCCC-CCCCCCC";
  };

  path = folder: "${dataDir}/${folder}";
in {
  config = mkMerge [
    # --- Contract ------------------------------------------------------------------------------
    {
      qgroget.serviceModules.syncthing = {
        enable = mkDefault false;
        description = "Shared folders";
        port = 8384;
        exposed = true;
        subdomain = "sync";
        type = "admin";
        persistedData = lib.singleton {
          directory = dataDir;
          user = "syncthing";
          group = "syncthing";
          mode = "0700";
        };
        backupDirectories = map path (lib.attrNames folders) ++ ["${dataDir}/.config/syncthing"];
        backupExclude = ["**/.stversions"];
      };
    }

    # --- Implementation ------------------------------------------------------------------------
    (mkIf cfg.enable {
      services.syncthing = {
        enable = true;
        inherit dataDir;
        guiAddress = "127.0.0.1:${toString cfg.port}";
        # 22000 and 21027, for the devices.
        openDefaultPorts = true;
        cert = config.sops.secrets."server/syncthing/cert".path;
        key = config.sops.secrets."server/syncthing/key".path;
        settings = {
          devices = mapAttrs (_: id: {inherit id;}) deviceIds;
          folders =
            mapAttrs (folder: devices: {
              inherit devices;
              path = path folder;
            })
            folders;
        };
      };
    })

    # --- Secrets -------------------------------------------------------------------------------
    (mkIf cfg.enable {
      sops.secrets = {
        "server/syncthing/cert".owner = "syncthing";
        "server/syncthing/key".owner = "syncthing";
      };
    })
  ];
}
