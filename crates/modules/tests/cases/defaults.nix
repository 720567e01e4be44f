# The default of an option is a definition of its own priority.
{ lib }:
with lib;
let
  sub = types.submodule { options.x = mkOption { type = types.int; default = 1; }; options.y = mkOption { type = types.int; default = 2; }; };
in
[
  {
    options.lab = {
      list = mkOption { type = types.listOf types.int; default = [ 1 ]; };
      listAdd = mkOption { type = types.listOf types.int; default = [ 1 ]; };
      set = mkOption { type = types.attrsOf types.int; default = { a = 1; }; };
      setAdd = mkOption { type = types.attrsOf types.int; default = { a = 1; }; };
      sub = mkOption { type = sub; default = { x = 5; }; };
      subGiven = mkOption { type = sub; default = { x = 5; }; };
      lines = mkOption { type = types.lines; default = "a"; };
      wrong = mkOption { type = types.int; default = "a"; };
      ifDefault = mkOption { type = types.int; default = mkIf true 1; };
      orderDefault = mkOption { type = types.listOf types.int; default = mkBefore [ 1 ]; };
      mkDefault = mkOption { type = types.int; default = mkDefault 1; };
      coerced = mkOption { type = types.coercedTo types.int toString types.str; default = 5; };
      setOfSub = mkOption { type = types.attrsOf sub; default = { m = { }; }; };
      null = mkOption { type = types.nullOr types.int; default = null; };
      listIf = mkOption { type = types.listOf types.int; default = [ (mkIf false 1) 2 ]; };
    };
  }
  { lab = { listAdd = mkOptionDefault [ 2 ]; setAdd = mkOptionDefault { b = 2; }; subGiven.y = 7; lines = mkOptionDefault "b"; list = mkIf false [ 9 ]; set = mkIf false { z = 1; }; orderDefault = mkOptionDefault [ 2 ]; }; }
]
