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
  sorted = builtins.tryEval (lib.sort (x: y: no) [ (throw "needed") ]);
}
