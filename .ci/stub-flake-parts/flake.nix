{
  description = "A stand-in for flake-parts: mkFlake and what nixpact's module uses of it";

  outputs = {self}: {
    lib.mkFlake = {inputs}: module: let
      inherit (inputs.nixpkgs) lib;
      inherit (lib) mkOption types;

      outputs = mkOption {
        type = types.lazyAttrsOf types.package;
        default = {};
      };

      static = {system, ...}: {
        options = {
          checks = outputs;
          devShells = outputs;
        };
        config._module.args.pkgs = inputs.nixpkgs.legacyPackages.${system};
      };

      evaluated = lib.evalModules {
        specialArgs = {
          inherit inputs;
          inherit (inputs) self;
          flake-parts-lib.mkPerSystemOption = module:
            mkOption {type = types.deferredModuleWith {staticModules = [module];};};
        };
        modules = [module {options = {inherit flake perSystem systems;};}];
      };

      systems = mkOption {type = types.listOf types.str;};

      perSystem = mkOption {
        type = types.deferredModuleWith {staticModules = [static];};
        apply = modules: system:
          (lib.evalModules {
            specialArgs = {inherit system;};
            modules = [modules];
          })
          .config;
      };

      flake = mkOption {type = types.lazyAttrsOf types.raw;};

      of = output: lib.genAttrs evaluated.config.systems (system: (evaluated.config.perSystem system).${output});
    in
      evaluated.config.flake
      // {
        checks = of "checks";
        devShells = of "devShells";
      };
  };
}
