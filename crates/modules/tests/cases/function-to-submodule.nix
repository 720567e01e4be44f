# What a function gives is merged as a submodule is, with defaults and with what its modules define.
{ lib }:
let
  inherit (lib) mkOption types;
  part =
    { config, ... }:
    {
      options = {
        names = mkOption {
          type = types.listOf types.str;
          default = [ ];
        };
        count = mkOption { type = types.int; };
        modules = mkOption {
          type = types.listOf types.deferredModule;
          default = [ ];
        };
      };
      config = {
        count = lib.mkDefault (builtins.length config.names);
        names = lib.mkAfter [ "of the type" ];
      };
    };
in
[
  (
    { config, ... }:
    {
      options = {
        by = mkOption {
          type = types.functionTo (types.submodule part);
          default = _: { };
        };
        byMany = mkOption {
          type = types.attrsOf (types.functionTo (types.nullOr (types.submodule part)));
        };
        none = mkOption {
          type = types.functionTo (types.submodule part);
          default = _: { };
        };
        lab = mkOption { type = types.lazyAttrsOf types.raw; };
      };
      config.lab = {
        names = (config.by "x").names;
        count = (config.by "x").count;
        many = (config.byMany.a 7).count;
        null = config.byMany.b 1;
        none = (config.none 3).names;
        evaluated =
          (lib.evalModules {
            modules = (config.by "y").modules ++ [ { options.z = mkOption { }; } ];
          }).config.z;
      };
    }
  )
  {
    by = name: {
      names = [ name ];
      modules = [ { z = name; } ];
    };
    byMany.a = count: { inherit count; };
    byMany.b = _: null;
  }
  { by = name: { names = lib.mkBefore [ "before ${name}" ]; }; }
]
