{ lib }:
let
  inherit (lib) gvariant;
  shown = map toString;
  fails = value: !(builtins.tryEval (builtins.deepSeq value value)).success;
in
with gvariant;
{
  simple = shown [
    (mkBoolean true)
    (mkString "it's \\ a\nline")
    (mkObjectpath "/a/'b")
    (mkUchar 1)
    (mkInt16 (-1))
    (mkUint16 1)
    (mkInt32 (-2))
    (mkUint32 2)
    (mkInt64 3)
    (mkUint64 4)
    (mkDouble 1.5)
  ];
  values = shown (map mkValue [
    true
    0.5
    "x"
    [ "a" "b" ]
    (mkInt32 1)
    [ [ true ] [ false ] ]
  ]);
  nested = shown [
    (mkArray [ (mkInt32 1) (mkInt32 2) ])
    (mkEmptyArray type.string)
    (mkVariant "x")
    (mkDictionaryEntry "k" (mkVariant true))
    (mkArray [ (mkDictionaryEntry "a" 1.5) ])
    (mkNothing type.int32)
    (mkJust "x")
    (mkMaybe type.string null)
    (mkTuple [ "a" true (mkUint32 3) ])
  ];
  types = map (v: v.type) [
    (mkArray [ "a" ])
    (mkTuple [ "a" 1.5 ])
    (mkDictionaryEntry "a" true)
    (mkJust (mkInt64 1))
    (mkEmptyArray (type.tupleOf [ type.string type.boolean ]))
  ];
  is = map isGVariant [ (mkInt32 1) { } { _type = "gvariant"; } ];
  wrong = map fails [
    (mkValue 1)
    (mkValue { })
    (mkValue null)
    (mkArray [ ])
    (mkArray [ "a" 1.5 ]).type
  ];
}
