# Which options there are depends on the name.
{ lib }:
with lib;
let
  names = map (n: "m${toString n}") (range 10 28);
in
[
  { options.lab.m = mkOption { type = types.attrsOf (types.submodule ({ name, ... }: { options = { a = mkOption { type = types.int; default = 1; }; } // optionalAttrs (name == "m12") { extra = mkOption { default = 2; }; }; })); }; }
  { lab.m = genAttrs names (n: { }); }
  { lab.m.m12.extra = 5; lab.m.m13.a = 2; }
]
