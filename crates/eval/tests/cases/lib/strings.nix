{ lib }:
let
  try = x: builtins.tryEval (builtins.deepSeq x x);
  inherit (lib) strings;
  no = throw "not needed";
in
{
  concat = [
    (lib.concatStrings [ "foo" "bar" ])
    (lib.concatMapStrings (x: "a" + x) [ "foo" "bar" ])
    (lib.concatImapStrings (pos: x: "${toString pos}-${x}") [ "foo" "bar" ])
    (lib.concatStringsSep "/" [ "usr" "local" "bin" ])
    (lib.concatStringsSep "/" [ ])
    (lib.concatMapStringsSep "-" (x: lib.toUpper x) [ "foo" "bar" "baz" ])
    (lib.concatImapStringsSep "-" (pos: x: toString (x / pos)) [ 6 6 6 ])
    (lib.concatMapAttrsStringSep "\n" (n: v: "${n}: foo-${v}") { a = "0.1.0"; b = "0.2.0"; })
    (lib.concatLines [ "foo" "bar" ])
    (lib.concatLines [ ])
    (lib.strings.join ", " [ "foo" "bar" ])
    (lib.intersperse "/" [ "usr" "local" "bin" ])
    (lib.intersperse no [ 1 ])
    (lib.strings.replicate 3 "v")
    (lib.strings.replicate 0 no)
  ];
  paths = [
    (lib.makeSearchPath "bin" [ "/root" "/usr" null "/usr/local" ])
    (lib.makeSearchPath "bin" [ "" ])
    (lib.makeBinPath [ "/root" { outPath = "/a"; bin = "/b"; } { outPath = "/c"; } ])
    (lib.makeLibraryPath [ "/usr" ])
    (lib.makeSearchPathOutput "dev" "include" [ { dev = "/d"; } ])
  ];
  optionalString = [ (lib.optionalString true "x") (lib.optionalString false no) ];
  prefix = [
    (lib.hasPrefix "foo" "foobar")
    (lib.hasPrefix "foo" "barfoo")
    (lib.hasPrefix "" "")
    (lib.hasSuffix "foo" "foobar")
    (lib.hasSuffix "foo" "barfoo")
    (lib.hasSuffix "longer" "er")
    (lib.hasInfix "bc" "abcd")
    (lib.hasInfix "." "abcd")
    (lib.hasInfix "" "abcd")
    (lib.hasInfix "c$" "abc$d")
    (lib.hasInfix "b\nc" "ab\ncd")
    (lib.hasInfix "]" "a]")
    (lib.removePrefix "foo." "foo.bar.baz")
    (lib.removePrefix "xxx" "foo.bar.baz")
    (lib.removeSuffix "front" "homefront")
    (lib.removeSuffix "xxx" "homefront")
    (lib.removeSuffix "" "a")
    (lib.removeSuffix "aa" "a")
    (lib.hasPrefix "/x" { outPath = "/x/y"; })
  ];
  characters = [
    (lib.stringToCharacters "a b")
    (lib.stringToCharacters "")
    (lib.stringAsChars (x: if x == "a" then "i" else x) "nax")
  ];
  escape = [
    (lib.escape [ "(" ")" ] "(foo)")
    (lib.escape [ "ab" "c" ] "abcab")
    (lib.escape [ "\\" "$" ] "a\\b$c")
    (lib.escapeRegex "[^a-z]*")
    (lib.escapeRegex "a.b|c{d}+(e)?\\")
    (lib.escapeXML "\"test\" 'test' < & >")
    (lib.escapeURL "foo bar/~baz?q=1&c=ü")
    (lib.escapeURL "https://a.b/c d")
    (lib.strings.escapeNixString "hello\${}\n\"$x")
    (map lib.strings.escapeNixIdentifier [ "hello" "0abc" "if" "or" "a-b'" "" ])
  ];
  shell = [
    (lib.escapeShellArg "esc'ape\nme")
    (lib.escapeShellArg "plain,._+:@%/-0")
    (lib.escapeShellArg "")
    (lib.escapeShellArg 5)
    (lib.escapeShellArg [ "a" "b" ])
    (lib.escapeShellArg true)
    (lib.escapeShellArg "ü")
    (lib.escapeShellArgs [ "one" "two three" "four'five" ])
    (lib.isValidPosixName "_a1")
    (lib.isValidPosixName "1a")
    (lib.isValidPosixName "")
    (lib.toShellVars { foo = "some string"; bar = [ "a b" "c" ]; baz = { x = 1; "y z" = "q"; }; })
    (try (lib.toShellVar "a-b" 1))
    (lib.toShellVar "p" { outPath = "/x"; })
  ];
  case = [
    (lib.toUpper "home-ÄäZz")
    (lib.toLower "HOME-ÄäZz")
    (lib.toSentenceCase "hELLO wORLD")
    (lib.toSentenceCase "")
    (try (lib.toSentenceCase 5))
    (lib.toCamelCase "hello-world")
    (lib.toCamelCase "hello_world foo")
    (lib.toCamelCase "HelloWorld")
    (lib.toCamelCase "alreadyCamelCase")
    (lib.toCamelCase "hello--world")
    (lib.toCamelCase "ABC-dEF")
    (lib.toCamelCase "-lead")
    (lib.toCamelCase "")
  ];
  split = [
    (lib.splitString "." "foo.bar.baz")
    (lib.splitString "/" "/usr/local/bin/")
    (lib.splitString "ab" "xabab")
    (lib.splitString "." "")
    (lib.splitString "x" "none")
    (lib.splitString "\n" "a\nb\n")
    (lib.splitString "]" "a]b")
    (lib.splitStringBy (p: c: builtins.elem c [ "." "-" ]) false "foo.bar-baz")
    (lib.splitStringBy (p: c: p == "o" && c == "B") true "fooBarooBaz")
    (lib.splitStringBy no true "")
  ];
  addContextFrom = lib.addContextFrom "a" "b";
  versions = [
    (lib.versionOlder "1.1" "1.2")
    (lib.versionOlder "1.1" "1.1")
    (lib.versionAtLeast "1.1" "1.0")
    (lib.versionAtLeast "1.1" "1.1")
    (lib.versionAtLeast "1.1" "1.2")
    (lib.getName "youtube-dl-2016.01.01")
    (lib.getName { pname = "p"; name = no; })
    (lib.getName { name = "foo-1.2"; })
    (lib.getVersion "youtube-dl-2016.01.01")
    (lib.getVersion { name = "foo-1.2"; })
    (lib.getVersion { version = "3"; })
    (lib.versions.major "1.2.3")
    (lib.versions.minor "1.2.3")
    (lib.versions.patch "1.2.3")
    (lib.versions.majorMinor "1.2.3")
    (lib.versions.majorMinor "1")
    (lib.versions.pad 3 "1.2")
    (lib.versions.pad 3 "1.3-rc1")
    (lib.versions.pad 3 "1.2.3.4")
    (lib.splitVersion "1.2a-3")
  ];
  nameFromURL = [
    (lib.nameFromURL "https://nixos.org/releases/nix/nix-1.7/nix-1.7-x86_64-linux.tar.bz2" "-")
    (lib.nameFromURL "https://nixos.org/a/nix_1.tar" "_")
    (try (lib.nameFromURL "https://nixos.org/a" "_"))
  ];
  features = [
    (lib.enableFeature true "shared")
    (lib.enableFeature false "shared")
    (lib.enableFeatureAs true "shared" "foo")
    (lib.enableFeatureAs false "shared" no)
    (lib.withFeature true "shared")
    (lib.withFeatureAs true "with" "x")
    (try (lib.enableFeature 1 "x"))
  ];
  fixed = [
    (lib.fixedWidthString 5 "0" (toString 15))
    (lib.fixedWidthString 5 "ab" "x")
    (try (lib.fixedWidthString 1 "0" "abc"))
    (try (lib.fixedWidthString 4 "ab" "x"))
    (lib.fixedWidthNumber 5 15)
  ];
  toInt = [
    (lib.toInt "1337")
    (lib.toInt "-4")
    (lib.toInt " 123 \n")
    (lib.toInt "0")
    (lib.toInt "-0")
    (try (lib.toInt "00024"))
    (try (lib.toInt "3.14"))
    (try (lib.toInt ""))
    (try (lib.toInt "1 2"))
    (lib.toIntBase10 "00024")
    (lib.toIntBase10 "0000")
    (lib.toIntBase10 " 0")
    (lib.toIntBase10 "00-5")
    (try (lib.toIntBase10 "0x1"))
  ];
  floats = [ (strings.floatToString 1.0) (strings.floatToString 1.5) ];
  trim = [
    (lib.trim "   hello, world!   ")
    (lib.trim " \n\t ")
    (lib.trim "a\n b")
    (lib.trimWith { start = true; } "  a  ")
    (lib.trimWith { end = true; } "  a  ")
    (lib.trimWith { } "  a  ")
  ];
  like = [
    (map lib.isStringLike [ "a" ./x { outPath = 1; } { __toString = no; } { } 5 null [ ] ])
    (map strings.isConvertibleWithToString [ "a" null 1 1.5 true [ 1 "a" ] [ { } ] { } (x: x) ])
  ];
  sanitize = map strings.sanitizeDerivationName [ "../hello.bar # foo" "" "." "a b" ".hidden" "ok-1.0" "a//b" "ä" ];
  levenshtein = [
    (strings.levenshtein "foo" "foo")
    (strings.levenshtein "book" "hook")
    (strings.levenshtein "hello" "Heyo")
    (strings.levenshtein "" "abc")
    (strings.levenshtein "kitten" "sitting")
  ];
  replaceString = lib.replaceString "a" "b" "banana";
}
