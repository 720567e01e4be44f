# Values of formats such as JSON: the type refers to itself.
{ lib }:
with lib;
let
  xml = types.serializableValueWith { typeName = "XML"; };
  yes = types.serializableValueWith { typeName = "Y"; nullable = false; };
  all = {
    scalar = [ types.json 1 1 ]; null = [ types.json null null ]; nullMixed = [ types.json null 1 ]; conflict = [ types.json 1 2 ];
    deep = [ types.json { a = [ 1 { b = null; } "x" ]; } { c.d = true; a = [ 2.5 ]; } ];
    priorities = [ types.json { a = mkDefault 1; b = mkForce [ 1 ]; } { a = 2; b = [ 2 ]; } ];
    conditional = [ types.json { a = mkIf false 1; b = mkIf true { c = mkBefore [ 1 ]; }; } { b.c = [ 0 ]; } ];
    member = [ types.json { a = x: x; } ]; function = [ types.json (x: x) ];
    path = [ types.json ./files ];
    toml = [ types.toml { a.b = [ 1 ]; } ]; tomlNull = [ types.toml null ]; tomlMember = [ types.toml { a = null; b = 1; } ];
    xml = [ xml { a = null; } ]; yes = [ yes { a = 1; } ]; yesNull = [ yes null ];
    recursive = [ recursive { a.b.c = 1; a.d = mkIf false { }; } { a.b.e = "x"; } ];
  };
  recursive = types.nullOr (types.oneOf [ types.int types.str (types.attrsOf recursive) ]);
in
[
  {
    options.lab = mapAttrs (_: definitions: mkOption { type = head definitions; }) all // {
      default = mkOption { type = types.json; default.a = [ null ]; };
      apply = mkOption { type = types.json; default.a = [ null ]; apply = builtins.toJSON; };
      free = mkOption {
        type = types.submodule { freeformType = types.json; options.port = mkOption { type = types.port; default = 80; }; };
      };
      freeAttrs = mkOption {
        type = types.submodule { freeformType = types.attrsOf types.json; options.a.b = mkOption { type = types.int; default = 1; }; };
      };
    };
    config.lab = mapAttrs (_: definitions: mkMerge (tail definitions)) all // {
      free = mkMerge [ { name = "x"; list = [ 1 ]; } { list = mkBefore [ 0 ]; set.a = mkDefault 1; } ];
      freeAttrs = { a.c = 2; d = [ { e = null; } ]; };
    };
  }
]
