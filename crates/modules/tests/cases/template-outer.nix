# Options that ask for what stands outside.
{ lib }:
with lib;
let
  names = map (n: "m${toString n}") (range 10 28);
in
[
  { options.lab.m = mkOption { type = types.attrsOf (types.submodule ({ name, ... }: { options.a = mkOption { type = types.int; default = length names; }; options.idx = mkOption { type = types.int; default = lists.findFirstIndex (x: x == name) 0 names; }; options.t = mkOption { type = types.lines; default = "base"; }; })); }; }
  { lab.m = genAttrs names (n: { }); }
  { lab.m.m10.t = "x"; lab.m.m11.t = mkMerge [ "y" (mkBefore "z") ]; lab.m.m12 = mkMerge [ { t = "1"; } (mkIf false { t = "2"; }) { t = mkAfter "0"; } { t = "3"; } ]; }
]
