{ config, inputs, self, lib, flake-parts-lib, ... }:
{
  options.flake = flake-parts-lib.mkSubmoduleOptions {
    words = lib.mkOption { type = lib.types.listOf lib.types.str; };
  };

  config.flake = {
    words = [ "first" ];
    modules.nixos.several.lab.names = [ "several in first" ];
    modules.nixos.one = { lab.names = [ "one in first" ]; };
    modules.generic.any.lab.names = [ "any in first" ];
    nixosModules.usual.lab.names = [ "usual in first" ];
    nixosModules.alone.lab.names = [ "alone in first" ];

    nixosConfigurations.host = inputs.nixpkgs.lib.nixosSystem {
      modules = [
        ./host.nix
        self.modules.nixos.one
        { lab.names = [ "inline" ]; }
        self.modules.nixos.several
        config.flake.modules.generic.any
        self.nixosModules.usual
        { imports = [ { lab.names = [ "deeper" ]; } ]; lab.names = [ "around" ]; }
        self.nixosModules.alone
        { lab.names = map (word: "word ${word}") self.words; }
        {
          lab.kinds = lib.mapAttrs (_: builtins.typeOf) {
            inherit (self.modules.nixos) one several;
            inherit (self.modules.generic) any;
            inherit (self.nixosModules) alone usual;
          };
        }
      ];
    };
  };
}
