{ lib, moduleWithSystem, ... }:
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
    # It has those arguments of perSystem that it names.
    packaged = moduleWithSystem (
      perSystem@{ config, self', ... }:
      { lib, ... }:
      {
        imports = [ ./packaged.nix ];
        lab.words.perSystem = lib.concatStringsSep ", " (builtins.attrNames perSystem);
      }
    );
    server = { config, ... }: { lab.words.profile = "server of ${lib.head config.lab.names}"; };
  };

  imports = [ { flake.nixosModules.server.lab.words.more = "merged"; } ];
}
