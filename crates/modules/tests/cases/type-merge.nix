# Several declarations of one option.
{ lib }:
with lib;
let
  d = type: mkOption { inherit type; };
in
[
  {
    options.lab = {
      same = d types.int; differ = d types.int; enum = d (types.enum [ "a" "b" ]);
      list = d (types.listOf types.int); listDiffer = d (types.listOf types.int);
      null = d (types.nullOr types.str); lines = d types.lines; linesDiffer = d types.lines;
      pattern = d (types.strMatching "a+"); patternDiffer = d (types.strMatching "a+");
      lazy = d (types.attrsOf types.int); port = d types.port; portInt = d types.port;
      coerced = d (types.coercedTo types.int toString types.str);
      oneType = mkOption { default = 1; }; twoDefaults = mkOption { default = 1; };
      twoDescriptions = mkOption { description = "a"; type = types.int; };
      defaultElsewhere = mkOption { type = types.int; };
      applyElsewhere = mkOption { type = types.int; };
      positive = d types.ints.positive;
      uniq = d (types.uniq types.str);
      path = d types.path; any = d types.anything; package = d types.package;
      between = d (types.ints.between 1 5); betweenDiffer = d (types.ints.between 1 5);
      either = d (types.either types.int types.str);
      nonEmpty = d (types.nonEmptyListOf types.int);
    };
  }
  {
    options.lab = {
      same = d types.int; differ = d types.str; enum = d (types.enum [ "b" "c" ]);
      list = d (types.listOf types.int); listDiffer = d (types.listOf types.str);
      null = d (types.nullOr types.str); lines = d types.lines; linesDiffer = d types.commas;
      pattern = d (types.strMatching "a+"); patternDiffer = d (types.strMatching "b+");
      lazy = d (types.lazyAttrsOf types.int); port = d types.port; portInt = d types.int;
      coerced = d (types.coercedTo types.int toString types.str);
      oneType = mkOption { type = types.int; }; twoDefaults = mkOption { default = 1; };
      twoDescriptions = mkOption { description = "a"; };
      defaultElsewhere = mkOption { default = 4; };
      applyElsewhere = mkOption { apply = x: x + 1; };
      positive = d types.ints.positive;
      uniq = d (types.uniq types.str);
      path = d types.path; any = d types.anything; package = d types.package;
      between = d (types.ints.between 1 5); betweenDiffer = d (types.ints.between 1 6);
      either = d (types.either types.int types.str);
      nonEmpty = d (types.nonEmptyListOf types.int);
    };
    config.lab = {
      same = 1; differ = 1; enum = "c"; list = [ 1 ]; listDiffer = [ ]; null = "a"; lines = "a"; linesDiffer = "a";
      pattern = "aa"; patternDiffer = "aa"; lazy.a = 1; port = 1; portInt = 70000; coerced = 1;
      twoDescriptions = 1; applyElsewhere = 1; positive = 0; uniq = "a"; path = "/a"; any = 1; between = 6; betweenDiffer = 6;
      either = "a"; nonEmpty = [ ];
    };
  }
]
