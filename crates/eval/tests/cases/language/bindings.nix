{ lib }:
let
  try = x: builtins.tryEval (builtins.deepSeq x x);
  no = throw "not needed";
in
{
  lets = [
    (let a = 1; b = a + 1; in b)
    (let a = b; b = 3; in a)
    (let a = 1; in let a = 2; in a)
    (let inherit ({ x = 1; y = 2; }) x y; in x + y)
    (let a.b = 1; a.c = 2; in a)
    (let f = n: if n == 0 then 1 else n * f (n - 1); in f 10)
    (let x = 1; in { inherit x; })
    (let { body = a; a = 7; })
  ];
  recs = [
    (rec { a = 1; b = a + 1; c = rec { a = 10; d = a + b; }; })
    (rec { a.b = 1; c = a.b; })
    (let x = 5; in rec { inherit x; y = x; })
    (let a = 1; in { a = a + 1; b = a; })
    (rec { inherit (rec { q = 1; r = q; }) r; s = r; })
  ];
  withs = [
    (with { a = 1; }; a)
    (let a = 1; in with { a = 2; }; a)
    (with { a = 1; b = 1; }; with { a = 2; }; [ a b ])
    (with no; 5)
    (with { x = 1; }; let y = x; in with { x = 2; }; [ x y ])
    (with { inherit (lib) id; }; id 3)
  ];
  functions = [
    ((x: x + 1) 2)
    ((x: y: x - y) 5 3)
    (({ a, b ? a * 2 }: a + b) { a = 1; })
    (({ a, b ? c, c ? 3 }: b) { a = 1; })
    (({ a, ... }@all: all) { a = 1; z = 2; })
    ((all@{ a ? 5, ... }: [ a (all ? a) ]) { })
    ((x: 5) no)
    (({ a ? no }: 5) { })
    (({ a, b }@args: builtins.attrNames args) { a = no; b = no; })
    ({ __functor = self: x: self.y + x; y = 3; } 4)
    ({ __functor = self: { a }: a; } { a = 1; })
    (let compose = f: g: x: f (g x); in compose (x: x * 2) (x: x + 1) 5)
    ((x: x) (x: x) 3)
    ((_: { __functor = _: _: 2; }) 1 1)
  ];
  dynamic = [
    { ${"a" + "b"} = 1; "c d" = 2; "${"e"}".f = 3; }
    { ${null} = 1; a = 2; }
    ({ ab = 5; }.${"a" + "b"})
    (let n = "x"; in { a.${n}.b = 1; a.y = 2; })
    ({ a = 1; } ? ${"a"})
    { a = { b = 1; }; a.c = 2; }
    (rec { ${"a"} = 1; b = 2; })
    { "" = 1; "if" = 2; a-b = 3; a' = 4; "1a" = 5; "a.b" = 6; "\${" = 7; "ü" = 8; }
  ];
  conditions = [
    (if true then 1 else no)
    (if false then no else if true then 2 else no)
    (assert true; 3)
    (try (assert 1 == 2; 3))
  ];
  laziness = [
    (builtins.length [ no no ])
    (let xs = [ 1 (no) ]; in builtins.head xs)
    ({ a = no; b = 1; }.b)
    (let loop = { a = 1; b = loop.a; }; in loop)
    (let fibs = [ 0 1 ] ++ lib.zipListsWith builtins.add fibs (builtins.tail fibs); in 1)
    (let s = { a = s.b + 1; b = 2; }; in s.a)
  ];
}
