# Unions of options: merging, conflicts, wrong names and types, defaults and `apply` of a choice.
{ lib }:
with lib;
let
  union = types.attrTag {
    count = mkOption { type = types.int; };
    words = mkOption { type = types.listOf types.str; apply = concatStringsSep " "; };
    nested = mkOption { type = types.submodule { options.a = mkOption { default = 1; }; options.b = mkOption { type = types.int; }; }; };
    loose = mkOption { default = 3; };
  };
  cases = {
    count = [ { count = 1; } ];
    same = [ { count = 1; } { count = 1; } ];
    differ = [ { count = 1; } { count = 2; } ];
    choices = [ { count = 1; } { words = [ ]; } ];
    words = [ { words = [ "a" ]; } { words = mkBefore [ "b" ]; } ];
    priorities = [ { count = mkDefault 1; } { count = 2; } ];
    outer = [ (mkDefault { count = 1; }) { words = [ "a" ]; } ];
    conditional = [ { count = mkIf false 1; } ];
    wrongType = [ { count = "1"; } ];
    wrongName = [ { other = 1; } ];
    two = [ { count = 1; words = [ ]; } ];
    none = [ { } ];
    noSet = [ 1 ];
    nested = [ { nested.b = 2; } { nested.a = 3; } ];
    nestedWrong = [ { nested.c = 2; } ];
    loose = [ { loose = 1; } ];
    looseIf = [ { loose = mkIf false 1; } ];
  };
in
[
  {
    options.lab = mapAttrs (_: _: mkOption { type = union; }) cases // {
      list = mkOption { type = types.listOf union; };
      default = mkOption { type = union; default.count = 4; };
      apply = mkOption { type = union; apply = attrNames; };
      isType = mkOption { default = isOptionType union; };
    };
    config.lab = mapAttrs (_: mkMerge) cases // {
      list = [ { count = 1; } { words = [ "a" "b" ]; } ];
      apply.count = 1;
    };
  }
]
