# Sets with a mark: types as values, declarations as values, inline Lua.
{ lib }:
with lib;
let
  lua = expr: { _type = "lua-inline"; inherit expr; };
  t = type: mkOption { inherit type; };
in
[
  ({ config, ... }: {
    options.lab = {
      lua = t types.luaInline; luaTwo = t types.luaInline; luaDiffer = t types.luaInline; luaNot = t types.luaInline; luaStr = t types.luaInline;
      luaDefault = mkOption { type = types.luaInline; default = lua "d"; apply = x: x.expr; };
      typeUsed = mkOption { type = config.ty.one; };
      typeNot = t types.optionType; typeName = mkOption { default = config.ty.one.name; };
      typeSet = t types.optionType;
      declared = mkOption { default = config.declaration.default; };
      declarationNot = t types.optionDeclaration; declarationStr = t types.optionDeclaration;
      isOption = mkOption { default = map isOption [ (mkOption { }) { } ]; };
      isType = mkOption { default = [ (isType "a" { _type = "a"; }) (isType "a" { }) (isOptionType types.int) (isOptionType { }) (isOptionType (mkOptionType { name = "x"; })) (types.isOptionType types.str) ]; };
      tagged = mkOption { type = types.raw; default = setType "x" { a = 1; }; };
      types = mkOption { default = types.types.int.name; };
      pkgs = t types.pkgs; pkgsNot = t types.pkgs; shell = t types.shellPackage; shellNot = t types.shellPackage; shellStr = t types.shellPackage;
    };
    options.ty = mkOption { type = types.attrsOf types.optionType; };
    options.declaration = t types.optionDeclaration;
    config.ty.one = types.listOf types.int;
    config.declaration = mkOption { default = 5; };
    config.lab = {
      lua = lua "a"; luaTwo = mkMerge [ (lua "a") (lua "a") ]; luaDiffer = mkMerge [ (lua "a") (lua "b") ]; luaNot = { expr = 1; }; luaStr = "a";
      typeUsed = mkMerge [ [ 1 ] [ 2 ] ]; typeNot = 1; typeSet = { name = "int"; };
      declarationNot = { default = 1; }; declarationStr = "x";
      pkgs = { _type = "pkgs"; x = 1; }; pkgsNot = { x = 1; };
      shell = { type = "derivation"; shellPath = "/bin/sh"; }; shellNot = { type = "derivation"; }; shellStr = "abc";
    };
  })
]
