{
  flake.words = [ "third" ];
  flake.modules.nixos.several = { imports = [ ./several.nix ]; };
}
