{ lib }:
with lib;
let
  inner = evalModules {
    modules = [ { options.x = mkOption { type = types.int; default = 1; }; options.y = mkOption { type = types.listOf types.int; }; config.y = [ 1 ]; } ];
  };
  more = inner.extendModules { modules = [ { x = 5; y = [ 2 ]; } ]; };
  prefixed = evalModules { prefix = [ "a" "b" ]; specialArgs.z = 4; modules = [ ({ z, ... }: { options.x = mkOption { default = z; }; }) ]; };
  withArgs = evalModules { args = { q = 3; }; modules = [ ({ q, ... }: { options.x = mkOption { default = q; }; }) ]; };
in
[
  ({ extendModules, ... }: {
    imports = [ { options.lab.plain = mkOption { type = types.int; default = 1; }; options.lab.sub = mkOption { inherit (inner) type; }; } ];
    options.lab = genAttrs [ "x" "y" "mx" "my" "px" "names" "optX" "variant" "type" "qx" ] (_: mkOption { type = types.raw; });
    config.lab = {
      x = inner.config.x; y = inner.config.y; mx = more.config.x; my = more.config.y; px = prefixed.config.x; names = attrNames inner.config; optX = inner.options.x.isDefined;
      variant = (extendModules { modules = [ { lab.plain = mkForce 7; } ]; }).config.lab.plain;
      type = inner._type; sub.x = 9; qx = withArgs.config.x;
    };
  })
]
