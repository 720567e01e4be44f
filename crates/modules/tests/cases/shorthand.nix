# Modules without `config`, under mkIf as a whole, and functions that give such.
{ lib }:
with lib;
[
  { options.lab = genAttrs [ "a" "b" "c" "d" "e" "f" "g" "h" ] (_: mkOption { type = types.int; default = 0; }); }
  (mkIf true { lab.a = 1; })
  (mkIf false { lab.b = 1; })
  ({ config, ... }: mkIf (config.lab.a == 1) { lab.c = 1; })
  ({ config, ... }: { config = mkIf (config.lab.b == 1) { lab.d = 1; }; })
  ({ ... }: mkMerge [ { lab.e = 1; } (mkIf true { lab.f = 2; }) ])
  (mkForce { lab.g = 1; })
  { lab.g = 2; }
  { _file = "x"; lab.h = 3; }
]
