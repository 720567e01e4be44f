# `getSubOptions`: the options in a type, as documentation and modules ask for them.
{ lib }:
with lib;
let
  server = types.submodule ({ name, ... }: {
    options.port = mkOption { type = types.port; default = 80; };
    options.host.name = mkOption { type = types.str; default = name; };
  });
  free = types.submodule {
    freeformType = types.attrsOf types.int;
    options.own = mkOption { default = 1; };
  };
  at = type: prefix: type.getSubOptions prefix;
  names = type: attrNames (at type [ "a" ]);
  loc = type: (at type [ "a" ]).port.loc;
  merged = (evalModules { modules = [
    { options.s = mkOption { type = types.submodule { options.x = mkOption { }; }; default = { }; }; }
    { options.s = mkOption { type = types.submodule { options.y = mkOption { type = types.int; }; }; }; }
    { options.s.z = mkOption { }; }
    { options.plain = mkOption { type = types.attrsOf server; }; }
    { options.one = mkOption { type = free; }; }
  ]; }).options;
in
[
  {
    options.lab = mkOption { type = types.lazyAttrsOf types.raw; };
    config.lab = {
      submodule = names server;
      module = attrNames (at server [ ])._module == [ "args" "check" "freeformType" "specialArgs" ];
      default = (at server [ ]).port.default;
      inner = (at server [ "a" ]).host.name.loc;
      attrs-of = loc (types.attrsOf server);
      lazy-attrs-of = loc (types.lazyAttrsOf server);
      list-of = loc (types.listOf server);
      null-or = loc (types.nullOr server);
      unique = loc (types.uniq server);
      function-to = loc (types.functionTo server);
      coerced-to = loc (types.coercedTo types.int (port: { inherit port; }) server);
      checked = loc (types.addCheck (types.listOf server) (it: true));
      nested = loc (types.attrsOf (types.listOf (types.nullOr server)));
      either = names (types.either types.int server);
      int = names types.int;
      enum = names (types.enum [ 1 2 ]);
      custom = names (mkOptionType { name = "mine"; });
      custom-own = names (mkOptionType { name = "mine"; getSubOptions = prefix: { at = prefix; }; });
      replaced = (server // { getSubOptions = prefix: { n = length prefix; }; }).getSubOptions [ 1 2 ];
      freeform = names free;
      freeform-options = (at free [ ])._freeformOptions;
      no-list = (at server { }) ? port;
      option = attrNames (merged.plain.type.getSubOptions [ ]);
      option-loc = (merged.plain.type.getSubOptions merged.plain.loc).port.loc;
      merged = attrNames (merged.s.type.getSubOptions [ ]);
      merged-type = (merged.s.type.getSubOptions [ ]).y.type.name;
      of-one = attrNames (merged.one.type.getSubOptions [ ]);
      has = (merged.one.type.getSubOptions or (_: { })) { } ? own;
    };
  }
]
