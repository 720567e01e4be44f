{ lib }:
with lib;
[
  { options.lab.a = mkOption { type = types.attrsOf types.int; default = { }; }; options.lab.b = mkOption { default = 1; }; }
  { options.lab.a.y = mkOption { type = types.int; default = 2; }; }
]
