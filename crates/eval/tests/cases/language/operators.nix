{ lib }:
let
  try = x: builtins.tryEval (builtins.deepSeq x x);
  no = throw "not needed";
in
{
  arithmetic = [ (1 + 2 * 3) (7 / 2) (-7 / 2) (7 - 10) (1.5 + 1) (3 / 2.0) (-3) (- 2.5) (2 * -3) (10 - 2 - 3) (100 / 10 / 5) 1.0 0.1 1.0e10 123456789.0 1.0e-7 ];
  comparison = [
    (1 < 2) (2 <= 2) (3 > 4) (4 >= 4) (1 < 1.5) (1.0 == 1) ("a" < "b") ("a" < "B") ("" < "a") (/a < /b)
    ([ 1 2 ] < [ 1 3 ]) ([ 1 ] < [ 1 0 ]) ([ ] < [ ]) ([ 2 ] > [ 1 9 ]) ([ "a" 1 ] < [ "a" 2 ])
  ];
  equality = [
    (1 == "1") (null == false) ([ 1 [ 2 ] ] == [ 1 [ 2 ] ]) ({ a = 1; b = { c = 2; }; } == { b = { c = 2; }; a = 1; })
    ({ a = 1; } == { a = 1; b = 2; }) ((x: x) == (x: x)) ("a" == /a) ({ } == [ ]) (1 != 1.0) ([ ] == [ ])
    ({ type = "derivation"; outPath = "/x"; a = 1; } == { type = "derivation"; outPath = "/x"; a = 2; })
    ({ type = "derivation"; outPath = "/x"; } == { type = "derivation"; outPath = "/y"; })
    ({ type = "derivation"; outPath = "/x"; } == { type = "x"; outPath = "/x"; })
    ({ a = 1; b = no; } == { a = 2; c = no; }) ([ 1 no ] == [ 2 no ]) ([ no ] == [ ])
  ];
  logic = [ (false && no) (true || no) (false -> no) (true -> false) (!true) (true && true) (false || false) (!false && false) ];
  lists = [ ([ 1 ] ++ [ 2 ] ++ [ ]) (builtins.length ([ no ] ++ [ no ])) ];
  sets = [
    ({ a = 1; b = 2; } // { b = 3; c = 4; })
    ({ a = { x = 1; }; } // { a = { y = 2; }; })
    (builtins.attrNames ({ a = no; } // { b = no; }))
    ({ a.b.c = 1; a.b.d = 2; } ? a.b.c)
    ({ a.b = 1; } ? a.b.c)
    ({ a = 1; } ? "a")
    ({ a = 1; }.b or 2)
    ({ a.b = 1; }.a.c or { d = 4; }.d)
    ({ a = 5; }.a.b.c or "none")
    (try ({ a = throw "x"; }.a.b or 1))
    (5 ? a)
  ];
  strings = [
    ("a" + "b" + "c") "x${toString 5}y" ''
      indented
        more
      ''${escaped} ''\n ''' $x $$ $''${y}
    '' ''one line'' "\${a} $a \\ \" \n \t \r" "a
b" ''

      blank first
    '' ''	tab'' "$${1}" ''
      a${"b"}
        c
      ${"d"}''
    "${"a" + "b"}" "" ''''
  ];
  paths = [ /a/b /a/./b/../c (/. + "a") /a+b ];
  precedence = [ (1 + 2 == 3 && true) (!false == true) ([ 1 ] ++ [ 2 ] == [ 1 2 ]) (-1 + 2) (true -> false || true) ];
}
