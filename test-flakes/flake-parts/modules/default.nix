{ lib, ... }:
{
  # Without an option of that name it is passed on as it is.
  flake.modules = {
    config = import ./config.nix;
    hardware.imports = [ ./disk.nix ];
    nixos.disks = ./disks.nix;
  };

  flake.nixosModules = {
    base = ./base.nix;
    plain = { lab.words.profile = "plain"; };
    server = { config, ... }: { lab.words.profile = "server of ${lib.head config.lab.names}"; };
  };

  imports = [ { flake.nixosModules.server.lab.words.more = "merged"; } ];
}
