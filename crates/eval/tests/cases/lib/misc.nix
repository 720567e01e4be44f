{ lib }:
let
  fails = value: !(builtins.tryEval (builtins.deepSeq value value)).success;
  extended = lib.extend (final: prev: {
    own = x: x + 1;
    twice = x: final.own (final.own x);
    strings = prev.strings // { shout = s: prev.toUpper s + "!"; };
  });
  again = extended.extend (final: prev: { own = x: prev.own x + 10; });
  entries = {
    a = lib.fullDepEntry "A" [ "b" "c" ];
    b = lib.stringAfter [ "c" ] "B";
    c = lib.noDepEntry "C";
    d = lib.packEntry [ "a" ];
  };
in
{
  extend = [
    (extended.own 1)
    (extended.twice 1)
    (extended.strings.shout "a")
    (extended.strings.toLower "A")
    (again.own 1)
    (again.twice 1)
    (extended.concatStrings [ "a" ])
  ];
  texts = lib.textClosureMap (x: "<${x}>") entries [ "d" "b" ];
  textList = lib.textClosureList entries [ "b" "a" { text = "own"; deps = [ "c" ]; } ];
  nvs = lib.nvs "a" 1;
  setAttr = lib.setAttr { a = 1; } "b" 2;
  setAttrMerge = lib.setAttrMerge "a" 5 { b = 1; } (x: x + 1);
  maybeAttr = [ (lib.maybeAttr "a" 1 { a = 2; }) (lib.maybeAttr "b" 1 { a = 2; }) ];
  ifEnable = map (lib.ifEnable false) [ [ 1 ] { a = 1; } true "x" 3 ] ++ [ (lib.ifEnable true 1) ];
  defaultMerge = [ (lib.defaultMerge { a = 1; } { b = 2; }) (lib.defaultMerge { a = 1; } (x: { c = x.a; })) ];
  concatenate = lib.mergeAttrsConcatenateValues { a = 1; b = [ 2 ]; } { b = 3; c = 4; };
  withFunc = lib.mergeAttrsWithFunc (a: b: a + b) { a = 1; b = 2; } { b = 3; };
  nixType = map lib.nixType [ 1 "x" [ ] { } { outPath = "x"; } true null (x: x) 1.5 ];
  uniq = lib.uniqList { inputList = [ 1 2 1 3 2 ]; acc = [ 3 ]; };
  fake = [ lib.fakeHash lib.fakeSha256 lib.fakeSha512 ];
  isType = [ (lib.isType "a" { _type = "a"; }) (lib.isType "a" { }) (lib.isType "a" (lib.setType "a" { b = 1; })) ];
  imap = lib.imap (i: v: "${toString i}${v}") [ "a" "b" ];
  chars = [ (lib.concatStrings lib.lowerChars) (lib.concatStrings lib.upperChars) ];
  kernel = [
    lib.kernel.yes
    lib.kernel.no
    lib.kernel.module
    lib.kernel.unset
    (lib.kernel.option lib.kernel.yes)
    (lib.kernel.freeform "x")
  ];
  sourceTypes = lib.mapAttrsToList (n: v: "${v.shortName} ${lib.boolToString v.isSource}") lib.sourceTypes;
  extensions = map (e: e { f = 1; } { p = 2; }) [
    (lib.toExtension { a = 1; })
    (lib.toExtension (prev: { b = prev.p; }))
    (lib.toExtension (final: prev: { c = final.f + prev.p; }))
  ];
  traced = [
    (lib.traceSeq { a = 1; } 2)
    (lib.traceValSeq 3)
    (lib.traceSeqN 1 { a.b = throw "deep"; } 4)
    (lib.traceFnSeqN 1 "f" (x: x + 1) 5)
    (lib.traceValSeqN 1 [ 6 ])
    (lib.traceValSeqFn (x: x) 7)
    (lib.traceValSeqNFn (x: x) 1 8)
  ];
  tracedFails = map fails [
    (lib.traceSeq [ (throw "x") ] 1)
    (lib.traceSeqN 1 { a = throw "x"; } 1)
    (lib.traceValSeqFn throw "x")
  ];
  tests = lib.runTests {
    testRight = { expr = 1; expected = 1; };
    testWrong = { expr = 1; expected = 2; };
    other = throw "not a test";
  };
  testsChosen = map (t: t.name) (lib.runTests {
    tests = [ "other" ];
    testWrong = { expr = 1; expected = 2; };
    other = { expr = 1; expected = 2; };
  });
  testAllTrue = lib.testAllTrue [ true false ];
  testFailures = [ (lib.debug.throwTestFailures { failures = [ ]; }) (fails (lib.debug.throwTestFailures { failures = [ { name = "x"; expected = 1; result = 2; } ]; })) ];
}
