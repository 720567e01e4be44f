{ lib }:
let
  fails = value: !(builtins.tryEval (builtins.deepSeq value value)).success;
  update = path: f: { inherit path; update = f; };
  value = {
    a.b = 1;
    c = [ 2 ];
    lazy = throw "not needed";
  };
  package = {
    outPath = "/o";
    dev.outPath = "/o-dev";
    lib.outPath = "/o-lib";
  };
in
{
  one = (lib.updateManyAttrsByPath [ (update [ "a" "b" ] (old: old + 1)) ] value).a;
  many = removeAttrs (lib.updateManyAttrsByPath [
    (update [ "a" ] (old: old // { x = 1; }))
    (update [ "a" "b" ] (old: old + 1))
    (update [ "a" "b" ] (old: old * 10))
    (update [ "new" "deep" ] (old: 3))
  ] value) [ "lazy" ];
  root = lib.updateManyAttrsByPath [ (update [ ] (old: 5)) ] value;
  none = (lib.updateManyAttrsByPath [ ] { a = 1; });
  absent = fails (lib.updateManyAttrsByPath [ (update [ "z" ] (old: old + 1)) ] value).z;
  noSet = fails (lib.updateManyAttrsByPath [ (update [ "c" "d" ] (old: 1)) ] value).c;
  outputs = [
    (lib.getInclude package).outPath
    (lib.getStatic package).outPath
    (lib.getFirstOutput [ "x" ] package).outPath
    (lib.getFirstOutput [ "dev" ] (package // { outputSpecified = true; })).outPath
  ];
  escapeC = lib.strings.escapeC [ " " "\n" "-" ] "a b\n-c";
  charToInt = map lib.strings.charToInt [ "a" "\n" "~" " " ];
  cmake = [
    (lib.cmakeBool "A" true)
    (lib.cmakeFeature "B" "c")
    (lib.cmakeOptionType "filepath" "D" "e")
    (lib.mesonBool "f" false)
    (lib.mesonEnable "g" true)
    (lib.mesonEnable "g" false)
    (lib.mesonOption "h" "i")
  ];
  cmakeFails = map fails [
    (lib.cmakeBool 1 true)
    (lib.cmakeBool "a" 1)
    (lib.cmakeOptionType "x" "D" "e")
    (lib.mesonOption "h" 1)
  ];
  common = [
    (lib.strings.commonPrefixLength "abcd" "abxd")
    (lib.strings.commonPrefixLength "" "a")
    (lib.strings.commonSuffixLength "xbcd" "bcd")
  ];
  levenshtein = map (k: lib.strings.levenshteinAtMost k "kitten" "sitting") [ (-1) 0 1 2 3 4 ];
  normalize = map lib.strings.normalizePath [ "/a//b///c/" "//" "a" "" ];
  storePath = map lib.isStorePath [ "a" 1 [ ] { } "" ];
}
