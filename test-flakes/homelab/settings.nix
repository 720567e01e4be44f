# Facts about this homelab that more than one file needs.
#
# A value that only one service needs belongs into that service's own module.
{lib, ...}: {
  options.qgroget.server = {
    domain = lib.mkOption {
      type = lib.types.str;
      description = "Domain under which the services of this homelab are reached.";
      example = "example.org";
    };

    adminMail = lib.mkOption {
      type = lib.types.str;
      description = "Mailbox that receives certificate and backup notices.";
    };

    timeZone = lib.mkOption {
      type = lib.types.str;
      default = "Europe/Paris";
      description = "Time zone handed to the containers.";
    };

    containerDir = lib.mkOption {
      type = lib.types.path;
      default = "/var/lib/containers/data";
      description = "Directory that holds one subdirectory per container.";
    };

    mediaDir = lib.mkOption {
      type = lib.types.path;
      default = "/mnt/data/media";
      description = "Root of the media library. It lives on its own disks and is never persisted or backed up.";
    };

    lanSubnets = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = ["192.168.0.0/16" "10.0.0.0/8"];
      description = "Networks from which services of type `internal` may be reached.";
    };

    mediaGroup = lib.mkOption {
      type = lib.types.submodule {
        options = {
          name = lib.mkOption {
            type = lib.types.str;
            default = "media";
            description = "Name of the group that owns the media library.";
          };
          gid = lib.mkOption {
            type = lib.types.ints.between 100 999;
            default = 973;
            description = "Fixed id of that group, so that containers can use it.";
          };
        };
      };
      default = {};
      description = "Group that owns the media library.";
    };
  };

  config.qgroget.server = {
    domain = "example.org";
    adminMail = "admin@example.org";
  };
}
