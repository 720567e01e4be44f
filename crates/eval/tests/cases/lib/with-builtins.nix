# `lib // builtins`: what one of the two does not have comes from the other, or from the scope around.
{ lib }:
let
  all = lib // builtins;
  other = builtins // lib;
  groups = lib.strings // lib.lists;
in
[
  (all.concatMapStringsSep "," toString [ 1 2 ])
  (all.length [ 1 ])
  (other.optional true (other.substring 0 1 "ab"))
  (groups.concatMapStringsSep "," toString (groups.take 1 [ 1 2 ]))
  (all ? optional && other ? elemAt)
  (all.boolToString true)
  (builtins.zipAttrsWith (_: builtins.length) [
    { host = 1; }
    lib
    { inherit (lib) optional; host = 2; }
  ]).host
  (
    with {
      host = "around";
      map = throw "nearer ones count";
    };
    with all;
    map (x: x + host) [ "is " ]
  )
  (
    with {
      host = "around";
    };
    with other;
    with groups;
    toUpper host
  )
]
