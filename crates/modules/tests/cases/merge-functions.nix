# Types of the repository's own with nixpkgs' merge functions.
{ lib }:
with lib;
let
  of = merge: mkOption { type = mkOptionType { name = "x"; inherit merge; }; };
  all = {
    one = [ mergeOneOption 1 ]; oneTwo = [ mergeOneOption 1 1 ];
    equal = [ mergeEqualOption "a" "a" ]; equalDiffer = [ mergeEqualOption "a" "b" ]; equalFunction = [ mergeEqualOption (x: x) ];
    default = [ mergeDefaultOption [ 1 ] [ 2 ] ]; defaultSets = [ mergeDefaultOption { a = 1; } { b = 2; } ]; defaultMixed = [ mergeDefaultOption 1 "a" ]; defaultStr = [ mergeDefaultOption "a" "b" ];
    unique = [ (mergeUniqueOption { message = "m"; }) 1 ]; uniqueTwo = [ (mergeUniqueOption { message = "m"; }) 1 1 ];
    uniqueMerge = [ (mergeUniqueOption { message = "m"; merge = loc: defs: [ loc (head defs).value ]; }) 1 ];
    values = [ (loc: defs: getValues defs) 1 2 ]; shown = [ (loc: defs: showOption (loc ++ [ "a.b" "<name>" "*" "if" ])) 1 ];
    options = [ options.mergeOneOption 2 ];
  };
in
[
  {
    options.lab = mapAttrs (_: definitions: of (head definitions)) all // {
      attrs = mkOption { type = types.attrsOf (mkOptionType { name = "sum"; check = isInt; merge = _: defs: foldl' (a: d: a + d.value) 0 defs; }); };
      empty = mkOption { type = mkOptionType { name = "e"; emptyValue.value = 7; }; };
      description = mkOption { default = [ (mkOptionType { name = "n"; }).description (mkOptionType { name = "n"; description = "d"; }).description ]; };
      unused = mkSinkUndeclaredOptions { };
    };
    config.lab = mapAttrs (_: definitions: mkMerge (tail definitions)) all // { attrs = mkMerge [ { a = 1; } { a = 2; b = 3; } ]; };
  }
]
