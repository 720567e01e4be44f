{ lib }:
let
  try = x: builtins.tryEval (builtins.deepSeq x x);
  no = throw "not needed";
  f = { a, b ? 1 }: a;
in
{
  plumbing = [
    (lib.id 5)
    (lib.const 5 no)
    (lib.pipe 2 [ (x: x + 2) (x: x * 2) ])
    (lib.pipe 2 [ ])
    (lib.concat [ 1 ] [ 2 ])
    (lib.flip lib.concat [ 1 ] [ 2 ])
    (lib.mergeAttrs { a = 1; b = 2; } { b = 3; })
    (lib.defaultTo "d" null)
    (lib.defaultTo no false)
    (lib.mapNullable (x: x + 1) null)
    (lib.mapNullable (x: x + 1) 22)
  ];
  logic = [
    (lib.or true no)
    (lib.or false true)
    (lib.and false no)
    (lib.and true false)
    (lib.xor true false)
    (lib.xor true true)
    (lib.boolToString true)
    (lib.boolToString false)
    (lib.boolToYesNo true)
  ];
  numbers = [
    (lib.min 1 2)
    (lib.max 1 2)
    (lib.min 1.5 1)
    (lib.max "a" "b")
    (lib.mod 11 10)
    (lib.mod 1 10)
    (lib.mod (-4) 3)
    (lib.compare 1 2)
    (lib.compare "b" "a")
    (lib.compare 2 2)
    (lib.bitAnd 12 10)
    (lib.bitOr 12 10)
    (lib.bitXor 12 10)
    (lib.bitNot 5)
    (lib.toHexString 250)
    (lib.toHexString 0)
    (lib.toHexString 4096)
    (lib.fromHexString "FF")
    (lib.fromHexString "0x7fff")
    (lib.toBaseDigits 10 123)
    (lib.toBaseDigits 2 6)
    (lib.toBaseDigits 16 250)
    (try (lib.toBaseDigits 1 5))
    (try (lib.toHexString (-1)))
    (lib.splitByAndCompare (lib.hasPrefix "foo") lib.compare lib.compare "fooz" "bar")
    (lib.splitByAndCompare (lib.hasPrefix "foo") lib.compare lib.compare "zz" "fooa")
    (lib.splitByAndCompare (lib.hasPrefix "foo") lib.compare lib.compare "fooa" "foob")
    (lib.splitByAndCompare (lib.hasPrefix "foo") lib.compare lib.compare "b" "a")
  ];
  functions = [
    (lib.functionArgs f)
    (lib.functionArgs (x: x))
    (lib.functionArgs (lib.setFunctionArgs f { c = false; }))
    (lib.functionArgs { __functor = self: f; })
    (lib.setFunctionArgs f { } { a = 7; })
    (map lib.isFunction [ f builtins.map (lib.setFunctionArgs f { }) { } 5 ])
    (lib.toFunction 5 no)
    (lib.toFunction (x: x + 1) 5)
    (lib.functionArgs (lib.mirrorFunctionArgs f (x: x)))
  ];
  warnings = [
    (lib.warn "w" 1)
    (lib.warnIf true "w" 2)
    (lib.warnIf false no 3)
    (lib.warnIfNot true no 4)
    (lib.throwIf false no 5)
    (lib.throwIfNot true no 6)
    (try (lib.throwIf true "x" 5))
    (try (lib.throwIfNot false "x" 6))
    (try (lib.seq (lib.throwIf true "x") 5))
    (lib.info "i" 7)
    (lib.showWarnings [ "a" ] 8)
    (lib.checkListOfEnum "c" [ "a" "b" ] [ "b" ] 9)
    (try (lib.checkListOfEnum "c" [ "a" "b" ] [ "x" ] 9))
  ];
  asserts = [
    (lib.assertMsg true no)
    (try (lib.assertMsg false "x"))
    (lib.assertOneOf "ssl" "openssl" [ "openssl" "libressl" ])
    (try (lib.assertOneOf "ssl" "wolf" [ "openssl" "libressl" ]))
    (lib.asserts.assertEachOneOf "ssl" [ "a" ] [ "a" "b" ])
    (try (lib.asserts.assertEachOneOf "ssl" [ "c" ] [ "a" "b" ]))
    (lib.asserts.checkAssertWarn [ { assertion = true; message = no; } ] [ ] 4)
    (try (lib.asserts.checkAssertWarn [ { assertion = false; message = "m"; } ] [ ] 4))
  ];
  debug = [ (lib.traceVal 1) (lib.traceIf false no 1) (lib.trace "x" 1) (lib.traceValFn (x: x) 3) ];
  fixedPoints = [
    (lib.fix (self: { foo = "foo"; bar = "bar"; foobar = self.foo + self.bar; }))
    (lib.converge (x: x / 2) 16)
    (lib.fix (lib.extends (final: prev: { foo = prev.foo + " + "; }) (self: { foo = "f"; b = self.foo; })))
    (lib.composeExtensions (f: p: { a = 1; }) (f: p: { b = p.a; }) { } { z = 1; })
    (lib.fix (lib.extends (lib.composeManyExtensions [ (f: p: { a = p.a + 1; }) (f: p: { a = p.a * 10; }) ]) (self: { a = 1; b = self.a; })))
    (lib.composeManyExtensions [ ] { } { })
    ((lib.makeExtensible (self: { a = 1; b = self.a + 1; })).b)
    (((lib.makeExtensible (self: { a = 1; b = self.a + 1; })).extend (final: prev: { a = prev.a + 5; })).b)
    (builtins.attrNames (lib.makeExtensible (self: { a = 1; })))
    ((lib.makeExtensible (self: { a = 1; })).__unfix__ { } ? extend)
  ];
}
