# Options declared below an option that is a submodule.
{ lib }:
with lib;
[
  { options.lab.a = mkOption { type = types.submodule { options.x = mkOption { default = 1; }; }; default = { }; }; }
  { options.lab.a.y = mkOption { type = types.int; default = 2; }; }
  { lab.a.x = 5; }
]
