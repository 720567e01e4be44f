# Types that ask for the configuration which they belong to: finding its options asks for none of them.
{ lib }:
with lib;
let
  tree = module: types.submodule { freeformType = types.lazyAttrsOf types.raw; imports = [ module ]; };
in
[
  ({ config, ... }: {
    options.lab = mkOption {
      default = { };
      type = types.submodule ({ config, ... }: {
        options.kinds = mkOption { type = types.raw; default = { kind = types.int; other = types.listOf types.str; }; };
        options.value = mkOption { type = config.kinds.kind; };
        options.list = mkOption { type = config.kinds.other; };
        options.tree = mkOption { type = tree { options.a = mkOption { type = config.kinds.kind; default = 3; }; }; default = { }; };
        config.value = 7;
      });
    };
    config.lab.list = [ "x" ];
  })
  ({ config, ... }: {
    options.outer = mkOption { type = types.lazyAttrsOf types.raw; };
    config.outer.seen = config.lab.value;
    options.chosen = mkOption { type = config.outer.type; default = "it"; };
    config.outer.type = types.str;
    config.lab.list = mkAfter [ config.chosen ];
  })
]
