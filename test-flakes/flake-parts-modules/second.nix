{ lib, ... }:
{
  flake.words = lib.mkMerge [
    [ "second" ]
    (lib.mkBefore [ "before" ])
  ];
  flake.modules.nixos.several = { config, ... }: { lab.names = [ "several in second" ]; };
  flake.nixosModules.usual = ./usual.nix;
  flake.modules.generic.any = { ... }: { lab.names = [ "any in second" ]; };
}
