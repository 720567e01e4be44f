{ lib }:
with lib;
let
  t = type: mkOption { inherit type; };
  all = {
    list = [ (types.listOf types.int) [ 1 ] [ 2 3 ] ]; listIf = [ (types.listOf types.int) [ 1 (mkIf false 2) (mkIf true 3) ] ]; listMergeMember = [ (types.listOf types.int) [ (mkMerge [ 1 1 ]) ] ]; listMergeDiffer = [ (types.listOf types.int) [ (mkMerge [ 1 2 ]) 5 ] ]; listOverride = [ (types.listOf types.int) [ (mkForce 1) (mkMerge [ (mkDefault 2) 3 ]) ] ];
    listBad = [ (types.listOf types.int) [ 1 "a" 3 ] ]; listNot = [ (types.listOf types.int) 1 ]; listEmpty = [ (types.listOf types.int) [ ] [ ] ];
    listList = [ (types.listOf (types.listOf types.int)) [ [ 1 ] [ 2 (mkIf false 3) ] ] [ [ ] ] ];
    nonEmpty = [ (types.nonEmptyListOf types.int) [ 1 ] ]; nonEmptyEmpty = [ (types.nonEmptyListOf types.int) [ ] ]; nonEmptyOne = [ (types.nonEmptyListOf types.int) [ ] [ 1 ] ]; nonEmptyIf = [ (types.nonEmptyListOf types.int) [ (mkIf false 1) ] ];
    listLines = [ (types.listOf types.lines) [ (mkMerge [ "a" "b" ]) "c" ] ];
    set = [ (types.attrsOf types.int) { a = 1; } { b = 2; a = 1; } ]; setConflict = [ (types.attrsOf types.int) { a = 1; b = 1; } { a = 2; } ];
    setIf = [ (types.attrsOf types.int) { a = mkIf false 1; b = mkIf true 2; c = mkMerge [ ]; } ]; setPrio = [ (types.attrsOf types.int) { a = mkDefault 1; b = mkForce 2; } { a = 3; b = 4; } ];
    setDefault = [ (types.attrsOf types.int) (mkDefault { a = 1; b = 2; }) { a = 3; } ]; setForce = [ (types.attrsOf types.int) (mkForce { a = 1; }) { a = 3; b = 4; } ];
    setForceMember = [ (types.attrsOf types.int) (mkForce { a = mkDefault 1; b = mkForce 2; }) { a = 3; } ];
    setSet = [ (types.attrsOf (types.attrsOf types.int)) { a.b = 1; } { a.c = 2; d = { }; } ]; setSetDefault = [ (types.attrsOf (types.attrsOf types.int)) { a = mkDefault { b = 1; }; } { a.c = 2; } ];
    setSetIf = [ (types.attrsOf (types.attrsOf types.int)) { a = mkIf false { b = 1; }; c.d = mkIf false 1; } ];
    lazy = [ (types.lazyAttrsOf types.int) { a = mkIf false 1; b = 2; } ]; lazyList = [ (types.lazyAttrsOf (types.listOf types.int)) { a = mkIf false [ 1 ]; b = [ 2 ]; } ]; lazyNull = [ (types.lazyAttrsOf (types.nullOr types.int)) { a = mkIf false 1; } ]; lazyPrio = [ (types.lazyAttrsOf types.int) { a = mkDefault 1; } { a = 3; } ];
    setList = [ (types.attrsOf (types.listOf types.int)) { a = [ 1 ]; } { a = mkBefore [ 0 ]; b = mkAfter [ 2 ]; } ];
    setNot = [ (types.attrsOf types.int) [ ] ]; setNotMember = [ (types.attrsOf types.int) { a = "1"; b = 2; } ];
    setWith = [ (types.attrsWith { elemType = types.int; lazy = true; }) { a = 1; } ];
    attrs = [ types.attrs { a = 1; b.c = 1; } { b.d = 2; } ]; attrsIf = [ types.attrs { a = mkIf false 1; } ]; attrsMerge = [ types.attrs (mkIf true { a = 1; }) (mkMerge [ { b = 1; } { c = 1; } ]) ]; attrsOrder = [ types.attrs (mkAfter { a = 1; }) (mkBefore { a = 2; b = 2; }) ]; attrsPrio = [ types.attrs (mkDefault { a = 1; }) { b = 1; } ];
    any = [ types.anything { a = 1; b.c = 1; } { b.d = 2; a = 1; } ]; anyIf = [ types.anything { a = mkIf false 1; b = mkIf true { c = mkForce 2; }; } { b.c = 3; } ]; anyList = [ types.anything [ 1 ] [ 2 ] ]; anyListSame = [ types.anything [ 1 ] [ 1 ] ]; anyMixed = [ types.anything { a = 1; } [ 1 ] ]; anyStr = [ types.anything "a" "a" ]; anyNull = [ types.anything null null ]; anyNested = [ types.anything { l = [ (mkIf false 1) ]; } ]; anyDeep = [ types.anything { a.b.c = 1; } { a.b.d = mkIf false 1; } ]; anyConflict = [ types.anything { a = 1; b = 2; } { a = 2; } ]; anyInt = [ types.anything 1 1.0 ];
    anyOutPath = [ types.anything { outPath = "/a"; b = mkIf true 1; } ]; anyOutPathTwo = [ types.anything { outPath = "/a"; } { outPath = "/a"; } ]; anyOutPathMixed = [ types.anything { outPath = "/a"; } { b = 1; } ];
    nullList = [ (types.nullOr (types.listOf types.int)) [ 1 ] [ 2 ] ]; nullSet = [ (types.nullOr (types.attrsOf types.int)) { a = mkIf false 1; } { b = 2; } ];
    eitherList = [ (types.either (types.listOf types.int) types.str) [ 1 ] [ 2 ] ]; eitherListMixed = [ (types.either (types.listOf types.int) types.str) [ 1 ] "a" ]; eitherInner = [ (types.either (types.listOf types.int) (types.listOf types.str)) [ "a" ] ];
    coercedList = [ (types.coercedTo types.str singleton (types.listOf types.str)) "a" [ "b" ] ]; coercedPrio = [ (types.coercedTo types.str singleton (types.listOf types.str)) (mkBefore "a") [ "b" ] (mkForce [ "c" ]) (mkForce (mkBefore "d")) ];
    listCoerced = [ (types.listOf (types.coercedTo types.int toString types.str)) [ 1 "b" ] ];
    coercedProperty = [ (types.coercedTo types.int (x: mkForce { a = x; }) types.attrs) 1 ];
    uniqList = [ (types.uniq (types.listOf types.int)) [ 1 ] ]; uniqListTwo = [ (types.uniq (types.listOf types.int)) [ 1 ] [ 2 ] ];
    checkList = [ (types.addCheck (types.listOf types.int) (l: length l < 2)) [ 1 ] [ 2 ] ]; checkListNot = [ (types.addCheck (types.listOf types.int) (l: length l < 2)) [ 1 2 ] ];
    attrTag = [ (types.attrTag { a = mkOption { type = types.int; }; }) { a = 1; } ];
    json = [ types.json { a = [ 1 { b = null; } ]; } ];
  };
in
[
  { options.lab = mapAttrs (_: definitions: t (head definitions)) all; }
  { lab = mapAttrs (_: definitions: mkMerge (tail definitions)) all; }
]
