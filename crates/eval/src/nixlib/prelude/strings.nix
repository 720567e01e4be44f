# lib.strings: what is seldom used.
{ lib }:
let
  # The number of steps from 0 for which `same` holds.
  countWhile =
    same: limit:
    let
      go = at: if at < limit && same at then go (at + 1) else at;
    in
    go 0;
  shorter = a: b: lib.min (builtins.stringLength a) (builtins.stringLength b);

  cmakeTypes = [
    "BOOL"
    "FILEPATH"
    "PATH"
    "STRING"
    "INTERNAL"
    "LIST"
  ];
  cmakeOptionType =
    type: feature: value:
    assert builtins.elem (lib.toUpper type) cmakeTypes;
    assert builtins.isString feature;
    assert builtins.isString value;
    "-D${feature}:${lib.toUpper type}=${value}";

  mesonOption =
    feature: value:
    assert builtins.isString feature;
    assert builtins.isString value;
    "-D${feature}=${value}";

  codes = map (
    c: "\\x${lib.fixedWidthString 2 "0" (lib.toLower (lib.toHexString (lib.strings.charToInt c)))}"
  );
in
{
  inherit cmakeOptionType mesonOption;
  cmakeBool =
    condition: flag:
    assert builtins.isString condition;
    assert builtins.isBool flag;
    cmakeOptionType "bool" condition (lib.toUpper (lib.boolToString flag));
  cmakeFeature =
    feature: value:
    assert builtins.isString feature;
    assert builtins.isString value;
    cmakeOptionType "string" feature value;
  commonPrefixLength =
    a: b: countWhile (at: builtins.substring at 1 a == builtins.substring at 1 b) (shorter a b);
  commonSuffixLength =
    a: b:
    let
      last = text: at: builtins.substring (builtins.stringLength text - at - 1) 1 text;
    in
    countWhile (at: last a at == last b at) (shorter a b);
  escapeC = list: builtins.replaceStrings list (codes list);
  isStorePath =
    x:
    lib.isStringLike x
    && (
      let
        text = toString x;
      in
      builtins.substring 0 1 text == "/"
      && (dirOf text == builtins.storeDir || builtins.match "/[0-9a-z]{52}" text != null)
    );
  levenshteinAtMost =
    k: if k <= 0 then a: b: a == b else a: b: lib.strings.levenshtein a b <= k;
  mesonBool =
    condition: flag:
    assert builtins.isString condition;
    assert builtins.isBool flag;
    mesonOption condition (lib.boolToString flag);
  mesonEnable =
    feature: flag:
    assert builtins.isString feature;
    assert builtins.isBool flag;
    mesonOption feature (if flag then "enabled" else "disabled");
  normalizePath =
    text:
    builtins.foldl' (done: c: if c == "/" && lib.hasSuffix "/" done then done else done + c) "" (
      lib.stringToCharacters text
    );
}
