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
  sorted = builtins.tryEval (lib.sort (x: y: no) [ (throw "needed") ]);
}
