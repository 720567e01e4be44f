# What is not used is not told of.
{ lib }:
with lib;
let
  of = used: (evalModules {
    modules = [
      {
        options.warnings = mkOption { type = types.listOf types.str; default = [ ]; };
        options.assertions = mkOption { type = types.listOf types.unspecified; default = [ ]; };
        options.new = mkOption { type = types.int; default = 0; };
        imports = [
          (mkRenamedOptionModule [ "old" ] [ "new" ])
          (mkAliasOptionModule [ "alias" ] [ "new" ])
          (mkRemovedOptionModule [ "gone" ] "It is gone.")
          (mkMergedOptionModule [ [ "m1" ] [ "m2" ] ] [ "new" ] (config: 3))
          (mkChangedOptionModule [ "was" ] [ "new" ] (config: 4))
        ];
      }
      used
    ];
  }).config;
  shown = used: {
    warnings = length (of used).warnings;
    assertions = map (it: it.assertion) (of used).assertions;
  };
in
[
  {
    options.lab = genAttrs [ "nothing" "old" "alias" "gone" "m1" "both" "was" "told" "names" ] (_: mkOption { type = types.raw; });
    config.lab = {
      nothing = shown { } // { all = (of { }).warnings; };
      old = shown { old = 1; };
      alias = shown { alias = 1; } // { all = (of { alias = 1; }).warnings; };
      gone = shown { gone = 1; };
      m1 = shown { m1 = 1; };
      both = shown { m1 = 1; m2 = 2; };
      was = shown { was = 1; };
      # It names the file in between.
      told = map (it: [
        (hasPrefix "The option definition `gone' in " it.message)
        (hasSuffix " no longer has any effect; please remove it.\nIt is gone.\n" it.message)
      ]) (of { gone = 1; }).assertions;
      names = map showOption [ [ "a" "b" ] [ "a" "b c" "<name>" "*" ] [ "1a" "b.c" "if" ] [ ] ];
    };
  }
]
