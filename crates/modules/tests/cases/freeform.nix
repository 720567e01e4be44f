{ lib }:
with lib;
let
  free = freeformType: types.submodule { inherit freeformType; options.x = mkOption { type = types.int; default = 1; }; options.inner.y = mkOption { type = types.int; default = 2; }; };
  t = type: mkOption { inherit type; default = { }; };
in
[
  {
    options.lab = mapAttrs (_: t) {
      int = free (types.attrsOf types.int); empty = free (types.attrsOf types.int); str = free (types.attrsOf types.str); any = free types.anything; attrs = free types.attrs; lazyAny = free (types.lazyAttrsOf types.anything); coerced = free (types.attrsOf (types.coercedTo types.int toString types.str)); list = free (types.attrsOf (types.listOf types.int)); nested = free (types.attrsOf types.anything); nestedBad = free (types.attrsOf types.int); null = free (types.attrsOf (types.nullOr types.int)); lines = free (types.attrsOf types.lines); bool = free (types.attrsOf types.bool); sub = free (types.attrsOf (types.submodule ({ name, ... }: { options.n = mkOption { default = name; }; })));
      viaConfig = types.submodule { config._module.freeformType = types.attrsOf types.int; options.x = mkOption { default = 1; }; };
      twice = types.submodule [ { freeformType = types.attrsOf types.int; } { freeformType = types.attrsOf types.int; } ];
      selfRef = types.submodule ({ config, ... }: { freeformType = types.attrsOf types.int; options.sum = mkOption { default = config.a + config.b; }; });
    };
    config.lab = {
      int = { a = 1; b = mkIf false 2; c = mkDefault 3; }; str.a = 1; any = { a.b = [ 1 ]; c = 1; }; attrs = { a.b = 1; }; lazyAny.a.b = 1; coerced = { a = 1; b = "x"; }; list.a = [ 1 ]; nested = { inner.z = 3; other.z = 4; }; nestedBad = { inner.z = 3; a = 1; }; null.a = null; lines.a = "x"; bool.a = "no"; sub.a = { }; viaConfig.a = 1; twice.a = 1; selfRef = { a = 1; b = 2; };
    };
  }
  { lab.int = mkMerge [ { c = 4; } (mkIf false { d = 5; }) (mkIf true { e = mkForce 6; x = 9; }) ]; lab.any.a.c = 2; lab.attrs.a.c = 2; lab.list.a = mkBefore [ 0 ]; lab.lines.a = "y"; lab.list.b = mkForce [ 1 ]; }
  { lab.any = mkForce { z = 1; }; }
]
