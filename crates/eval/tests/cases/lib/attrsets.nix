{ lib }:
let
  try = x: builtins.tryEval (builtins.deepSeq x x);
  set = { a = 1; b = { c = 2; d = { e = 3; }; }; };
  no = throw "not needed";
in
{
  attrByPath = [
    (lib.attrByPath [ "b" "c" ] 9 set)
    (lib.attrByPath [ "b" "x" ] 9 set)
    (lib.attrByPath [ "a" "x" ] 9 set)
    (lib.attrByPath [ ] no { z = 1; })
    (lib.attrByPath [ "a" ] no set)
  ];
  hasAttrByPath = [
    (lib.hasAttrByPath [ "b" "d" "e" ] set)
    (lib.hasAttrByPath [ "b" "d" "f" ] set)
    (lib.hasAttrByPath [ "a" "f" ] set)
    (lib.hasAttrByPath [ ] no)
    (lib.hasAttrByPath [ "a" ] { a = no; })
  ];
  getAttrFromPath = lib.getAttrFromPath [ "b" "d" ] { b.d.e = 3; };
  setAttrByPath = [
    (lib.setAttrByPath [ "x" "y z" ] 1)
    (lib.setAttrByPath [ ] 1)
    (builtins.attrNames (lib.setAttrByPath [ "x" no ] 1))
  ];
  longestValidPathPrefix = [
    (lib.attrsets.longestValidPathPrefix [ "b" "c" "x" ] set)
    (lib.attrsets.longestValidPathPrefix [ "z" ] set)
    (lib.attrsets.longestValidPathPrefix [ "b" "c" ] set)
  ];
  attrVals = lib.attrVals [ "b" "a" ] { a = 1; b = 2; };
  attrValsLazy = builtins.length (lib.attrVals [ "nope" ] set);
  getAttrs = lib.getAttrs [ "a" ] set;
  getAttrsLazy = builtins.attrNames (lib.getAttrs [ "nope" ] set);
  filterAttrs = [
    (lib.filterAttrs (n: v: n == "a") set)
    (builtins.attrNames (lib.filterAttrs (n: v: n != "a") { a = 1; x = no; }))
    (lib.filterAttrs no { })
    (try (lib.filterAttrs (n: v: v) { a = 1 == 1; b = throw "x"; }))
  ];
  filterAttrsRecursive = lib.filterAttrsRecursive (n: v: n != "c") set;
  foldlAttrs = lib.foldlAttrs (acc: n: v: acc + n + toString v) "" { b = 2; a = 1; };
  foldAttrs = [
    (lib.foldAttrs (item: acc: [ item ] ++ acc) [ ] [ { a = 2; } { a = 3; b = 7; } { b = 6; } ])
    (lib.foldAttrs (x: y: x + y) 0 [ ])
    (builtins.attrNames (lib.foldAttrs no no [ { a = no; } ]))
  ];
  collect = [
    (lib.collect builtins.isList { a = { b = [ "b" ]; }; c = [ 1 ]; d = 4; })
    (lib.collect (x: x ? outPath) { a = { outPath = "a/"; }; b = { outPath = "b/"; }; })
    (lib.collect builtins.isInt 5)
  ];
  cartesianProduct = [
    (lib.cartesianProduct { a = [ 1 2 ]; b = [ 10 20 ]; })
    (lib.cartesianProduct { })
    (lib.cartesianProduct { a = [ ]; b = no; })
    (lib.mapCartesianProduct ({ a, b }: "${a}-${b}") { a = [ "1" "2" ]; b = [ "3" "4" ]; })
  ];
  nameValuePair = lib.nameValuePair "some" 6;
  "mapAttrs'" = lib.mapAttrs' (n: v: lib.nameValuePair ("foo_" + n) ("bar-" + v)) { x = "a"; y = "b"; };
  "mapAttrs'Lazy" = builtins.attrNames (lib.mapAttrs' (n: v: lib.nameValuePair n no) { x = 1; });
  "mapAttrs'Same" = lib.mapAttrs' (n: v: lib.nameValuePair "same" v) { x = 1; y = 2; };
  mapAttrsToList = lib.mapAttrsToList (n: v: n + v) { y = "b"; x = "a"; };
  mapAttrsToListLazy = builtins.length (lib.mapAttrsToList no { y = "b"; x = "a"; });
  attrsToList = lib.attrsToList { foo = 1; bar = "asdf"; };
  mapAttrsRecursive = lib.mapAttrsRecursive (p: v: lib.concatStringsSep "-" (p ++ [ (toString v) ])) set;
  mapAttrsRecursiveCond =
    lib.mapAttrsRecursiveCond (as: !(as ? "type")) (p: x: if builtins.isAttrs x then x.name else p)
      { a = { type = "derivation"; name = "n"; }; b.c = 1; };
  mapAttrsToListRecursive = lib.mapAttrsToListRecursive (p: v: "${toString p}=${toString v}") set;
  genAttrs = [
    (lib.genAttrs [ "foo" "bar" ] (n: "x_" + n))
    (builtins.attrNames (lib.genAttrs [ "a" "a" "b" ] no))
    (lib.genAttrs [ ] no)
  ];
  "genAttrs'" = lib.genAttrs' [ "foo" "bar" ] (s: lib.nameValuePair ("x_" + s) ("y_" + s));
  isDerivation = map lib.isDerivation [ { type = "derivation"; } { type = "x"; } { } 5 "derivation" ];
  optionalAttrs = [
    (lib.optionalAttrs true { my = "set"; })
    (lib.optionalAttrs false no)
  ];
  zipAttrsWithNames = lib.zipAttrsWithNames [ "a" ] (n: vs: vs) [ { a = "x"; } { a = "y"; b = "z"; } ];
  zipAttrsWith = lib.zipAttrsWith (name: values: values) [ { a = "x"; } { a = "y"; b = "z"; } ];
  zipAttrsLazy = builtins.attrNames (lib.zipAttrsWith (n: no) [ { a = no; } ]);
  zipAttrs = lib.zipAttrs [ { a = "x"; } { a = "y"; b = "z"; } ];
  mergeAttrsList = [
    (lib.mergeAttrsList [ { a = 0; b = 1; } { c = 2; a = 3; } { a = 4; } ])
    (lib.mergeAttrsList [ ])
    (lib.mergeAttrsList [ 5 ])
  ];
  recursiveUpdate = [
    (lib.recursiveUpdate { boot.loader.grub.enable = true; boot.loader.grub.device = "/dev/hda"; } { boot.loader.grub.device = ""; })
    (lib.recursiveUpdate { a.b = 1; } { a = 5; })
    (lib.recursiveUpdate { a = 1; } { a.b = 5; })
    (lib.recursiveUpdate { a = [ 1 ]; } { a = [ 2 ]; })
    (builtins.attrNames (lib.recursiveUpdate { a = no; } { b = no; }))
    (lib.recursiveUpdate { a = { x = 1; y = 1; }; } { a = { y = 2; z = 3; }; b = 1; })
    (lib.recursiveUpdate { a = 1; } { a = { }; })
  ];
  recursiveUpdateUntil = lib.recursiveUpdateUntil (p: l: r: p == [ "foo" ]) { foo.bar = 1; foo.baz = 2; bar = 3; } { foo.bar = 1; foo.quz = 2; baz = 4; };
  matchAttrs = [
    (lib.matchAttrs { cpu = { }; } { cpu = { bits = 64; }; })
    (lib.matchAttrs { cpu = { bits = 64; }; } { cpu = { bits = 32; }; })
    (lib.matchAttrs { a = 1; } { a = 1; b = 2; })
    (lib.matchAttrs { a = 1; } 5)
    (lib.matchAttrs { } 5)
  ];
  overrideExisting = lib.overrideExisting { a = 1; b = 2; } { b = 3; c = 4; };
  showAttrPath = [ (lib.showAttrPath [ "foo" "10" "bar" "if" "a'b" ]) (lib.showAttrPath [ ]) ];
  getOutput = [
    (lib.getOutput "dev" { dev = 1; out = 2; })
    (lib.getOutput "x" { dev = 1; out = 2; })
    (lib.getOutput "x" { a = 1; })
    (lib.getBin { bin = 1; outputSpecified = true; })
    (lib.getBin "x")
  ];
  recurseIntoAttrs = lib.recurseIntoAttrs { a = 1; };
  concatMapAttrs = lib.concatMapAttrs (n: v: { ${n} = v; ${n + v} = v; }) { x = "a"; y = "b"; };
  concatMapAttrsOrder = lib.concatMapAttrs (n: v: { k = v; }) { x = "a"; y = "b"; };
  updateExisting = lib.attrsets.unionOfDisjoint { a = 1; } { b = 2; };
  unionCollides = builtins.attrNames (lib.attrsets.unionOfDisjoint { a = 1; } { a = 2; });
  getExe = [
    (lib.getExe { type = "derivation"; outPath = "/x"; meta.mainProgram = "prog"; })
    (lib.getExe { type = "derivation"; outPath = "/x"; name = "hello-1.2"; bin = "/y"; })
    (lib.getExe' { type = "derivation"; outPath = "/x"; } "p")
    (try (lib.getExe' { outPath = "/x"; } "p"))
    (try (lib.getExe' { type = "derivation"; outPath = "/x"; } "a/p"))
  ];
}
