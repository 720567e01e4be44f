# Types of numbers.
{ lib }:
with lib;
let
  inherit (types) ints numbers;
  all = {
    between = [ (numbers.between 1 5) 1.5 ]; betweenInt = [ (numbers.between 0.5 5) 5 ]; betweenLow = [ (numbers.between 1 5) 0.9 ]; betweenHigh = [ (numbers.between 1 5) 5.1 ]; betweenStr = [ (numbers.between 1 5) "2" ];
    betweenTwo = [ (numbers.between 1 5) 2 2 ]; betweenDiffer = [ (numbers.between 1 5) 2 3 ]; betweenWrong = [ (numbers.between 5 1) 2 ];
    positive = [ numbers.positive 0.1 ]; positiveZero = [ numbers.positive 0 ]; positiveNull = [ numbers.positive null ];
    nonnegative = [ numbers.nonnegative 0 ]; nonnegativeNot = [ numbers.nonnegative (-0.5) ];
    u8 = [ ints.u8 0 0 ]; u8Not = [ ints.u8 256 ]; u16 = [ ints.u16 65535 ]; u32 = [ ints.u32 (-1) ];
    s8 = [ ints.s8 127 ]; s8Not = [ ints.s8 128 ]; s16 = [ ints.s16 (-32768) ]; s16Not = [ ints.s16 (-32769) ]; s32 = [ ints.s32 (-2147483648) ];
    unsigned = [ ints.unsigned (mkDefault 3) 4 ]; positiveInt = [ ints.positive 0 ]; port = [ types.port 8080 8081 ];
    intBetween = [ (ints.between (-2) 2) (-2) ]; intBetweenFloat = [ (ints.between 0 2) 1.0 ]; intBetweenWrong = [ (ints.between 2 0) 1 ];
    nullable = [ (types.nullOr numbers.positive) null ]; listed = [ (types.listOf numbers.positive) [ 1 2.5 ] ]; listedNot = [ (types.listOf numbers.positive) [ 1 0 ] ];
  };
in
[
  {
    options.lab = mapAttrs (_: definitions: mkOption { type = head definitions; }) all // {
      default = mkOption { type = numbers.positive; default = 1.5; };
      apply = mkOption { type = numbers.positive; default = 1.5; apply = x: x * 2; };
      names = mkOption { default = map (t: t.name) [ ints.u8 ints.u16 ints.u32 ints.s8 ints.s16 ints.s32 ints.positive ints.unsigned types.port (ints.between 1 2) ]; };
    };
    config.lab = mapAttrs (_: definitions: mkMerge (tail definitions)) all;
  }
]
