{ lib }:
let
  try = x: builtins.tryEval (builtins.deepSeq x x);
  no = throw "not needed";
  inherit (lib.lists) commonPrefix findFirstIndex hasPrefix removePrefix;
in
{
  singleton = lib.singleton "foo";
  forEach = lib.forEach [ 1 2 ] (x: toString x);
  fold = [
    (lib.foldr (a: b: a + b) "z" [ "a" "b" "c" ])
    (lib.foldr (a: b: "(${a} ${b})") "0" [ "1" "2" "3" ])
    (lib.foldl (a: b: "(${a} ${b})") "0" [ "1" "2" "3" ])
    (lib.foldl' (acc: x: acc + x) 0 [ 1 2 3 ])
    (lib.foldr (a: b: if a == 2 then a else b) no [ 1 2 3 ])
    (lib.foldl (a: b: b) no [ 1 2 ])
    (lib.foldl' (a: b: b) 5 [ ])
    (try (lib.foldl' (a: b: b) (throw "forced") [ 1 ]))
    (try (builtins.foldl' (a: b: b) (throw "is it forced") [ 1 ]))
  ];
  imap = [
    (lib.imap0 (i: v: "${v}-${toString i}") [ "a" "b" ])
    (lib.imap1 (i: v: "${v}-${toString i}") [ "a" "b" ])
    (builtins.length (lib.imap1 no [ 1 2 ]))
    (lib.lists.ifilter0 (i: v: i == 0 || v > 2) [ 1 2 3 ])
  ];
  concatMap = lib.concatMap (x: [ x ] ++ [ "z" ]) [ "a" "b" ];
  flatten = [ (lib.flatten [ 1 [ 2 [ 3 ] 4 ] 5 ]) (lib.flatten 1) (lib.flatten [ [ ] [ [ ] ] ]) ];
  remove = lib.remove 3 [ 1 3 4 3 ];
  findSingle = [
    (lib.findSingle (x: x == 3) "none" "multiple" [ 1 3 3 ])
    (lib.findSingle (x: x == 3) "none" "multiple" [ 1 3 ])
    (lib.findSingle (x: x == 3) "none" "multiple" [ 1 9 ])
  ];
  findFirst = [
    (lib.findFirst (x: x > 3) 7 [ 1 6 4 ])
    (lib.findFirst (x: x > 9) 7 [ 1 6 4 ])
    (lib.findFirst (x: x == 1) 7 [ 1 no ])
    (lib.findFirst (x: x == 1) 7 [ 1 (throw "later") ])
    (findFirstIndex (x: x > 3) null [ 0 6 4 ])
    (findFirstIndex (x: x > 9) null [ 0 6 4 ])
  ];
  anyAll = [
    (lib.any builtins.isString [ 1 "a" { } ])
    (lib.any builtins.isString [ ])
    (lib.all (x: x < 3) [ 1 2 ])
    (lib.all (x: x < 3) [ 1 2 3 ])
    (lib.any (x: x) [ true no ])
    (lib.all (x: x) [ false no ])
  ];
  count = lib.count (x: x == 3) [ 3 2 3 4 6 ];
  optional = [ (lib.optional true "foo") (lib.optional false no) (builtins.length (lib.optional true no)) ];
  optionals = [ (lib.optionals true [ 2 3 ]) (lib.optionals false no) (lib.optionals true 5) ];
  toList = [ (lib.toList [ 1 2 ]) (lib.toList "hi") ];
  range = [ (lib.range 2 4) (lib.range 3 2) (lib.range (-1) 1) (lib.range 3 3) ];
  replicate = [ (lib.replicate 3 "a") (lib.lists.replicate 2 true) (lib.replicate 0 no) ];
  partition = lib.partition (x: x > 2) [ 5 1 2 3 4 ];
  groupBy = [
    (lib.groupBy (x: builtins.toString (x > 2)) [ 5 1 2 3 4 ])
    (lib.groupBy' builtins.add 0 (x: builtins.toString (x > 2)) [ 5 1 2 3 4 ])
    (builtins.attrNames (lib.groupBy' no no (x: x) [ "a" "b" ]))
  ];
  zip = [
    (lib.zipListsWith (a: b: a + b) [ "h" "l" ] [ "e" "o" "x" ])
    (lib.zipLists [ 1 2 ] [ "a" "b" ])
    (builtins.length (lib.zipListsWith no [ 1 ] [ 2 ]))
  ];
  reverseList = lib.reverseList [ "b" "o" "j" ];
  listDfs = [
    (lib.listDfs true lib.hasPrefix [ "/home/user" "other" "/" "/home" ])
    (lib.listDfs true lib.hasPrefix [ "/home/user" "other" "/" "/home" "/" ])
  ];
  toposort = [
    (lib.toposort lib.hasPrefix [ "/home/user" "other" "/" "/home" ])
    (lib.toposort lib.hasPrefix [ "/home/user" "other" "/" "/home" "/" ])
    (lib.toposort (a: b: a < b) [ 3 2 1 ])
    (lib.toposort no [ 1 ])
    (lib.toposort no [ ])
  ];
  sort = [
    (lib.sort (p: q: p < q) [ 5 3 7 ])
    (lib.sort (p: q: p.k < q.k) [ { k = 2; v = 1; } { k = 1; v = 2; } { k = 2; v = 3; } { k = 1; v = 4; } ])
    (lib.sortOn builtins.stringLength [ "aa" "b" "cccc" "d" ])
    (lib.sort builtins.lessThan [ "b" "a" "B" "" "ä" "z" ])
  ];
  compareLists = [
    (lib.compareLists lib.compare [ ] [ ])
    (lib.compareLists lib.compare [ ] [ "a" ])
    (lib.compareLists lib.compare [ "a" ] [ ])
    (lib.compareLists lib.compare [ "a" "b" ] [ "a" "c" ])
  ];
  naturalSort = [
    (lib.naturalSort [ "disk11" "disk8" "disk100" "disk9" ])
    (lib.naturalSort [ "10.46.133.149" "10.5.16.62" "10.54.16.25" ])
    (lib.naturalSort [ "v0.2" "v0.15" "v0.0.9" ])
    (lib.naturalSort [ "a007" "a07" "a7" "a" "a0" "1" "" ])
  ];
  take = [ (lib.take 2 [ "a" "b" "c" ]) (lib.take 2 [ ]) (lib.take 9 [ 1 ]) (lib.takeEnd 2 [ 1 2 3 ]) (lib.takeEnd 9 [ 1 ]) ];
  drop = [ (lib.drop 2 [ 1 2 3 ]) (lib.drop 9 [ 1 ]) (lib.lists.dropEnd 2 [ 1 2 3 ]) (lib.lists.dropEnd 9 [ 1 ]) ];
  prefix = [
    (hasPrefix [ 1 2 ] [ 1 2 3 ])
    (hasPrefix [ 0 1 ] [ 1 2 ])
    (hasPrefix [ 1 2 ] [ 1 ])
    (removePrefix [ 1 2 ] [ 1 2 3 4 ])
    (try (removePrefix [ 0 1 ] [ 1 2 ]))
    (commonPrefix [ 1 2 3 ] [ 1 2 4 ])
    (commonPrefix [ 1 ] [ 1 2 ])
  ];
  sublist = [ (lib.sublist 1 3 [ "a" "b" "c" "d" "e" ]) (lib.sublist 1 3 [ ]) (lib.sublist 5 1 [ 1 ]) (lib.sublist 0 0 [ 1 ]) ];
  last = [ (lib.last [ 1 2 ]) (lib.init [ 1 2 3 ]) (try (lib.last [ ])) (try (lib.init [ ])) ];
  crossLists = lib.crossLists (x: y: "${toString x}${toString y}") [ [ 1 2 ] [ 3 4 ] ];
  unique = [
    (lib.unique [ 3 2 3 4 ])
    (lib.unique [ { a = 1; } { a = 1; } ])
    (lib.uniqueStrings [ "foo" "bar" "foo" ])
    (lib.allUnique [ 3 2 3 4 ])
    (lib.allUnique [ 3 2 4 1 ])
  ];
  sets = [
    (lib.intersectLists [ 1 2 3 ] [ 6 3 2 ])
    (lib.subtractLists [ 3 2 ] [ 1 2 3 4 5 3 ])
    (lib.mutuallyExclusive [ 1 ] [ 2 ])
    (lib.mutuallyExclusive [ 1 2 ] [ 2 ])
    (lib.mutuallyExclusive [ ] no)
  ];
  misc = [
    (lib.concatAttrValues { a = [ 1 ]; b = [ 2 ]; })
    (lib.replaceElemAt [ 1 2 3 ] 0 "a")
    (try (lib.replaceElemAt [ 1 ] 1 "a"))
  ];
}
