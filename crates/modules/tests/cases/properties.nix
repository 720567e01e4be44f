# mkIf, mkMerge, mkOverride and mkOrder inside of each other, around leaves and around sets.
{ lib }:
with lib;
let
  int = mkOption { type = types.int; };
  list = mkOption { type = types.listOf types.int; };
  any = mkOption { type = types.anything; };
  raw = mkOption { type = types.raw; };
  attrs = mkOption { type = types.attrs; };
in
[
  {
    options.lab = {
      ifForce = int; forceIf = int; forceIfFalse = int; mergeForce = int; forceMerge = int;
      forceDefault = int; defaultForce = int; ifIf = int; ifIfFalse = int;
      order1 = list; order2 = list; order3 = list; order4 = list; order5 = list; order6 = list;
      orderIf = list; orderOrder = list; orderForce = list; forceOrder = list; forceIfList = list;
      anyForceIf = any; rawForceIf = raw; attrsForceIf = attrs; anyOrderIf = any;
      a.x = int; a.y = int; a.l = list;
      b.x = int; b.y = int;
      c.x = int; c.y = int;
      d.x = int; d.y = int;
      e.x = int; e.y = int;
      f.x = int; f.y = int;
      g.x = int;
      prio = int; three = int;
    };
  }
  {
    lab = {
      ifForce = mkIf true (mkForce 1);
      forceIf = mkForce (mkIf true 1);
      forceIfFalse = mkForce (mkIf false 1);
      mergeForce = mkMerge [ 5 (mkForce 1) ];
      forceMerge = mkForce (mkMerge [ 1 1 ]);
      forceDefault = mkForce (mkDefault 1);
      defaultForce = mkDefault (mkForce 1);
      ifIf = mkIf true (mkIf true 1);
      ifIfFalse = mkMerge [ (mkIf true (mkIf false 1)) 2 ];
      order1 = mkMerge [ (mkAfter [ 3 ]) [ 2 ] (mkBefore [ 1 ]) ];
      order2 = mkMerge [ (mkOrder 10 [ 1 ]) (mkOrder 5 [ 2 ]) (mkOrder 10 [ 3 ]) ];
      order3 = mkIf true (mkAfter [ 1 ]);
      order4 = mkMerge [ (mkIf false (mkBefore [ 1 ])) (mkIf true (mkBefore [ 2 ])) [ 3 ] ];
      order5 = mkMerge [ (mkForce [ 1 ]) (mkForce (mkBefore [ 2 ])) [ 9 ] ];
      order6 = mkMerge [ [ 1 ] (mkMerge [ (mkBefore [ 2 ]) (mkAfter [ 3 ]) ]) [ 4 ] ];
      orderIf = mkMerge [ [ 1 ] (mkBefore (mkIf true [ 2 ])) ];
      orderOrder = mkMerge [ [ 1 ] (mkBefore (mkAfter [ 2 ])) ];
      orderForce = mkMerge [ [ 1 ] (mkBefore (mkForce [ 2 ])) ];
      forceOrder = mkMerge [ [ 1 ] (mkForce (mkBefore [ 2 ])) (mkForce [ 3 ]) ];
      forceIfList = mkForce (mkIf true [ 1 ]);
      anyForceIf = mkForce (mkIf true { a = 1; });
      rawForceIf = mkForce (mkIf true { a = 1; });
      attrsForceIf = mkForce (mkIf true { a = 1; });
      anyOrderIf = mkOrder 5 (mkIf true { a = 1; });
      a = mkIf true { x = mkForce 1; y = mkIf true 2; l = mkBefore [ 1 ]; };
      b = mkForce { x = 1; y = mkIf true 2; };
      c = mkDefault { x = mkForce 1; y = 2; };
      d = mkMerge [ (mkDefault { x = 1; y = 2; }) { x = 3; } ];
      e = mkIf true (mkForce { x = 1; y = 2; });
      f = mkForce (mkIf true { x = 1; y = 2; });
      g = mkOverride 10 { x = 1; };
      prio = mkOverride 90 1;
      three = mkMerge [ (mkOptionDefault 1) (mkDefault 2) (mkOverride 1200 3) ];
    };
  }
  {
    lab = {
      forceIf = 3; forceIfFalse = 3; forceMerge = 3; forceDefault = 3; defaultForce = 3;
      a.l = [ 2 ];
      b.x = 9; b.y = 9; c.x = 9; c.y = 9; e.x = 9; e.y = 9; f.x = 9; f.y = 9; g.x = 9;
      prio = 2;
    };
  }
]
