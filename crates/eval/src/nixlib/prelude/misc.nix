# What remains of lib's older parts, and what belongs to no other group.
{ lib, visible }:
let
  extend =
    before:
    let
      result = before result // {
        extend = overlay: extend (lib.extends overlay before);
      };
    in
    result;

  nvs = name: value: { ${name} = value; };
  setAttr =
    set: name: value:
    set // nvs name value;
  maybeAttr =
    name: default: attrs:
    attrs.${name} or default;

  # A value that only `set2` has is merged with itself, as in nixpkgs.
  mergeAttrsWithFunc =
    f: set1: set2:
    let
      both = set2 // set1;
    in
    both // builtins.mapAttrs (name: f both.${name}) set2;

  tristate = value: {
    tristate = value;
    optional = false;
  };

  extendWith =
    more: overlay:
    extend (
      lib.extends overlay (
        self:
        let
          # The modules are given the `lib` whose function is called.
          own = function: arguments: function ({ _lib = self; } // arguments);
          evalModules = own visible.evalModules;
        in
        visible
        // {
          inherit evalModules;
          modules = visible.modules // { inherit evalModules; };
        }
        // more own
      )
    );
in
{
  inherit
    maybeAttr
    mergeAttrsWithFunc
    nvs
    setAttr
    ;
  defaultMergeArg = x: y: if builtins.isAttrs y then y else y x;
  defaultMerge = x: y: x // (if builtins.isAttrs y then y else y x);
  extend = extendWith (own: {
    nixosSystem = own visible.nixosSystem;
  });
  # Of a `lib` that is none of a flake.
  extendExact = extendWith (own: { });
  fakeHash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  fakeSha256 = lib.strings.replicate 64 "0";
  fakeSha512 = lib.strings.replicate 128 "0";
  ifEnable =
    condition: value:
    if condition then
      value
    else if builtins.isList value then
      [ ]
    else if builtins.isAttrs value then
      { }
    else if builtins.isBool value then
      false
    else
      null;
  imap = lib.imap1;
  isType = type: value: (value._type or "") == type;
  kernel = {
    freeform = value: {
      freeform = value;
      optional = false;
    };
    module = tristate "m";
    no = tristate "n";
    option = value: value // { optional = true; };
    unset = tristate null;
    whenHelpers =
      version:
      let
        atLeast = lib.versionAtLeast version;
        older = lib.versionOlder version;
      in
      {
        whenAtLeast = low: lib.mkIf (atLeast low);
        whenBetween = low: high: lib.mkIf (atLeast low && older high);
        whenOlder = high: lib.mkIf (older high);
      };
    yes = tristate "y";
  };
  lowerChars = lib.stringToCharacters "abcdefghijklmnopqrstuvwxyz";
  maybeAttrNullable = maybeAttr;
  mergeAttrsConcatenateValues = mergeAttrsWithFunc (a: b: lib.toList a ++ lib.toList b);
  nixType =
    value:
    if builtins.isAttrs value then
      if value ? outPath then "derivation" else "attrs"
    else if lib.isFunction value then
      "function"
    else if
      builtins.elem (builtins.typeOf value) [
        "list"
        "bool"
        "null"
        "int"
      ]
    then
      builtins.typeOf value
    else
      "string";
  setAttrMerge =
    name: default: attrs: f:
    setAttr attrs name (f (maybeAttr name default attrs));
  setType = type: value: value // { _type = type; };
  sourceTypes =
    builtins.mapAttrs
      (shortName: isSource: {
        inherit shortName isSource;
      })
      {
        binaryBytecode = false;
        binaryFirmware = false;
        binaryNativeCode = false;
        fromSource = true;
        obfuscatedCode = false;
      };
  toExtension =
    f: final: prev:
    let
      applied = if lib.isFunction f then f prev else f;
    in
    if lib.isFunction f && lib.isFunction applied then f final prev else applied;
  uniqList =
    {
      inputList,
      acc ? [ ],
    }:
    builtins.filter (x: !(builtins.elem x acc)) (lib.unique inputList);
  upperChars = lib.stringToCharacters "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
}
