# An order around a submodule is an error, as it leaves a mark on the definition.
{ lib }:
with lib;
let
  sub = types.submodule { options.x = mkOption { type = types.listOf types.int; default = [ ]; }; };
in
[
  {
    options.lab = { a = mkOption { type = sub; }; b = mkOption { type = types.attrsOf sub; }; c = mkOption { type = types.nullOr sub; }; d = mkOption { type = types.attrsOf sub; }; e = mkOption { type = types.listOf sub; }; };
    config.lab = { a = mkBefore { x = [ 1 ]; }; b = mkBefore { m.x = [ 1 ]; }; c = mkAfter { x = [ 1 ]; }; d.m = mkOrder 1000 { x = [ 1 ]; }; e = [ (mkBefore { }) ]; };
  }
]
