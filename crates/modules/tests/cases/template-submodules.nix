# Submodules inside of members, which know the member or do not.
{ lib }:
with lib;
let
  names = map (n: "m${toString n}") (range 10 28);
  option = type: default: mkOption { inherit type default; };
  plain = types.submodule {
    options.path = mkOption { type = types.str; };
    options.mode = option (types.strMatching "[0-7]+") "0755";
    options.tags = option (types.listOf types.str) [ ];
    options.deep = option (types.nullOr (types.submodule { options.x = option types.int 7; })) null;
  };
  # It contains itself.
  tree = types.submodule {
    options.value = option types.int 0;
    options.below = option (types.attrsOf tree) { };
  };
  own = types.submodule (
    { name, config, ... }:
    {
      options.label = option types.str name;
      options.a = option types.int 1;
      options.b = option types.int (config.a + 1);
    }
  );
in
[
  {
    options.lab.m = mkOption {
      type = types.attrsOf (
        types.submodule (
          { name, config, ... }:
          {
            options.list = option (types.listOf (types.either types.str plain)) [ ];
            options.set = option (types.attrsOf plain) { };
            options.one = mkOption { type = types.nullOr plain; default = null; };
            options.own = option (types.attrsOf own) { };
            options.tree = option tree { };
            options.outer = option (types.submodule {
              options.of = option types.str name;
              options.size = option types.int (length config.list);
            }) { };
            options.set-inside = option (types.submodule {
              options.y = option types.int 1;
              config.y = mkOptionDefault 2;
            }) { y = 3; };
            options.free = option (types.submodule {
              freeformType = types.attrsOf types.int;
              options.z = option types.int 1;
            }) { q = 4; };
            options.given = option (types.submoduleWith {
              modules = [ ({ who, ... }: { options.who = option types.str who; }) ];
              specialArgs.who = name;
            }) { };
          }
        )
      );
    };
  }
  { lab.m = genAttrs names (n: { }); }
  {
    lab.m.m10 = {
      list = [
        "a"
        { path = "/b"; }
        { path = "/c"; mode = "1"; deep = { }; }
      ];
      set.s = { path = "/s"; tags = mkMerge [ [ "1" ] (mkBefore [ "0" ]) ]; };
      set.t = { };
      own.o = { };
      own.p.a = 5;
      tree.below.l.below.r.value = 2;
    };
    lab.m.m11.one = { path = "/one"; deep.x = mkForce 8; };
    lab.m.m11.outer = { of = "else"; };
    lab.m.m12.outer = { };
    lab.m.m12.set.u = { config, ... }: { path = "/u/${config.mode}"; };
    lab.m.m12.set-inside = { };
    lab.m.m13.free.other = 5;
    lab.m.m13.given = { };
    lab.m.m14.set.v = { path = "/v"; unknown = 1; };
  }
  { lab.m.m10.set.s.deep.x = 3; }
  { lab.m.m15 = mkMerge [ { one.path = "/x"; } (mkIf false { one.mode = "2"; }) { one.tags = mkDefault [ "d" ]; } ]; }
]
