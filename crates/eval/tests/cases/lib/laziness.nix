{ lib }:
let
  no = throw "not needed";
in
{
  parts = [
    (lib.take no [ ])
    (lib.sublist 2 no [ 1 2 ])
    (lib.dropEnd no [ ])
  ];
  common = lib.lists.commonPrefix [ ] no;
  traced = map builtins.tryEval [
    (lib.traceSeqN (-1) { a.b.c = throw "needed"; } 1)
    (lib.traceSeqN 9 { type = "derivation"; name = "x"; out = no; } 1)
  ];
  compared = [
    (lib.compareLists no 1 [ ])
    (lib.compareLists no [ ] 1)
  ];
  hex = map lib.fromHexString [ "FF" "0x7fffffffffffffff" "7FFFFFFFFFFFFFFF" "00" ];
  traceIf = builtins.tryEval (lib.traceIf (throw "needed") no 1);
  untraced = lib.traceIf false no 1;
  sorted = builtins.tryEval (lib.sort (x: y: no) [ (throw "needed") ]);
}
