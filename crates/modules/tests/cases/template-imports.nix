# Submodules with imports and with several modules.
{ lib }:
with lib;
let
  names = map (n: "m${toString n}") (range 10 28);
in
[
  { options.lab.m = mkOption { type = types.attrsOf (types.submodule ({ imports = [ ({ name, ... }: { options.b = mkOption { type = types.str; default = "b-${name}"; }; }) ({ config, ... }: { options.c = mkOption { type = types.str; default = config.b; }; }) ]; options.a = mkOption { type = types.int; default = 1; }; })); }; }
  { lab.m = genAttrs names (n: { }); }
  { lab.m.m10.b = "x"; lab.m.m11.a = 2; }
]
