# easy-hosts: a module of flake-parts that makes hosts of its options, or finds them by their directories.
{
  lib,
  nixosSystem,
  _lib,
  own,
}:
let
  inherit (lib) mkOption types;

  flakeModule =
    {
      config,
      inputs,
      withSystem,
      ...
    }:
    let
      mapped = cfg: class: ({ linux = "nixos"; } // cfg.additionalClasses).${class} or class;
      systemOf =
        cfg: arch: class:
        "${arch}-${if mapped cfg class == "darwin" then "darwin" else "linux"}";

      parts = {
        modules = mkOption {
          type = types.listOf types.deferredModule;
          default = [ ];
        };
        specialArgs = mkOption {
          type = types.lazyAttrsOf types.raw;
          default = { };
        };
      };
      partsBy = mkOption {
        type = types.functionTo (types.submodule { options = parts; });
        default = _: { };
      };
      orNull =
        type:
        mkOption {
          type = types.nullOr type;
          default = null;
        };

      host =
        cfg:
        { config, ... }:
        {
          options = parts // {
            nixpkgs = mkOption {
              type = types.anything;
              default = inputs.nixpkgs or (throw "cannot find nixpkgs input");
            };
            nix-darwin = mkOption {
              type = types.anything;
              default = inputs.darwin or inputs.nix-darwin or null;
            };
            arch = mkOption {
              type = types.str;
              default = "x86_64";
            };
            class = mkOption {
              type = types.enum ([ "nixos" "darwin" "iso" ] ++ builtins.attrNames cfg.additionalClasses);
              default = "nixos";
            };
            tags = mkOption {
              type = types.listOf types.str;
              default = [ ];
            };
            system = mkOption {
              type = types.str;
              default = systemOf cfg config.arch config.class;
            };
            path = orNull types.path;
            deployable = mkOption {
              type = types.bool;
              default = false;
            };
          };
        };

      # The hosts by the directories below `path`: of each system, or of the only one.
      found =
        cfg:
        let
          at =
            system: path:
            let
              # The class stands behind the architecture.
              words = builtins.filter builtins.isString (builtins.split "-" system);
              arch = builtins.elemAt words 0;
              class = builtins.elemAt words 1;
            in
            {
              inherit arch class path;
              system = systemOf cfg arch class;
            };
          below = system: builtins.mapAttrs (name: _: at system "${cfg.path}/${system}/${name}");
          systems = lib.filterAttrs (_: kind: kind == "directory") (builtins.readDir cfg.path);
          of = system: below system (builtins.readDir "${cfg.path}/${system}");
        in
        if cfg.onlySystem == null then
          lib.foldl' lib.mergeAttrs { } (map of (builtins.attrNames systems))
        else
          builtins.mapAttrs (name: _: at cfg.onlySystem "${cfg.path}/${name}") (builtins.readDir cfg.path);

      made =
        cfg: name: host:
        let
          sources = lib.flatten [
            cfg.shared
            host
            (map cfg.perTag host.tags)
            (cfg.perClass host.class)
            (cfg.perArch host.arch)
          ];
          class = mapped cfg host.class;
          given = lib.foldl' lib.recursiveUpdate { } (map (source: source.specialArgs) sources);
          usual = builtins.filter builtins.pathExists [
            "${inputs.self}/hosts/${name}/default.nix"
            "${inputs.self}/systems/${name}/default.nix"
          ];
          arguments = {
            specialArgs = lib.recursiveUpdate {
              inherit inputs;
              inherit (inputs) self;
            } given;
            modules =
              (if host.path == null then usual else [ host.path ])
              ++ lib.optional (
                class == "iso"
              ) "${host.nixpkgs}/nixos/modules/installer/cd-dvd/installation-cd-minimal-new-kernel.nix"
              ++ [
                {
                  _module.args = withSystem host.system (
                    { self', inputs', ... }: { inherit self' inputs'; }
                  );
                }
                (
                  { lib, ... }:
                  {
                    networking.hostName = lib.mkDefault name;
                    nixpkgs.hostPlatform = lib.mkDefault host.system;
                  }
                )
              ]
              ++ lib.concatMap (source: source.modules) sources;
          };
        in
        if class == "darwin" then
          { darwinConfigurations.${name} = host.nix-darwin.lib.darwinSystem arguments; }
        else
          { nixosConfigurations.${name} = nixosSystem (arguments // { inherit _lib; }); };
      outputs = cfg: lib.mapAttrsToList (made cfg) cfg.hosts;

      settings = mkOption {
        default = { };
        type = types.submodule (
          { config, ... }:
          {
            options = {
              autoConstruct = mkOption {
                type = types.bool;
                default = false;
              };
              path = orNull types.path;
              onlySystem = orNull types.str;
              shared = parts;
              perClass = partsBy;
              perArch = partsBy;
              perTag = partsBy;
              additionalClasses = mkOption {
                type = types.attrsOf types.str;
                default = { };
              };
              hosts = mkOption {
                type = types.attrsOf (types.submodule (host config));
                default = { };
              };
            };
            config.hosts = lib.mkIf config.autoConstruct (found config);
          }
        );
      };
    in
    {
      _class = "flake";
      options = {
        easy-hosts = settings;
        # Its name in older versions.
        easyHosts = settings;
      };
      config.flake = lib.foldr lib.recursiveUpdate { } (
        outputs config.easy-hosts ++ outputs config.easyHosts
      );
    };
in
own
// {
  inherit flakeModule;
  flakeModules.default = flakeModule;
}
