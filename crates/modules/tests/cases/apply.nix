{ lib }:
with lib;
[
  ({ config, options, ... }: {
    options.lab = {
      a = mkOption { type = types.int; default = 1; apply = x: x + 1; };
      b = mkOption { type = types.listOf types.str; apply = concatStringsSep ","; default = [ ]; };
      c = mkOption { type = types.attrsOf (types.submodule ({ name, ... }: { options.v = mkOption { type = types.int; default = 2; apply = x: "${name}${toString x}"; }; })); apply = attrNames; };
      d = mkOption { type = types.attrsOf (types.submodule ({ name, ... }: { options.v = mkOption { type = types.int; default = 2; apply = x: "${name}${toString x}"; }; })); };
      fromA = mkOption { default = config.lab.a * 10; };
      value = mkOption { default = options.lab.a.value; };
    };
    config.lab.b = [ "x" ];
    config.lab.c.m = { };
    config.lab.d.m.v = 3;
    config.lab.d.n = { };
  })
  { lab.b = [ "y" ]; lab.a = 5; }
]
