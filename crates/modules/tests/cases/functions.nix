{ lib }:
with lib;
[
  ({ config, ... }: {
    options.lab = {
      f = mkOption { type = types.functionTo (types.listOf types.int); };
      g = mkOption { type = types.functionTo types.lines; };
      any = mkOption { type = types.anything; };
      anyTwo = mkOption { type = types.anything; };
      raw = mkOption { type = types.raw; };
      used = mkOption { type = types.submodule [ config.module ]; default = { }; };
      out = mkOption { type = types.attrsOf types.raw; };
      unspec = mkOption { };
      unspecCalled = mkOption { type = types.raw; };
    };
    options.module = mkOption { type = types.deferredModule; };
    config.module = { options.z = mkOption { type = types.listOf types.int; default = [ ]; }; };
    config.lab = {
      f = x: [ x (mkIf false 5) ];
      g = x: "a${x}";
      any = x: { a = mkIf false 1; b = x; };
      anyTwo = x: { a = x; };
      raw = x: x;
      unspec = x: [ x ];
      unspecCalled = config.lab.unspec 1;
      out = {
        f = config.lab.f 1; g = config.lab.g "z"; any = config.lab.any 3; anyTwo = config.lab.anyTwo 1; raw = config.lab.raw 4;
        isF = builtins.isFunction config.lab.f; isFl = isFunction config.lab.f; moduleNames = attrNames config.module;
      };
    };
  })
  { lab.f = x: [ (x + 1) ]; lab.g = mkBefore (x: "b${x}"); lab.anyTwo = x: { b = x; }; module = { z = [ 1 ]; }; lab.unspec = x: [ 2 ]; }
]
