# Imports that nixpact cannot know may define anything.
{ lib }:
with lib;
[
  { options.lab = genAttrs [ "a" "b" ] (_: mkOption { type = types.int; default = 0; }); }
  { imports = optional (builtins.currentTime > 0) { lab.a = mkForce 3; }; lab.b = 2; lab.a = 1; }
]
