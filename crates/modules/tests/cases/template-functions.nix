# Members that are modules or functions.
{ lib }:
with lib;
let
  names = map (n: "m${toString n}") (range 10 28);
in
[
  { options.lab.m = mkOption { type = types.attrsOf (types.submodule ({ options.a = mkOption { type = types.int; default = 1; }; options.l = mkOption { type = types.listOf types.str; default = [ ]; }; })); }; }
  { lab.m = genAttrs names (n: { }); }
  { lab.m.m10 = { name, ... }: { l = [ name ]; }; lab.m.m11 = { config, ... }: { options.own = mkOption { default = config.a + 1; }; config.a = 4; }; lab.m.m12 = ./files/member.nix; }
]
