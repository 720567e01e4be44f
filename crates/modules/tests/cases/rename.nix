{ lib }:
with lib;
let
  int = mkOption { type = types.int; default = 0; };
  list = mkOption { type = types.listOf types.int; default = [ ]; };
in
[
  {
    options.lab.new = { a = int; b = int; c = int; d = list; e = int; f = list; g = mkOption { type = types.submodule { options.x = int; options.y = int; }; default = { }; }; h = int; j = mkOption { type = types.int; }; set = mkOption { type = types.attrsOf types.int; }; };
    imports = [
      (mkRenamedOptionModule [ "lab" "old" "a" ] [ "lab" "new" "a" ])
      (mkRenamedOptionModule [ "lab" "old" "b" ] [ "lab" "new" "b" ])
      (mkAliasOptionModule [ "lab" "old" "c" ] [ "lab" "new" "c" ])
      (mkRenamedOptionModule [ "lab" "old" "d" ] [ "lab" "new" "d" ])
      (mkRenamedOptionModuleWith { from = [ "lab" "old" "e" ]; to = [ "lab" "new" "e" ]; sinceRelease = 2305; })
      (mkAliasOptionModule [ "lab" "old" "f" ] [ "lab" "new" "f" ])
      (mkAliasOptionModule [ "lab" "old" "g" ] [ "lab" "new" "g" ])
      (mkRenamedOptionModule [ "lab" "old" "h" ] [ "lab" "new" "h" ])
      (mkRenamedOptionModule [ "lab" "old" "j" ] [ "lab" "new" "j" ])
      (mkRenamedOptionModule [ "lab" "old" "set" ] [ "lab" "new" "set" ])
    ];
  }
  { lab.old.a = 1; lab.old.b = mkForce 2; lab.old.c = mkDefault 3; lab.old.d = [ 1 ]; lab.old.e = 5; lab.old.f = mkAfter [ 2 ]; lab.old.g.x = 7; lab.old.j = mkIf false 1; lab.old.set.a = 1; }
  { lab.new.b = 9; lab.new.c = 4; lab.new.d = [ 2 ]; lab.new.f = [ 1 ]; lab.new.g.y = 8; lab.new.set.b = 2; }
  { lab.old.d = mkBefore [ 0 ]; lab.old.g.y = mkDefault 1; }
]
