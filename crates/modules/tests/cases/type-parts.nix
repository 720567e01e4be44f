# The attributes of types that types of repositories are made of.
{ lib }:
with lib;
let
  kept = {
    str = types.str; int = types.int; bool = types.bool; lines = types.lines; port = types.port; raw = types.raw; anything = types.anything; attrs = types.attrs;
    list = types.listOf types.int; some = types.nonEmptyListOf types.int; set = types.attrsOf types.str; lazy = types.lazyAttrsOf types.str;
    nullable = types.nullOr types.str; unique = types.uniq types.str; choice = types.enum [ "a" "b" ]; either = types.either types.int types.str;
    coerced = types.coercedTo types.int toString types.str; checked = types.addCheck types.int (x: x > 3); function = types.functionTo types.str;
    submodule = types.submodule { options.a = mkOption { default = 1; }; }; submodules = types.attrsOf (types.submodule [ { } { } ]);
    module = types.deferredModule; modules = types.deferredModuleWith { staticModules = [ { } ]; }; custom = mkOptionType { name = "x"; };
    nested = types.listOf (types.nullOr (types.coercedTo types.str (x: { }) (types.submodule { }))); replaced = types.listOf types.int // { merge = _: _: 5; };
  };
  at = values: map (value: { file = "x"; inherit value; }) values;
  merge = name: values: kept.${name}.merge [ "a" "b" ] (at values);
  # As flakes have it that are made of modules.
  nullable = element: mkOptionType {
    name = "nullable";
    check = x: x == null || element.check x;
    merge = loc: defs: if all (def: def.value == null) defs then null else element.merge loc (filter (def: def.value != null) defs);
    emptyValue.value = null;
    inherit (element) getSubOptions getSubModules;
    substSubModules = m: nullable (element.substSubModules m);
    nestedTypes = { inherit element; };
  };
  coerced = from: coerce: to: types.coercedTo from coerce to // {
    merge = loc: defs: to.merge loc (map (def: def // { value = if to.check def.value then def.value else coerce def.value; }) defs);
  };
  mine = type: mkOption { inherit type; };
in
[
  {
    options.lab = {
      out = mkOption { type = types.lazyAttrsOf types.raw; };
      nullable = mine (nullable (types.listOf types.int));
      nulls = mine (nullable (types.attrsOf types.str));
      nothing = mine (nullable types.str);
      coerced = mine (coerced types.str singleton (types.listOf types.str));
      submodule = mine (nullable (types.submodule { options.a = mkOption { type = types.int; default = 2; }; }));
      optional = mine (types.attrsOf (nullable types.lines));
    };
    config.lab = {
      nullable = mkMerge [ [ 1 ] null (mkBefore [ 2 ]) ];
      nulls = mkMerge [ null null ];
      coerced = mkMerge [ "a" [ "b" ] ];
      submodule = { };
      optional = mkMerge [ { a = "x"; b = null; } { a = "y"; c = "z"; } ];
      out = {
        empty = mapAttrs (_: type: type.emptyValue) kept;
        modules = mapAttrs (_: type: if type.getSubModules == null then null else length type.getSubModules) kept;
        nested = mapAttrs (_: type: mapAttrs (_: type: type.name) type.nestedTypes) (removeAttrs kept [ "submodule" ]);
        str = merge "str" [ "a" "a" ]; list = merge "list" [ [ 1 ] [ 2 ] ]; set = merge "set" [ { a = "1"; } { b = "2"; } ]; lines = merge "lines" [ "a" "b" ];
        int = merge "int" [ 1 1 ]; attrs = merge "attrs" [ { a = 1; } { a = 2; b = 3; } ]; anything = merge "anything" [ { a.b = 1; } { a.c = 2; } ];
        either = merge "either" [ "a" "a" ]; nullable = merge "nullable" [ null null ]; coerced = merge "coerced" [ 1 "1" ]; submodule = merge "submodule" [ { a = 3; } ];
        submodules = merge "submodules" [ { a = { }; } { b = { }; } ]; custom = merge "custom" [ [ 1 ] [ 2 ] ]; replaced = merge "replaced" [ 1 ]; raw = merge "raw" [ { a = 1; } ];
        checked = merge "checked" [ 4 4 ]; kept = merge "raw" [ (mkIf false 1) ]; inside = merge "set" [ { a = mkIf false "x"; b = mkDefault "y"; } ];
        none = merge "list" [ ]; noSet = merge "set" [ ]; function = merge "function" [ (x: x + "a") ] "b";
        names = attrNames kept.custom; has = mapAttrs (_: type: toString (filter (name: type ? ${name}) [ "functor" "typeMerge" "descriptionClass" "check" "__functor" "members" ])) kept;
        made = { inherit (kept.custom) deprecationMessage descriptionClass description; modules = kept.custom.substSubModules [ ]; other = (kept.custom // { x = 1; }) ? y; };
        described = map (description: (mkOptionType { name = "n"; inherit description; }).description) [ null "d" ]; takesAll = kept.custom.check { }; conflict = merge "str" [ "a" "b" ]; wrong = merge "list" [ [ "a" ] ]; unique = merge "unique" [ "a" "a" ];
      };
    };
  }
]
