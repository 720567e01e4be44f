# Options that nobody defines.
{ lib }:
with lib;
let
  t = type: mkOption { inherit type; };
  sub = types.submodule ({ name, ... }: { options.x = mkOption { default = 1; }; options.n = mkOption { default = name; }; });
  subConfig = types.submodule { options.x = mkOption { type = types.int; }; config.x = 5; };
  subNeeds = types.submodule { options.x = mkOption { type = types.int; }; options.y = mkOption { default = 2; }; };
in
[
  {
    options.lab = mapAttrs (_: t) {
      bool = types.bool; int = types.int; str = types.str; lines = types.lines; list = types.listOf types.int; nonEmpty = types.nonEmptyListOf types.int;
      set = types.attrsOf types.int; lazy = types.lazyAttrsOf types.int; attrs = types.attrs; anything = types.anything; raw = types.raw; unspecified = types.unspecified;
      null = types.nullOr types.int; either = types.either types.int (types.listOf types.int); eitherNull = types.either (types.nullOr types.int) types.str; uniq = types.uniq (types.listOf types.int); uniqInt = types.uniq types.int;
      coerced = types.coercedTo types.int singleton (types.listOf types.int); coercedInt = types.coercedTo types.str toInt types.int; check = types.addCheck (types.listOf types.int) (x: false); enum = types.enum [ "a" ]; function = types.functionTo types.int; package = types.package; path = types.path; byOr = types.boolByOr; module = types.deferredModule;
      inherit sub subConfig subNeeds; nullSub = types.nullOr sub; uniqSub = types.uniq sub; coercedSub = types.coercedTo types.int (x: { inherit x; }) sub; listSub = types.listOf sub; setSub = types.attrsOf sub; eitherSub = types.either sub types.int; checkSub = types.addCheck sub (x: true);
    } // { enable = mkEnableOption "it"; bare = mkOption { }; };
  }
  { lab = mkIf false { sub.x = 2; list = [ 1 ]; set.a = 1; null = 1; nullSub = { }; }; }
  { options.lab.lazySub = mkOption { type = types.lazyAttrsOf sub; }; config.lab.lazySub.a = mkIf false { x = 3; }; }
]
