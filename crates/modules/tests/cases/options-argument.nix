{ lib }:
with lib;
[
  ({ options, config, ... }: {
    options.lab = {
      a = mkOption { type = types.int; default = 1; };
      b = mkOption { type = types.listOf types.int; };
      c = mkOption { type = types.int; };
      d = mkOption { type = types.attrsOf types.int; };
      e = mkOption { type = types.int; };
      f = mkOption { type = types.int; readOnly = true; };
      out = mkOption { type = types.lazyAttrsOf types.raw; };
    };
    config.lab = {
      b = mkMerge [ [ 1 ] (mkIf false [ 2 ]) (mkBefore [ 3 ]) (mkDefault [ 4 ]) ];
      d = mkForce { x = 1; };
      e = mkIf false 3;
      out = {
        aDefined = options.lab.a.isDefined; aPrio = options.lab.a.highestPrio; aValue = options.lab.a.value; aDefault = options.lab.a.default; aDefinitions = options.lab.a.definitions;
        bDefinitions = options.lab.b.definitions; bPrio = options.lab.b.highestPrio;
        cDefined = options.lab.c.isDefined; cPrio = options.lab.c.highestPrio; cDefinitions = options.lab.c.definitions; cValue = options.lab.c.value;
        dPrio = options.lab.d.highestPrio; dDefinitions = options.lab.d.definitions;
        eDefined = options.lab.e.isDefined; ePrio = options.lab.e.highestPrio;
        hasA = options ? lab.a; hasZ = options ? lab.z; hasZz = options.lab ? zz; names = attrNames options.lab; hasDefault = options.lab.c ? default;
        loc = options.lab.a.loc; string = "${options.lab.a}"; typeName = options.lab.a.type.name; readOnly = options.lab.f.readOnly or false; noReadOnly = options.lab.a.readOnly or false;
      };
    };
  })
  ({ options, ... }: { config = optionalAttrs (options ? lab.a) { lab.f = 3; }; })
  ({ options, ... }: { config = optionalAttrs (options ? lab.nope) { lab.f = 4; }; })
]
