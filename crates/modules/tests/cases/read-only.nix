{ lib }:
with lib;
let
  ro = mkOption { type = types.int; readOnly = true; };
  rod = mkOption { type = types.int; readOnly = true; default = 1; };
in
[
  { options.lab = { one = ro; two = ro; conditional = ro; default = rod; both = rod; merge = ro; above = ro; none = ro; forced = ro; }; }
  { lab = { one = 1; two = 1; conditional = 1; both = 1; merge = mkMerge [ 1 1 ]; above = 1; forced = mkForce 1; }; }
  { lab.two = 1; lab.conditional = mkIf false 2; }
  { lab = mkIf false { above = 2; }; }
  { lab.forced = mkDefault 2; }
]
