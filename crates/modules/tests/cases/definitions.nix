# mkDefinition: a definition of another file, which has a priority or a place inside of it.
{ lib }:
with lib;
let
  of = value: mkDefinition { file = "other"; inherit value; };
  option = type: mkOption { inherit type; };
in
[
  {
    options.lab = {
      plain = option types.int;
      forced = option types.int;
      default = option types.int;
      merged = option (types.listOf types.int);
      ordered = option (types.listOf types.int);
      chosen = option types.int;
      if-inside = option types.raw;
      merge-inside = option types.raw;
      of-set = option (types.attrsOf types.int);
      twice = option types.raw;
      own-default = mkOption { type = types.bool; default = of true; };
      same-as-default = mkOption { default = 1; };
    };
    config.lab = {
      plain = of 1;
      forced = of (mkForce 1);
      default = of (mkDefault 1);
      merged = mkMerge [ (of [ 1 ]) (of [ 2 ]) ];
      ordered = mkMerge [ (of (mkAfter [ 1 ])) (of [ 2 ]) (of (mkForce (mkBefore [ 3 ]))) (of (mkForce [ 4 ])) ];
      chosen = mkIf true (of 1);
      if-inside = of (mkIf false 1);
      merge-inside = of (mkMerge [ 1 ]);
      of-set = mkMerge [ (of { a = 1; b = mkDefault 1; }) { b = 2; c = of (mkForce 3); } ];
      twice = of (of 1);
      same-as-default = of (mkOptionDefault 2);
    };
  }
  { config.lab.forced = 2; config.lab.default = 2; config.lab.of-set.c = 4; }
]
