# freeformType of the whole evaluation.
{ lib }:
with lib;
[
  { freeformType = types.attrsOf types.anything; options.lab.x = mkOption { default = 1; }; }
  { lab.y = { a = 1; b = mkIf false 2; }; lab.z = mkDefault 3; }
  { lab.y.c = [ 1 ]; lab.z = 4; }
]
