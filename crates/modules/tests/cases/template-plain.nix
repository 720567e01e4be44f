# Many members whose options are the same.
{ lib }:
with lib;
let
  names = map (n: "m${toString n}") (range 10 28);
in
[
  { options.lab.m = mkOption { type = types.attrsOf (types.submodule ({ options = { a = mkOption { type = types.int; default = 1; }; b = mkOption { type = types.listOf types.str; default = [ "x" ]; }; c = mkOption { type = types.nullOr types.str; default = null; }; need = mkOption { type = types.str; }; sub = mkOption { type = types.attrsOf types.int; default = { }; }; }; })); }; }
  { lab.m = genAttrs names (n: { }); }
  { lab.m.m10.a = 5; lab.m.m11 = { b = [ "y" ]; need = "n"; }; lab.m.m12 = mkIf true { c = "z"; a = mkForce 3; }; lab.m.m13.sub = { k = 1; j = mkIf false 2; }; lab.m.m14.b = mkOptionDefault [ "opt" ]; lab.m.m15 = mkDefault { a = 9; }; lab.m.m16.a = "wrong"; }
]
