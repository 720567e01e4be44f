{ lib }:
let
  try = x: builtins.tryEval (builtins.deepSeq x x);
  no = throw "not needed";
in
{
  fromJSON = [
    (builtins.fromJSON "{\"a\": [1, 2.5, \"x\", null, true], \"b\": {\"c\": -3}}")
    (builtins.fromJSON "1e3")
    (builtins.fromJSON "  0  ")
    (builtins.fromJSON "\"\\u00fc\\n\"")
    (builtins.fromJSON "{\"a\": 1, \"a\": 2}")
    (builtins.fromJSON "9223372036854775807")
    (builtins.fromJSON "0.1")
  ];
  toJSON = [
    (builtins.toJSON { b = [ 1 "x" null true ]; a = { }; })
    (builtins.toJSON "q\"\\\n\t\r/ü<\${")
    (builtins.toJSON { outPath = "/x"; a = 1; })
    (builtins.toJSON { __toString = s: "t"; a = 1; })
    (builtins.toJSON 1.5)
    (builtins.toJSON 0.25)
    (builtins.toJSON (-12.125))
    (builtins.toJSON [ ])
  ];
  fromTOML = [
    (builtins.fromTOML "a = 1\n[b]\nc = \"x\"\nd = [1, 2]\ne = true\nf = 1.5\n[[g]]\nh = 'l'\n[[g]]\ni.j = 0x10")
    (builtins.fromTOML "")
  ];
  attrs = [
    (builtins.attrNames { b = 1; a = no; Z = 1; "10" = 1; "9" = 2; _x = 1; })
    (builtins.attrValues { b = 1; a = 2; })
    (builtins.catAttrs "a" [ { a = 1; } { b = 2; } { a = 3; } ])
    (builtins.getAttr "a" { a = 1; b = no; })
    (builtins.hasAttr "a" { a = no; })
    (builtins.intersectAttrs { a = no; b = no; } { b = 2; c = no; })
    (builtins.listToAttrs [ { name = "a"; value = 1; } { name = "a"; value = no; } { name = "b"; value = 2; } ])
    (builtins.listToAttrs [ { name = "a"; value = 1; } { name = "a"; } ])
    (builtins.attrNames (builtins.mapAttrs no { a = 1; }))
    (builtins.mapAttrs (n: v: n + toString v) { a = 1; b = 2; })
    (removeAttrs { a = 1; b = 2; c = 3; } [ "a" "x" "c" ])
    (builtins.zipAttrsWith (n: vs: { inherit n vs; }) [ { a = 1; } { b = 2; a = 3; } ])
    (builtins.functionArgs ({ a, b ? no, ... }@c: a))
    (builtins.functionArgs (x: x))
    (builtins.groupBy (x: if x > 2 then "big" else "small") [ 1 5 2 3 ])
    (builtins.partition (x: x > 2) [ 1 5 2 3 ])
  ];
  lists = [
    (builtins.elemAt [ 1 2 3 ] 1)
    (builtins.elem 2.0 [ 1 2 ])
    (builtins.elem no [ ])
    (builtins.length [ no no ])
    (builtins.head [ 1 no ])
    (builtins.length (builtins.tail [ no 1 ]))
    (builtins.filter (x: x != 2) [ 1 2 3 ])
    (builtins.foldl' (a: b: a * 10 + b) 0 [ 1 2 3 ])
    (builtins.foldl' (a: b: b) no [ 1 ])
    (builtins.genList (x: x * x) 4)
    (builtins.length (builtins.genList no 3))
    (builtins.length (map no [ 1 2 ]))
    (builtins.concatMap (x: [ x x ]) [ 1 2 ])
    (builtins.concatLists [ [ 1 ] [ ] [ 2 3 ] ])
    (builtins.sort (a: b: a < b) [ 3 1 2 1 ])
    (builtins.sort (a: b: a > b) [ 3 1 2 1 ])
    (builtins.sort builtins.lessThan [ "b" "a" "ab" "" ])
    (map (x: x.v) (builtins.sort (a: b: a.k < b.k) (builtins.genList (i: { k = lib.mod (i * 7) 3; v = i; }) 20)))
    (builtins.all (x: x) [ ])
    (builtins.any (x: x) [ ])
    (builtins.genericClosure { startSet = [ { key = 5; } ]; operator = i: if i.key > 30 then [ ] else [ { key = i.key * 2; } { key = i.key + 5; } ]; })
    (builtins.genericClosure { startSet = [ { key = 1; a = 1; } { key = 1; a = 2; } ]; operator = i: [ ]; })
    (builtins.genericClosure { startSet = [ ]; operator = i: [ ]; })
  ];
  numbers = [
    (builtins.add 1 2.5)
    (builtins.sub 1 2)
    (builtins.mul 2 2.5)
    (builtins.div 7 2)
    (builtins.div (-7) 2)
    (builtins.div 7.0 2)
    (builtins.ceil 1.2)
    (builtins.ceil (-1.2))
    (builtins.floor (-1.2))
    (builtins.floor 1.9)
    (builtins.ceil 5)
    (builtins.bitAnd 12 10)
    (builtins.bitOr 12 10)
    (builtins.bitXor 12 10)
    (builtins.bitAnd (-1) 255)
    (builtins.lessThan 1 2.5)
    (builtins.lessThan "a" "b")
  ];
  control = [
    (try (throw "x"))
    (try (assert false; 1))
    (try 5)
    (builtins.tryEval { a = throw "x"; }).success
    (builtins.seq { a = no; } 1)
    (try (builtins.deepSeq { a = throw "x"; } 1))
    (try (builtins.seq (throw "x") 1))
    (builtins.trace "t" 1)
    (try (builtins.trace (throw "x") 1))
    (builtins.addErrorContext no 1)
    (try (builtins.foldl' (a: b: a) 0 [ 1 (throw "x") ]))
    (try (builtins.elem 1 [ 1 (throw "x") ]))
    (try (builtins.elem 1 [ (throw "x") 1 ]))
  ];
  types = map builtins.typeOf [ 1 1.5 "a" true null [ ] { } (x: x) builtins.map (builtins.add 1) /a ];
  tests = [
    (builtins.isFunction (builtins.add 1))
    (builtins.isFunction { __functor = s: x: x; })
    (builtins.isAttrs { })
    (builtins.isNull null)
    (builtins.isPath /a)
    (builtins.isFloat 1.0)
  ];
}
