# A host that is made by hand, of the special arguments of the flake's modules.
{ self, root, who, ... }:
{
  flake.nixosConfigurations.hand = self.nixos-unified.lib.mkLinuxSystem { home-manager = false; } {
    imports = [ "${root}/modules/nixos/lab.nix" ];
    lab.words = { inherit who; };
  };
}
