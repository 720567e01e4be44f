# Options declared twice, and below attrsOf in several places.
{ lib }:
with lib;
let
  names = map (n: "m${toString n}") (range 10 28);
in
[
  { options.lab.m = mkOption { type = types.attrsOf (types.submodule ({ options.a = mkOption { type = types.int; }; imports = [ { options.a = mkOption { default = 3; }; } ]; })); }; options.lab.n = mkOption { type = types.attrsOf (types.submodule { options.z = mkOption { default = 5; type = types.int; }; }); }; }
  { lab.m = genAttrs names (n: { }); }
  { lab.m.m10.a = 3; lab.n = genAttrs names (n: { z = if n == "m11" then 2 else 5; }); }
]
