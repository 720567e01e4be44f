# Nested options in members.
{ lib }:
with lib;
let
  names = map (n: "m${toString n}") (range 10 28);
in
[
  { options.lab.m = mkOption { type = types.attrsOf (types.submodule ({ name, ... }: { options.deep.a = mkOption { type = types.int; default = 1; }; options.deep.n = mkOption { type = types.str; default = name; }; options.b = mkOption { type = types.int; default = 2; }; })); }; }
  { lab.m = genAttrs names (n: { }); }
  { lab.m.m10.deep.a = 3; lab.m.m11.b = mkForce 4; lab.m.m12.deep = mkIf false { a = 9; }; }
]
