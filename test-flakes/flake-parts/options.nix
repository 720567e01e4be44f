# An output of a type of the repository's own.
{
  inputs,
  self,
  lib,
  flake-parts-lib,
  ...
}:
{
  options.flake = flake-parts-lib.mkSubmoduleOptions {
    builders = lib.mkOption {
      type = lib.types.attrsOf (lib.types.submodule {
        options.profile = lib.mkOption {
          type = lib.types.str;
          default = "plain";
        };
        options.extra = lib.mkOption {
          type = lib.types.listOf lib.types.deferredModule;
          default = [ ];
        };
      });
      default = { };
    };
  };

  config.flake.nixosConfigurations = lib.mapAttrs (
    name: builder:
    inputs.nixpkgs.lib.nixosSystem {
      modules = [
        self.nixosModules.base
        self.nixosModules.${builder.profile}
        self.nixosModules.packaged
        self.modules.config
        self.modules.hardware
        self.modules.nixos.disks
        { lab.names = [ name ]; }
      ] ++ builder.extra;
    }
  ) self.builders;
}
