# Modules that are values.
{ lib }:
with lib;
[
  ({ config, ... }: {
    options.lab = {
      used = mkOption { type = types.submodule config.plain; default = { }; };
      static = mkOption { type = types.submodule config.always; default = { }; };
      many = mkOption { type = types.attrsOf (types.submoduleWith { modules = [ config.always ]; }); };
      wrong = mkOption { type = types.deferredModule; };
    };
    options.plain = mkOption { type = types.deferredModule; default = { }; };
    options.always = mkOption {
      type = types.deferredModuleWith { staticModules = [ { options.a = mkOption { type = types.int; default = 1; }; } ]; };
    };
    config.plain = { options.x = mkOption { type = types.listOf types.int; }; };
    config.always = { name, ... }: { options.own = mkOption { default = name; }; };
    config.lab.many = { one = { }; two.a = 4; };
    config.lab.wrong = 1;
  })
  { plain = { x = [ 1 ]; }; always.a = mkDefault 2; }
  { plain = _: { x = mkBefore [ 0 ]; }; }
]
