{ lib }:
let
  inherit (lib.path) subpath;
  fails = value: !(builtins.tryEval (builtins.deepSeq value value)).success;
in
{
  prefix = [
    (lib.path.hasPrefix /a /a/b)
    (lib.path.hasPrefix /a /ab)
    (lib.path.hasPrefix /a/b /a)
    (lib.path.hasPrefix /. /a)
    (lib.path.hasPrefix /a /a)
  ];
  remove = [
    (lib.path.removePrefix /a /a/b/c)
    (lib.path.removePrefix /. /a)
    (lib.path.removePrefix /a /a)
    (fails (lib.path.removePrefix /a /b))
  ];
  root = lib.path.splitRoot /a/b;
  rootOnly = lib.path.splitRoot /.;
  valid = map subpath.isValid [ "a" "" "/a" "a/../b" "a..b" ".." "./." "a//b" 1 null ];
  components = map subpath.components [ "." "./a//b/" "a/./b" "././a" ];
  normalise = map subpath.normalise [ "." "./" "a//b/" "a/./b" "./a" "a/." ];
  join = [ (subpath.join [ ]) (subpath.join [ "a" "./b" "." ]) (fails (subpath.join [ "a" "/b" ])) ];
  wrong = map fails [ (subpath.components "..") (subpath.normalise "") ];
}
