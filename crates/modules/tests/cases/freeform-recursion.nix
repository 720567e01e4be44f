# Which attributes a freeform set has may not depend on the configuration, unless they are lazy.
{ lib }:
with lib;
let
  evaluate = type: modules: (evalModules {
    modules = [
      { freeformType = type; options.value = mkOption { type = types.nullOr types.str; default = null; }; }
      ({ config, ... }: { foo = mkIf (config.value != null) config.value; })
    ] ++ modules;
  }).config;
in
[
  {
    options.lab = mkOption { type = types.lazyAttrsOf types.raw; };
    config.lab = {
      strict = (evaluate (types.attrsOf types.str) [ ]).value;
      strict-defined = (evaluate (types.attrsOf types.str) [ { foo = "x"; } ]).value;
      lazy = (evaluate (types.lazyAttrsOf types.str) [ ]).value;
      lazy-undefined = (evaluate (types.lazyAttrsOf types.str) [ ]).foo;
      lazy-defined = (evaluate (types.lazyAttrsOf types.str) [ { value = "24"; } ]).foo;
    };
  }
]
