# What one option does wrong costs that option.
{ lib }:
with lib;
[
  {
    options.lab = mapAttrs (_: type: mkOption { inherit type; }) { throws = types.int; condition = types.int; forced = types.int; listThrows = types.listOf types.int; setThrows = types.attrsOf types.int; ok = types.int; priority = types.int; notType = "int"; falseThenThrow = types.int; throwThenFalse = types.int; };
    config.lab = {
      throws = throw "x"; condition = mkIf (throw "c") 1; forced = mkMerge [ (mkIf (throw "c") 1) (mkForce 2) ]; listThrows = [ 1 (throw "x") 3 ]; setThrows = { a = throw "x"; b = 1; }; ok = 1; priority = mkMerge [ (mkOverride (throw "p") 1) (mkForce 2) ]; notType = 1;
      falseThenThrow = mkMerge [ 1 (mkIf false (mkIf (throw "c") 2)) ]; throwThenFalse = mkMerge [ 1 (mkIf (throw "c") (mkIf false 2)) ];
    };
  }
  { lab = mkIf true { throws = mkDefault 2; }; }
]
