# Several declarations of one option whose types are submodules.
{ lib }:
with lib;
let
  sub = name: types.submodule { options.${name} = mkOption { type = types.str; default = name; }; options.l = mkOption { type = types.listOf types.str; default = [ ]; }; config.l = [ name ]; };
  only = name: types.submodule { options.${name} = mkOption { type = types.str; default = name; }; config.l = [ name ]; };
in
[
  {
    options.lab.a = mkOption { type = sub "one"; default = { }; };
    options.lab.set = mkOption { type = types.attrsOf (sub "one"); };
    options.lab.list = mkOption { type = types.listOf (sub "one"); };
    options.lab.null = mkOption { type = types.nullOr (sub "one"); };
    options.lab.either = mkOption { type = types.either types.int (sub "one"); };
  }
  {
    options.lab.a = mkOption { type = only "two"; };
    options.lab.set = mkOption { type = types.attrsOf (only "two"); };
    options.lab.list = mkOption { type = types.listOf (only "two"); };
    options.lab.null = mkOption { type = types.nullOr (only "two"); };
    options.lab.either = mkOption { type = types.either types.int (only "two"); };
  }
  {
    options.lab.a = mkOption { type = only "three"; };
    options.lab.set = mkOption { type = types.attrsOf (only "three"); };
  }
  {
    lab.set.x.two = "given";
    lab.list = [ { } ];
    lab.null = { };
    lab.either = { };
  }
]
