# With options for warnings and assertions of its own.
{ lib }:
with lib;
let
  int = mkOption { type = types.int; default = 0; };
in
[
  ({ config, ... }: {
    options.warnings = mkOption { type = types.listOf types.str; };
    options.assertions = mkOption { type = types.listOf types.unspecified; };
    options.lab = { new = int; other = int; merged = int; changed = int; warnings = mkOption { default = length config.warnings; }; assertions = mkOption { default = map (a: a.assertion) config.assertions; }; };
    imports = [
      (mkRenamedOptionModule [ "lab" "old" ] [ "lab" "new" ])
      (mkRemovedOptionModule [ "lab" "gone" ] "It is gone.")
      (mkRemovedOptionModule [ "lab" "goneUsed" ] "It is gone.")
      (mkMergedOptionModule [ [ "lab" "m1" ] [ "lab" "m2" ] ] [ "lab" "merged" ] (config: config.lab.m1 + config.lab.m2))
      (mkChangedOptionModule [ "lab" "was" ] [ "lab" "changed" ] (config: config.lab.was * 2))
      (mkChangedOptionModule [ "lab" "wasUnused" ] [ "lab" "other" ] (config: 99))
    ];
    config.lab = { old = 1; m1 = 2; m2 = 3; was = 4; goneUsed = 1; };
  })
]
