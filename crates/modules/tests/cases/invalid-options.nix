# Declarations that are no options: nixpkgs refuses the submodules in which they stand.
{ lib }:
with lib;
let
  port = mkOption { type = types.port; default = 1; };
  of = options: mkOption { type = types.attrsOf (types.submodule { inherit options; }); default = { }; };
  lists = options: mkOption { type = types.listOf (types.submodule { inherit options; }); default = [ ]; };
in
[
  {
    options.lab = {
      argument = of { inherit port; host = mkOption { typ = types.str; }; };
      argumentUnused = of { inherit port; host = mkOption { typ = types.str; }; };
      value = of { inherit port; host = "h"; };
      nested = of { inherit port; web.host = types.str; };
      listed = lists { inherit port; host = mkIf true { }; };
      listedNone = lists { inherit port; host = mkIf true { }; };
      missing = of { inherit port; host = lib.mkOptoin { }; };
      right = of { inherit port; web = optionalAttrs true { host = mkOption { default = "h"; }; }; };
    };
    config.lab = {
      argument.a.port = 2;
      value.a.port = 2;
      nested.a.port = 2;
      listed = [ { port = 2; } ];
      missing.a.port = 2;
      right.a.port = 2;
    };
  }
]
