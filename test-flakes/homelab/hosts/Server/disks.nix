# One disk, with a root that is emptied at every boot and a /persist that is not.
{
  disko.devices = {
    nodev."/" = {
      fsType = "tmpfs";
      mountOptions = ["size=4G" "mode=755"];
    };
    disk.main = {
      type = "disk";
      device = "/dev/disk/by-id/nvme-system";
      content = {
        type = "gpt";
        partitions = {
          boot = {
            size = "1G";
            type = "EF00";
            content = {
              type = "filesystem";
              format = "vfat";
              mountpoint = "/boot";
            };
          };
          root = {
            size = "100%";
            content = {
              type = "btrfs";
              subvolumes = {
                "/nix".mountpoint = "/nix";
                "/persist".mountpoint = "/persist";
              };
            };
          };
        };
      };
    };
  };

  fileSystems."/persist".neededForBoot = true;
}
