{ lib }:
with lib;
let
  member = { name, config, ... }: {
    options = {
      name = mkOption { type = types.str; default = name; };
      port = mkOption { type = types.port; default = 80; };
      url = mkOption { type = types.str; default = "http://${name}:${toString config.port}"; };
      tags = mkOption { type = types.listOf types.str; default = [ ]; };
      inner = mkOption { type = types.nullOr (types.submodule innerModule); default = null; };
    };
    config = mkIf (name == "special") { port = mkDefault 81; tags = [ "from module" ]; };
  };
  innerModule = { name, ... }: { options.n = mkOption { default = name; type = types.str; }; options.x = mkOption { type = types.int; default = 1; }; };
in
[
  {
    options.lab = {
      one = mkOption { type = types.submodule member; };
      none = mkOption { type = types.submodule member; };
      emptyDefault = mkOption { type = types.submodule member; default = { }; };
      list = mkOption { type = types.listOf (types.submodule member); };
      set = mkOption { type = types.attrsOf (types.submodule member); };
      lazy = mkOption { type = types.lazyAttrsOf (types.submodule member); };
      maybe = mkOption { type = types.nullOr (types.submodule member); };
      maybeNot = mkOption { type = types.nullOr (types.submodule member); };
      either = mkOption { type = types.either types.str (types.submodule member); };
      nested = mkOption { type = types.attrsOf (types.attrsOf (types.submodule member)); };
      several = mkOption { type = types.submodule [ member { options.extra = mkOption { default = 5; }; config.tags = [ "second" ]; } ]; };
      coerced = mkOption { type = types.coercedTo types.int (port: { inherit port; }) (types.submodule member); };
      coercedList = mkOption { type = types.listOf (types.coercedTo types.str (name: { inherit name; }) (types.submodule member)); };
      unique = mkOption { type = types.uniq (types.submodule member); };
      eitherTwo = mkOption { type = types.attrsOf (types.oneOf [ types.int (types.listOf types.int) (types.submodule member) ]); };
    };
    config.lab = {
      one.port = 1;
      list = mkMerge [ [ { port = 1; } { port = 2; } ] [ { name = "given"; } ] ];
      set.a.port = 3;
      set.special = { };
      set.gone = mkIf false { port = 4; };
      lazy.a = { };
      maybe.inner = { };
      either.tags = [ "a" ];
      nested.x.y.port = 5;
      several.tags = [ "first" ];
      coerced = 99;
      coercedList = [ "a" { name = "b"; } ];
      unique.port = 6;
      eitherTwo = { a = 1; b = [ 1 ]; c = { port = 2; }; };
    };
  }
  {
    lab.one.tags = [ "x" ];
    lab.set.a = { config, name, ... }: { tags = [ name "${toString config.port}" ]; };
    lab.set.special.tags = mkBefore [ "before" ];
    lab.coerced = { tags = [ "both" ]; };
  }
  { lab.set.a = mkMerge [ { tags = mkAfter [ "last" ]; } (mkIf true { inner.x = 7; }) ]; }
]
