# What colmena makes of a hive, without its own modules, which `own` stands for.
{
  lib,
  nixosSystem,
  _lib,
  own,
}:
hive:
let
  raw = if lib.isFunction hive then hive { } else hive;

  # Old hives call it as NixOps does.
  inherit (lib.evalModules { modules = [ options (raw.meta or raw.network or { }) ]; }) config;
  options = {
    options = lib.genAttrs [ "specialArgs" "nodeSpecialArgs" "nodeNixpkgs" ] (
      _:
      lib.mkOption {
        type = lib.types.attrsOf lib.types.unspecified;
        default = { };
      }
    );
    freeformType = lib.types.lazyAttrsOf lib.types.raw;
  };

  # Where no flake is around, a nixpkgs may be given as its path or its function.
  initialized =
    packages:
    if builtins.isFunction packages then
      packages { overlays = [ ]; }
    else if builtins.isPath packages || packages ? outPath then
      initialized (import packages)
    else
      packages;

  evaluate =
    modules: name: node:
    let
      packages = initialized (config.nodeNixpkgs.${name} or config.nixpkgs);
      of-packages =
        { lib, ... }:
        {
          nixpkgs = {
            overlays = lib.mkBefore packages.overlays;
            config = lib.mkBefore packages.config;
          };
        };
    in
    nixosSystem {
      inherit _lib;
      inherit (packages) system;
      modules = modules ++ [
        of-packages
        own
        (raw.defaults or { })
      ] ++ lib.toList node;
      specialArgs = {
        inherit name;
        # What is undeclared is looked for in each node alone.
        nodes = nodes [ { _module.check = false; } ];
      }
      // config.specialArgs
      // config.nodeSpecialArgs.${name} or { };
    };

  nodes =
    modules:
    builtins.mapAttrs (evaluate modules) (removeAttrs raw [ "defaults" "meta" "network" ]);
in
if raw ? __schema then
  throw "You cannot pass in an already-evaluated Hive into the evaluator."
else
  {
    __schema = "v0.5";
    nodes = nodes [ ];
  }
