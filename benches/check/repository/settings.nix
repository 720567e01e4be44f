# Facts about this homelab that more than one file needs.
{lib, ...}: {
  options.qgroget.server = {
    domain = lib.mkOption {
      type = lib.types.str;
      description = "Domain under which the services are reached.";
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
      description = "Root of the media library.";
    };

    mediaGid = lib.mkOption {
      type = lib.types.ints.between 100 999;
      default = 973;
      description = "Fixed id of the group that owns the media library.";
    };
  };

  config.qgroget.server.domain = "example.org";
}
