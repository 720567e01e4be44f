# A file server in the browser and over WebDAV.
{
  config,
  lib,
  pkgs,
  ...
}: let
  name = "file-server";
  cfg = config.qgroget.serviceModules.${name};

  shares = "/srv/files";
in {
  config = lib.mkMerge [
    # --- Contract ------------------------------------------------------------------------------
    {
      qgroget.serviceModules.${name} = {
        enable = lib.mkDefault false;
        description = "Files";
        port = 8085;
        exposed = true;
        subdomain = "files";
        type = "internal";
        middlewares = lib.optionals config.qgroget.serviceModules.crowdsec.enable ["crowdsec"];
        persistedData = [
          {
            directory = shares;
            user = name;
            group = name;
            mode = "0750";
          }
        ];
        backupDirectories = [shares];
      };
    }

    # --- Implementation ------------------------------------------------------------------------
    (lib.mkIf cfg.enable {
      systemd.services.${name} = {
        description = "Serves ${shares}";
        wantedBy = ["multi-user.target"];
        after = ["network.target"];
        serviceConfig = {
          ExecStart = lib.concatStringsSep " " [
            (lib.getExe pkgs.dufs)
            "--bind 127.0.0.1"
            "--port ${toString cfg.port}"
            "--allow-all"
            shares
          ];
          EnvironmentFile = config.sops.secrets."server/file-server/env".path;
          User = name;
          Group = name;
          ReadWritePaths = [shares];
          CapabilityBoundingSet = "";
          LockPersonality = true;
          MemoryDenyWriteExecute = true;
          NoNewPrivileges = true;
          PrivateDevices = true;
          PrivateTmp = true;
          ProtectControlGroups = true;
          ProtectHome = true;
          ProtectKernelModules = true;
          ProtectKernelTunables = true;
          ProtectSystem = "strict";
          RestrictAddressFamilies = ["AF_INET" "AF_UNIX"];
          SystemCallFilter = ["@system-service" "~@privileged"];
        };
      };

      users = {
        users.${name} = {
          isSystemUser = true;
          group = name;
          extraGroups = [config.qgroget.server.mediaGroup.name];
        };
        groups.${name} = {};
      };
    })

    # --- Secrets -------------------------------------------------------------------------------
    (lib.mkIf cfg.enable {
      # DUFS_AUTH, the accounts.
      sops.secrets."server/file-server/env" = {};
    })
  ];
}
