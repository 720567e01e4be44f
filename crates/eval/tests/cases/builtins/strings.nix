{ lib }:
let
  try = x: builtins.tryEval (builtins.deepSeq x x);
in
{
  substring = [
    (builtins.substring 0 3 "nixos")
    (builtins.substring 3 (-1) "nixos")
    (builtins.substring 3 (-7) "nixos")
    (builtins.substring 9 2 "nixos")
    (builtins.substring 1 100 "nixos")
    (builtins.substring 0 0 "nixos")
    (builtins.substring 1 1 { outPath = "abc"; })
  ];
  replaceStrings = [
    (builtins.replaceStrings [ "oo" "a" ] [ "a" "i" ] "foobar")
    (builtins.replaceStrings [ "" ] [ "X" ] "abc")
    (builtins.replaceStrings [ "" "a" ] [ "X" "Y" ] "abc")
    (builtins.replaceStrings [ "a" "" ] [ "Y" "X" ] "abca")
    (builtins.replaceStrings [ "" ] [ "X" ] "")
    (builtins.replaceStrings [ "ab" "abc" ] [ "1" "2" ] "abcab")
    (builtins.replaceStrings [ ] [ ] "abc")
    (builtins.replaceStrings [ "ü" ] [ "ue" ] "grün")
    (builtins.replaceStrings [ "\n" ] [ "\\n" ] "a\nb")
  ];
  baseNameOf = map baseNameOf [ "a/b" "a/b/" "a//" "/" "" "a" "/a" "a/b//" "." "//" ];
  dirOf = map dirOf [ "a/b" "a/b/" "a//" "/" "" "a" "/a" "/a/b" "a/b//" "//" ];
  toString = [
    (toString 5)
    (toString (-5))
    (toString 1.5)
    (toString 100000000.0)
    (toString 0.1)
    (toString true)
    (toString false)
    (toString null)
    (toString [ 1 "a" true null [ ] [ 2 3 ] [ [ ] ] ])
    (toString [ ])
    (toString { outPath = "/x"; })
    (toString { __toString = self: "s${self.a}"; a = "x"; })
    (toString { __toString = self: { outPath = "o"; }; outPath = "p"; })
    (toString [ [ ] "a" [ ] ])
  ];
  interpolation = [
    "${{ outPath = "x"; }}"
    "${{ __toString = s: "t"; }}"
    "a${"b${"c"}"}"
    ("a" + "b")
    ("a" + { outPath = "x"; })
  ];
  versions = [
    (map (x: builtins.compareVersions (builtins.head x) (builtins.elemAt x 1)) [
      [ "1.0" "2.3" ] [ "2.1" "2.3" ] [ "2.3" "2.3" ] [ "2.5" "2.3" ] [ "3.1" "2.3" ]
      [ "2.3.1" "2.3" ] [ "2.3.1" "2.3a" ] [ "2.3pre1" "2.3" ] [ "2.3pre3" "2.3pre12" ]
      [ "2.3a" "2.3c" ] [ "2.3pre1" "2.3c" ] [ "2.3pre1" "2.3q" ] [ "" "" ] [ "" "1" ] [ "" "a" ]
      [ "1-1" "1.1" ] [ "1..1" "1.1" ] [ "20240101123456" "3" ] [ "01" "1" ] [ "1pre" "1" ] [ "1.pre" "1.a" ]
      [ "99999999999" "99999999998" ]
    ])
    (map builtins.splitVersion [ "1.2.3" "1.2a-3" "" "..1" "a" "2.3pre12_4" "1-" ])
    (map builtins.parseDrvName [ "nix-0.12pre12876" "nix" "a-b-1" "a-" "a--1" "-1" "" "foo-1-bar" "nix-js-0.1" "a-é" ])
  ];
  regex = [
    (builtins.match "ab" "abc")
    (builtins.match "abc" "abc")
    (builtins.match "a(b)(c)" "abc")
    (builtins.match "[[:space:]]+([[:upper:]]+)[[:space:]]+" "  FOO   ")
    (builtins.match "(.*)\\.nix" "x.nix")
    (builtins.match "(a)?(b)?" "b")
    (builtins.match "(a|ab)(c|bcd)(d*)" "abcd")
    (builtins.match "((a)|b)*" "ab")
    (builtins.match "" "")
    (builtins.match "(.*)e?abi.*" "linuxgnueabi")
    (builtins.match "([0-9]+)(\\.[0-9]+)*" "1.22.333")
    (builtins.match "[]a]+" "]a")
    (builtins.match "[^]a]+" "bc")
    (builtins.match "a{2,3}" "aaa")
    (builtins.match "(^|,)x($|,)" "x")
    (builtins.match "a.b" "a\nb")
    (builtins.match "\\*" "*")
    (builtins.match "[\\w]+" "w\\")
    (builtins.split "(a)b" "abc")
    (builtins.split "([ac])" "abc")
    (builtins.split "(a)|(c)" "abc")
    (builtins.split "([[:upper:]]+)" " FOO ")
    (builtins.split "" "abc")
    (builtins.split "x*" "axxb")
    (builtins.split "a" "")
    (builtins.split "-" "a--b-")
    (builtins.split "^a" "aab")
    (builtins.split "b$" "abb")
    (builtins.split "a|ab" "abab")
    (builtins.split "(ab?)" "abaab")
  ];
  hashes = [
    (builtins.hashString "md5" "abc")
    (builtins.hashString "sha1" "abc")
    (builtins.hashString "sha256" "")
    (builtins.hashString "sha512" "nix")
  ];
  lengths = [ (builtins.stringLength "") (builtins.stringLength "ü") (builtins.stringLength { outPath = "abc"; }) ];
  concat = [
    (builtins.concatStringsSep ", " [ "a" { outPath = "b"; } ])
    (builtins.concatStringsSep "," [ ])
    (builtins.concatStringsSep "" [ "a" ])
  ];
  paths = [ (builtins.toPath "/a/../b//c/.") (/a + "/b") (/a + "b") (/a/b + "/../c") (/a + /b) (toString /a/b) (baseNameOf /a/b) (dirOf /a/b) (dirOf /a) ];
  discard = builtins.unsafeDiscardStringContext "x";
}
