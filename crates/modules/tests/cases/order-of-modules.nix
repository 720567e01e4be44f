# Lists show the order in which modules are merged: breadth first, reversed.
{ lib }:
with lib;
let
  m = name: imports: { inherit imports; lab.order = [ name ]; lab.lines = name; };
  f = name: imports: { ... }: { inherit imports; config.lab.order = [ name ]; config.lab.lines = name; };
in
[
  {
    options.lab.order = mkOption { type = types.listOf types.str; default = [ "default" ]; };
    options.lab.lines = mkOption { type = types.lines; };
    options.lab.optionDefault = mkOption { type = types.listOf types.int; default = [ 1 ]; };
    config.lab.optionDefault = mkOptionDefault [ 2 ];
    imports = [ (m "a" [ (m "a1" [ ]) (f "a2" [ (m "a21" [ ]) ]) ]) (f "b" [ (m "b1" [ ]) ]) ];
  }
  (m "c" [ (f "c1" [ (m "c11" [ ]) ]) ])
  (f "d" [ ])
  (m "e" [ ./files/order.nix ])
  ./files/order.nix
  (m "g" [ ./files/order.nix { lab.order = [ "inline" ]; } ])
]
