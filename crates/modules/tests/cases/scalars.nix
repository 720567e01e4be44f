# Several definitions of scalar types, and values that are not of the type.
{ lib }:
with lib;
let
  t = type: mkOption { inherit type; };
  all = {
    boolSame = [ types.bool true true ]; boolDiffer = [ types.bool true false ];
    byOr = [ types.boolByOr false true ]; byOrNone = [ types.boolByOr false false ];
    intSame = [ types.int 1 1 ]; intDiffer = [ types.int 1 2 ]; intStr = [ types.int "1" ];
    float = [ types.float 1.5 1.5 ]; floatInt = [ types.float 1 ]; number = [ types.number 1 1.0 ]; numberStr = [ types.number "a" ];
    strSame = [ types.str "a" "a" ]; strDiffer = [ types.str "a" "b" ]; strPath = [ types.str /etc ]; strInt = [ types.str 1 ];
    lines = [ types.lines "a" "b" ]; commas = [ types.commas "a" "b" ]; env = [ types.envVar "a" "b" ];
    sep = [ (types.separatedString " - ") "a" "b" ]; sepInt = [ types.lines 1 ];
    nonEmpty = [ types.nonEmptyStr "a" ]; nonEmptyEmpty = [ types.nonEmptyStr "" ]; nonEmptySpace = [ types.nonEmptyStr " \n\t" ]; nonEmptyCr = [ types.nonEmptyStr "\r" ];
    single = [ types.singleLineStr "a" ]; singleNl = [ types.singleLineStr "a\n" ]; singleTwo = [ types.singleLineStr "a\nb" ]; singleCr = [ types.singleLineStr "a\rb" ]; singleMerge = [ types.singleLineStr "a\n" "a" ];
    singleEqual = [ types.singleLineStr "a\n" "a\n" ];
    matching = [ (types.strMatching "[a-z]+") "abc" ]; matchingNot = [ (types.strMatching "[a-z]+") "abc1" ];
    enum = [ (types.enum [ "a" 1 null ]) "a" ]; enumNull = [ (types.enum [ "a" 1 null ]) null ]; enumNot = [ (types.enum [ "a" 1 null ]) 2 ]; enumTwo = [ (types.enum [ "a" "b" ]) "a" "b" ]; enumEmpty = [ (types.enum [ ]) "a" ];
    port = [ types.port 65535 ]; portBig = [ types.port 65536 ]; portNeg = [ types.port (-1) ]; portTwo = [ types.port 80 80 ];
    u8 = [ types.ints.u8 255 ]; u8Big = [ types.ints.u8 256 ]; s8 = [ types.ints.s8 (-128) ]; s8Small = [ types.ints.s8 (-129) ];
    u32 = [ types.ints.u32 4294967295 ]; u32Big = [ types.ints.u32 4294967296 ]; s32 = [ types.ints.s32 2147483647 ]; s32Big = [ types.ints.s32 2147483648 ]; u16 = [ types.ints.u16 65536 ]; s16 = [ types.ints.s16 32768 ];
    positive = [ types.ints.positive 1 ]; positiveZero = [ types.ints.positive 0 ]; unsigned = [ types.ints.unsigned 0 ]; unsignedNeg = [ types.ints.unsigned (-1) ];
    between = [ (types.ints.between 1 5) 5 ]; betweenOut = [ (types.ints.between 1 5) 6 ]; betweenWrong = [ (types.ints.between 5 1) 3 ];
    numbersBetween = [ (types.numbers.between 1 5) 1.5 ]; numbersPositive = [ types.numbers.positive 0 ]; nonnegative = [ types.numbers.nonnegative 0 ];
    path = [ types.path "/a" ]; pathRelative = [ types.path "a" ]; pathReal = [ types.path ./files ]; pathSet = [ types.path { outPath = "/a"; } ]; pathSetRelative = [ types.path { outPath = "a"; } ]; pathSetNone = [ types.path { a = "/"; } ]; pathToString = [ types.path { __toString = _: "/x"; } ];
    pathTwo = [ types.path "/a" "/a" ]; pathDiffer = [ types.path "/a" "/b" ];
    null = [ (types.nullOr types.int) null null ]; nullInt = [ (types.nullOr types.int) null 1 ]; nullIntTwo = [ (types.nullOr types.int) 1 1 ]; nullDiffer = [ (types.nullOr types.int) 1 2 ]; nullStr = [ (types.nullOr types.int) "a" ]; nullLines = [ (types.nullOr types.lines) "a" "b" ];
    either = [ (types.either types.int types.str) 1 1 ]; eitherMixed = [ (types.either types.int types.str) 1 "a" ]; eitherNone = [ (types.either types.int types.str) true ];
    eitherLines = [ (types.either types.int types.lines) "a" "b" ];
    oneOf = [ (types.oneOf [ types.int types.bool types.lines ]) "a" "b" ]; oneOfBool = [ (types.oneOf [ types.int types.bool types.lines ]) true ]; oneOfNone = [ (types.oneOf [ ]) 1 ];
    coerced = [ (types.coercedTo types.int toString types.str) 1 "1" ]; coercedLines = [ (types.coercedTo types.int toString types.lines) 1 "2" 3 ]; coercedNot = [ (types.coercedTo types.int toString types.str) true ]; coercedBad = [ (types.coercedTo types.int (x: x) types.str) 1 ];
    uniq = [ (types.uniq types.lines) "a" ]; uniqTwo = [ (types.uniq types.lines) "a" "b" ]; uniqSame = [ (types.uniq types.int) 1 1 ]; unique = [ (types.unique { message = "m"; } types.int) 1 ];
    check = [ (types.addCheck types.int (x: x > 3)) 4 ]; checkNot = [ (types.addCheck types.int (x: x > 3)) 3 ];
    checkTwice = [ (types.addCheck (types.addCheck types.int (x: x > 3)) (x: x < 10)) 1 ]; checkTwiceOk = [ (types.addCheck (types.addCheck types.int (x: x > 3)) (x: x < 10)) 5 ]; checkTwiceHigh = [ (types.addCheck (types.addCheck types.int (x: x > 3)) (x: x < 10)) 11 ];
    checkPositive = [ (types.addCheck types.ints.positive (x: x < 10)) 0 ];
    checkType = [ (types.addCheck types.int (x: true)) "a" ];
    checkReplaced = [ (types.str // { check = x: true; }) 1 ]; checkReplacedNot = [ (types.str // { check = x: false; }) "a" ]; checkReplacedList = [ (types.listOf types.int // { check = x: true; }) [ 1 ] ];
    mergeReplaced = [ (types.str // { merge = loc: defs: toString (length defs); }) "a" "b" ]; mergeReplacedCheck = [ (types.str // { merge = loc: defs: toString (length defs); }) 1 ];
    renamed = [ (types.int // { name = "mine"; description = "mine"; }) 1 ]; renamedNot = [ (types.int // { name = "mine"; }) "a" ];
    raw = [ types.raw 1 ]; rawTwo = [ types.raw 1 1 ]; rawIf = [ types.raw (mkIf true 1) ];
    unspecifiedInt = [ types.unspecified 1 1 ]; unspecifiedDiffer = [ types.unspecified 1 2 ]; unspecifiedStr = [ types.unspecified "a" "b" ]; unspecifiedList = [ types.unspecified [ 1 ] [ 2 ] ]; unspecifiedSet = [ types.unspecified { a = 1; } { b = 2; a = 3; } ]; unspecifiedBool = [ types.unspecified false true ]; unspecifiedNull = [ types.unspecified null null ]; unspecifiedMixed = [ types.unspecified 1 "a" ]; unspecifiedFloat = [ types.unspecified 1.5 1.5 ]; unspecifiedOne = [ types.unspecified null ];
    string = [ types.singleLineStr "" "" ];
    passwd = [ (types.passwdEntry types.str) "a" ]; passwdColon = [ (types.passwdEntry types.str) "a:b" ];
    optionType = [ types.optionType 1 ];
    packageStr = [ types.package "abc" ]; packageSet = [ types.package { outPath = "/a"; } ]; packageInt = [ types.package 1 ]; packageDrv = [ types.package { type = "derivation"; name = "a"; } ]; packageTwo = [ types.package { type = "derivation"; name = "a"; } { type = "derivation"; name = "a"; } ];
    custom = [ (mkOptionType { name = "c"; check = isInt; }) 1 1 ]; customNot = [ (mkOptionType { name = "c"; check = isInt; }) "a" ]; customMerge = [ (mkOptionType { name = "c"; merge = loc: defs: map (d: d.value) defs; }) 1 2 ]; customDefault = [ (mkOptionType { name = "c"; }) [ 1 ] [ 2 ] ]; customLoc = [ (mkOptionType { name = "c"; merge = loc: defs: loc; }) 1 ];
  };
in
[
  { options.lab = mapAttrs (_: definitions: t (head definitions)) all; }
  { lab = mapAttrs (_: definitions: mkMerge (tail definitions)) all; }
]
