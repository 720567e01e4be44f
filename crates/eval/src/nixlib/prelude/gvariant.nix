# lib.gvariant: values in the text format of GLib's GVariant.
{ lib }:
let
  type = {
    arrayOf = t: "a${t}";
    maybeOf = t: "m${t}";
    tupleOf = ts: "(${lib.concatStrings ts})";
    dictionaryEntryOf = nameType: valueType: "{${nameType}${valueType}}";
    string = "s";
    boolean = "b";
    uchar = "y";
    int16 = "n";
    uint16 = "q";
    int32 = "i";
    uint32 = "u";
    int64 = "x";
    uint64 = "t";
    double = "d";
    variant = "v";
  };

  # A value that becomes a string as `show` says.
  shownAs = show: type: value: {
    _type = "gvariant";
    inherit type value;
    __toString = show;
  };
  plain = shownAs (self: toString self.value);
  typed = shownAs (self: "@${self.type} ${toString self.value}");
  commas = lib.concatMapStringsSep "," toString;

  isGVariant = v: v._type or "" == "gvariant";

  mkValue =
    v:
    if builtins.isBool v then
      mkBoolean v
    else if builtins.isFloat v then
      plain type.double v
    else if builtins.isString v then
      mkString v
    else if builtins.isList v then
      mkArray v
    else if isGVariant v then
      v
    else if builtins.isInt v then
      throw "The GVariant type for number “${toString v}” is unclear."
    else if builtins.isAttrs v then
      throw "Cannot construct GVariant value from an attribute set."
    else
      throw "The GVariant type of “${builtins.typeOf v}” can't be inferred.";

  mkBoolean = shownAs (self: if self.value then "true" else "false") type.boolean;

  mkString = shownAs (
    self:
    "'${
      lib.replaceString "\n" "\\n" (
        lib.escape [
          "'"
          "\\"
        ] self.value
      )
    }'"
  ) type.string;

  mkArray =
    elems:
    let
      values = map mkValue (lib.throwIf (elems == [ ]) "Please create empty array with mkEmptyArray." elems);
      first = (builtins.head values).type;
      same = builtins.all (value: value.type == first) values;
    in
    shownAs (self: "@${self.type} [${commas self.value}]") (type.arrayOf (
      lib.throwIfNot same "Elements in a list should have same type." first
    )) values;

  mkMaybe =
    elemType:
    shownAs (
      self: if self.value == null then "@${self.type} nothing" else "just ${toString self.value}"
    ) (type.maybeOf elemType);
in
{
  inherit
    isGVariant
    mkArray
    mkBoolean
    mkMaybe
    mkString
    mkValue
    type
    ;
  mkDictionaryEntry =
    name: value:
    let
      first = mkValue name;
      second = mkValue value;
    in
    shownAs (self: "@${self.type} {${first},${second}}") (type.dictionaryEntryOf first.type second.type)
      { inherit name value; };
  mkDouble = plain type.double;
  mkEmptyArray = elemType: shownAs (self: "@${self.type} []") (type.arrayOf elemType) [ ];
  mkInt16 = typed type.int16;
  mkInt32 = plain type.int32;
  mkInt64 = typed type.int64;
  mkJust =
    elem:
    let
      value = mkValue elem;
    in
    mkMaybe value.type value;
  mkNothing = elemType: mkMaybe elemType null;
  mkObjectpath = shownAs (self: "objectpath '${lib.escape [ "'" ] self.value}'") type.string;
  mkTuple =
    elems:
    let
      values = map mkValue elems;
    in
    shownAs (self: "@${self.type} (${commas self.value})") (type.tupleOf (
      map (value: value.type) values
    )) values;
  mkUchar = typed type.uchar;
  mkUint16 = typed type.uint16;
  mkUint32 = typed type.uint32;
  mkUint64 = typed type.uint64;
  mkVariant = elem: shownAs (self: "<${toString self.value}>") type.variant (mkValue elem);
}
