# clan: machines by an inventory and by the directories below machines/, which share modules by the roles that they have
# in instances of services.
{
  lib,
  nixosSystem,
  own,
  ownServices,
  below,
  nixpkgs,
  flake-parts,
  ...
}:
let
  inherit (lib) mkOption types;

  mkSet =
    type:
    mkOption {
      inherit type;
      default = { };
    };
  # Definitions of it may have imports.
  submodule = module: types.submoduleWith { modules = [ module ]; };
  # What no host hangs on may be of any type.
  other = types.lazyAttrsOf types.anything;
  # Versions differ in what else there is.
  more = known: own.config // known;
  outcome =
    config:
    more (
      removeAttrs config [
        "checks"
        "exports"
        "meta"
        "outputs"
        "pkgsForSystem"
        "secrets"
        "templates"
        "vars"
      ]
    );

  settings = mkSet types.deferredModule;
  # Names alone stand for members without settings.
  members = types.coercedTo (types.listOf types.str) (names: lib.genAttrs names (_: { })) (
    types.attrsOf (types.submodule { options = { inherit settings; }; })
  );
  role = {
    options = {
      inherit settings;
      machines = mkSet members;
      tags = mkSet members;
      extraModules = mkOption {
        type = types.listOf types.raw;
        default = [ ];
      };
    };
    freeformType = other;
  };
  roles = mkSet (types.attrsOf (types.submodule role));

  instance =
    { name, ... }:
    {
      options = {
        inherit roles;
        module = mkSet (types.submodule {
          options.input = mkOption {
            type = types.nullOr types.str;
            default = null;
          };
          options.name = mkOption {
            type = types.str;
            default = name;
          };
        });
      };
      freeformType = other;
    };

  inventoryModule =
    { config, ... }:
    {
      options = {
        machines = mkSet (types.lazyAttrsOf (submodule (
          { name, ... }:
          {
            options.machineClass = mkOption {
              type = types.str;
              default = "nixos";
            };
            options.tags = mkOption {
              type = types.listOf types.str;
              default = [ ];
              apply = lib.unique;
            };
            options.deploy = mkSet other // {
              apply = deploy: more ({ targetHost = null; } // deploy);
            };
            config.tags = builtins.attrNames (
              lib.filterAttrs (_: machines: builtins.elem name machines) config.tags
            );
            freeformType = other;
          }
        ))) // {
          apply = builtins.mapAttrs (_: more);
        };
        tags = mkOption {
          default = { };
          type = types.submoduleWith {
            specialArgs = { inherit (config) machines; };
            modules = [
              (
                { machines, ... }:
                let
                  ofClass = class: lib.filterAttrs (_: machine: machine.machineClass == class) machines;
                in
                {
                  freeformType = types.lazyAttrsOf (types.listOf types.str);
                  all = lib.mkDefault (builtins.attrNames machines);
                  nixos = lib.mkDefault (builtins.attrNames (ofClass "nixos"));
                  darwin = lib.mkDefault (builtins.attrNames (ofClass "darwin"));
                }
              )
            ];
          };
        };
        instances = mkSet (types.attrsOf (submodule instance));
        # The instances of older versions, by service.
        services = mkSet (types.attrsOf (types.attrsOf (types.submodule {
          options = { inherit roles; };
          freeformType = other;
        })));
      };
      freeformType = other;
    };

  clanModule =
    { self, config, ... }:
    let
      inherit (config) directory inventory;
      fromFile =
        let
          file = "${directory}/inventory.json";
        in
        if builtins.pathExists file then builtins.fromJSON (builtins.readFile file) else { };
      fromDirectories =
        let
          machines = "${directory}/machines";
          found = lib.filterAttrs (_: kind: kind == "directory") (builtins.readDir machines);
        in
        if builtins.pathExists machines then builtins.mapAttrs (_: _: { }) found else { };

      # What a machine is given for a role in an instance of a service.
      ofRole =
        name: service: role:
        let
          tags = inventory.machines.${name}.tags;
          isMember =
            role.machines ? ${name} || builtins.any (tag: builtins.elem tag tags) (builtins.attrNames role.tags);
        in
        lib.optionals isMember ([ service ] ++ below directory role.extraModules);
      ofInstance =
        name: service: instance:
        lib.concatMap (ofRole name service) (builtins.attrValues instance.roles);
      serviceOf =
        instance:
        let
          inherit (instance.module) input name;
        in
        if input == "self" || input == null && config.modules ? ${name} then ownServices else own.clan.modules;
      services =
        name:
        lib.concatMap (instance: ofInstance name (serviceOf instance) instance) (
          builtins.attrValues inventory.instances
        )
        ++ lib.concatMap (
          instances: lib.concatMap (ofInstance name own.clanModules) (builtins.attrValues instances)
        ) (builtins.attrValues inventory.services);

      moduleFor = class: name: {
        imports =
          [ own."${class}Modules".clanCore ]
          ++ builtins.filter builtins.pathExists (
            [ "${directory}/machines/${name}/configuration.nix" ]
            ++ lib.optionals (class == "nixos") [
              "${directory}/machines/${name}/hardware-configuration.nix"
              "${directory}/machines/${name}/disko.nix"
            ]
          )
          ++ services name
          ++ lib.optional (config.machines ? ${name}) config.machines.${name};
        networking.hostName = lib.mkDefault name;
      };
      machinesOf = class: lib.filterAttrs (_: machine: machine.machineClass == class) inventory.machines;
      modulesOf = class: builtins.mapAttrs (name: _: moduleFor class name) (machinesOf class);
      prefixed = lib.mapAttrs' (name: value: lib.nameValuePair "clan-machine-${name}" value);
    in
    {
      options = {
        self = mkOption {
          type = types.raw;
          default = self;
        };
        directory = mkOption {
          type = types.raw;
          default = toString config.self;
          apply = toString;
        };
        specialArgs = mkSet (types.attrsOf types.raw);
        machines = mkSet (types.attrsOf types.deferredModule);
        modules = mkSet (types.attrsOf types.raw);
        inventory = mkSet (submodule inventoryModule) // {
          apply = more;
        };
        meta = mkSet types.deferredModule;
        nixosConfigurations = mkSet (types.lazyAttrsOf types.raw);
        nixosModules = mkSet (types.lazyAttrsOf types.raw);
        darwinConfigurations = mkSet (types.lazyAttrsOf types.raw);
        darwinModules = mkSet (types.lazyAttrsOf types.raw);
        clanInternals = mkOption {
          type = types.raw;
          default = own.clanInternals;
        };
      };
      freeformType = other;

      config = {
        inventory = {
          imports = [
            fromFile
            { machines = fromDirectories; }
            { machines = builtins.mapAttrs (_: _: { }) config.machines; }
          ];
        };
        specialArgs.self = lib.mkDefault config.self;
        nixosModules = prefixed (modulesOf "nixos");
        darwinModules = prefixed (modulesOf "darwin");
        nixosConfigurations = builtins.mapAttrs (
          _: module:
          nixosSystem {
            modules = [ module ];
            specialArgs = {
              clan-core = own;
            }
            // config.specialArgs;
          }
        ) (modulesOf "nixos");
        darwinConfigurations = builtins.mapAttrs (_: _: own.darwinSystem) (modulesOf "darwin");
      };
    };

  clan =
    {
      self ? null,
      ...
    }@settings:
    let
      configuration = lib.evalModules {
        class = "clan";
        specialArgs = { inherit self; };
        modules = [
          clanModule
          settings
        ];
      };
    in
    configuration // { config = outcome configuration.config; };

  flakeModule =
    { self, config, ... }:
    {
      imports = [ (lib.mkRenamedOptionModule [ "clan" ] [ "flake" "clan" ]) ];
      options.flake.clan = mkOption {
        default = { };
        type = types.submoduleWith {
          class = "clan";
          specialArgs = { inherit self; };
          modules = [ clanModule ];
        };
        apply = outcome;
      };
      config.flake = {
        inherit (config.flake.clan)
          nixosConfigurations
          nixosModules
          darwinConfigurations
          darwinModules
          ;
        clanInternals = own.clanInternals;
      };
    };
in
{
  lib = own.lib // {
    inherit clan;
    # Of older versions, which name the flake by its directory.
    buildClan = settings: (clan ({ self = settings.directory or null; } // settings)).config;
  };
  flakeModules = own.flakeModules // {
    default = flakeModule;
    clan = flakeModule;
  };
  inherit flakeModule;
  inputs = own.inputs // {
    inherit nixpkgs flake-parts;
  };
}
