# Submodules that configure themselves.
{ lib }:
with lib;
let
  names = map (n: "m${toString n}") (range 10 28);
in
[
  { options.lab.m = mkOption { type = types.attrsOf (types.submodule ({ name, config, ... }: { options.a = mkOption { type = types.int; default = 1; }; options.b = mkOption { type = types.int; default = 2; }; config = mkIf (name == "m12" || config.b == 5) { a = mkDefault 7; }; })); }; }
  { lab.m = genAttrs names (n: { }); }
  { lab.m.m13.b = 5; lab.m.m14 = { b = 5; a = 8; }; }
]
