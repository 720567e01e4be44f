# nixos-unified: flake-parts' mkFlake of the modules in a directory, and hosts by where their files lie.
{ lib, own, ... }:
let
  common =
    {
      self,
      inputs,
      config,
      ...
    }:
    let
      specialArgsFor = rec {
        common.flake = { inherit self inputs config; };
        nixos = common;
        darwin = common // {
          rosettaPkgs = import inputs.nixpkgs { system = "x86_64-darwin"; };
        };
      };
      home-manager = {
        imports = [
          inputs.home-manager.nixosModules.home-manager
          {
            home-manager.useGlobalPkgs = true;
            home-manager.useUserPackages = true;
            home-manager.extraSpecialArgs = specialArgsFor.nixos;
            home-manager.sharedModules = [ own ];
          }
        ];
      };
      system =
        settings: module:
        inputs.nixpkgs.lib.nixosSystem {
          specialArgs = specialArgsFor.nixos;
          modules = [
            own
            module
          ] ++ lib.optional (settings.home-manager or false) home-manager;
        };
      isSettings = value: builtins.isAttrs value && removeAttrs value [ "home-manager" ] == { };
    in
    {
      flake.nixos-unified.lib = own.nixos-unified // {
        inherit specialArgsFor;
        # The first versions took the module alone.
        mkLinuxSystem = argument: if isSettings argument then system argument else system { } argument;
        mkMacosSystem = own.mkMacosSystem;
        mkHomeConfiguration = own.mkHomeConfiguration;
      };
    };

  autoWire =
    { self, ... }:
    let
      unified = self.nixos-unified.lib;
      # Of a directory that need not be there.
      files =
        directory: make:
        let
          entry =
            file: kind:
            let
              name = lib.removeSuffix ".nix" file;
              value = make "${directory}/${file}";
            in
            if kind == "regular" then
              lib.optional (name != file) { inherit name value; }
            else
              lib.optional (kind == "directory" && builtins.pathExists "${directory}/${file}/default.nix") {
                name = file;
                inherit value;
              };
        in
        if builtins.pathExists directory then
          builtins.listToAttrs (lib.concatLists (lib.mapAttrsToList entry (builtins.readDir directory)))
        else
          { };
      same = file: file;
    in
    {
      flake = {
        darwinConfigurations = files "${self}/configurations/darwin" (unified.mkMacosSystem { home-manager = true; });
        nixosConfigurations = files "${self}/configurations/nixos" (unified.mkLinuxSystem { home-manager = true; });
        darwinModules = files "${self}/modules/darwin" same;
        nixosModules = files "${self}/modules/nixos" same;
        homeModules = files "${self}/modules/home" same;
        overlays = files "${self}/overlays" (file: import file unified.specialArgsFor.common);
      };
    };

  mkFlake =
    {
      inputs,
      root,
      systems ? [
        "x86_64-linux"
        "x86_64-darwin"
        "aarch64-linux"
        "aarch64-darwin"
      ],
      specialArgs ? { },
    }:
    let
      places = [
        "nix/modules/flake"
        "modules/flake"
        "nix/modules/flake-parts"
        "modules/flake-parts"
      ];
      there = builtins.filter (place: builtins.pathExists "${root}/${place}") places;
      place =
        if there == [ ] then
          throw "None of these paths exist: ${toString places}"
        else
          builtins.head there;
    in
    inputs.flake-parts.lib.mkFlake { inherit inputs specialArgs; } {
      inherit systems;
      _module.args = { inherit root; };
      imports = map (name: "${root}/${place}/${name}") (builtins.attrNames (builtins.readDir (root + "/${place}")));
    };
in
{
  flakeModules = own.flakeModules // {
    default = common;
    inherit autoWire;
  };
  flakeModule = common;
  lib = own.lib // {
    inherit mkFlake;
  };
}
