# lib.debug: what it prints is not part of a value, but what it forces is.
{ lib }:
let
  traceSeq = x: y: builtins.seq (builtins.deepSeq x null) y;

  # As far as `depth` says, a value is printed; whole where it is negative.
  forceTo =
    depth: v:
    if depth != 0 && builtins.isList v then
      builtins.foldl' (done: inner: builtins.seq (forceTo (depth - 1) inner) done) null v
    else if depth != 0 && v.type or null == "derivation" then
      builtins.seq (v.name or null) null
    else if depth != 0 && builtins.isAttrs v then
      forceTo depth (builtins.attrValues v)
    else
      builtins.seq v null;
  traceSeqN =
    depth: x: y:
    builtins.seq (forceTo depth x) y;
in
{
  inherit traceSeq traceSeqN;
  traceFnSeqN =
    depth: name: f: v:
    let
      result = f v;
    in
    traceSeqN (depth + 1) {
      fn = name;
      from = v;
      to = result;
    } result;
  traceValSeq = v: traceSeq v v;
  traceValSeqFn =
    f: v:
    builtins.deepSeq v (builtins.seq (f v) v);
  traceValSeqN = depth: v: traceSeqN depth v v;
  traceValSeqNFn =
    f: depth: v:
    traceSeqN depth (f v) v;
  runTests =
    tests:
    let
      chosen = tests.tests or [ ];
      runs =
        name:
        (builtins.substring 0 4 name == "test" || builtins.elem name chosen)
        && (chosen == [ ] || builtins.elem name chosen);
      failure =
        name: test:
        lib.optional (runs name && test.expr != test.expected) {
          inherit name;
          inherit (test) expected;
          result = test.expr;
        };
    in
    builtins.concatLists (lib.mapAttrsToList failure tests);
  testAllTrue = expr: {
    inherit expr;
    expected = map (_: true) expr;
  };
  throwTestFailures =
    {
      failures,
      description ? "tests",
      ...
    }:
    if failures == [ ] then
      null
    else
      throw "${toString (builtins.length failures)} ${description} failed:\n- ${
        lib.concatMapStringsSep "\n- " (failure: failure.name) failures
      }\n\n${builtins.toJSON failures}";
}
