# Options that ask for the name in every way.
{ lib }:
with lib;
let
  names = map (n: "m${toString n}") (range 10 28);
in
[
  { options.lab.m = mkOption { type = types.attrsOf (types.submodule ({ name, config, options, ... }@args:
    let
      viaLet = "let-${name}";
      viaFunction = x: "${x}-${args.name}";
      inherit (config) port;
    in
    {
      options = {
        plain = mkOption { type = types.int; default = 1; };
        port = mkOption { type = types.int; default = 80; };
        direct = mkOption { type = types.str; default = name; };
        let' = mkOption { type = types.str; default = viaLet; };
        fn = mkOption { type = types.str; default = viaFunction "f"; };
        viaPort = mkOption { type = types.int; default = port + 1; };
        viaArgs = mkOption { type = types.str; default = args.config.direct; };
        nested = mkOption { type = types.attrs; default = { a.b.c.d.e.f.g.h.i.j = name; }; };
        function = mkOption { type = types.functionTo types.str; default = x: "${x}${name}"; apply = f: f "applied-"; };
        lambda = mkOption { type = types.raw; default = x: name; apply = f: f 1; };
        enum = mkOption { type = types.enum [ name "m11" ]; default = "m11"; };
        enumOwn = mkOption { type = types.enum [ name ]; default = name; };
        applied = mkOption { type = types.int; default = 1; apply = x: "${name}${toString x}"; };
        check = mkOption { type = types.addCheck types.str (x: x == name || x == "any"); default = "any"; };
        checkList = mkOption { type = types.addCheck (types.listOf types.str) (x: elem name x || x == [ ]); default = [ ]; };
        matching = mkOption { type = types.nullOr (types.strMatching "${name}.*"); default = null; };
        between = mkOption { type = types.nullOr (types.ints.between 0 (stringLength name)); default = null; };
        sub = mkOption { type = types.submodule { options.outer = mkOption { default = name; }; }; default = { }; };
        subs = mkOption { type = types.listOf (types.submodule { options.outer = mkOption { default = name; }; }); default = [ { } ]; };
        subsNone = mkOption { type = types.attrsOf (types.submodule { options.outer = mkOption { default = name; }; }); default = { }; };
        coerced = mkOption { type = types.coercedTo types.int (x: "${name}${toString x}") types.str; default = "d"; };
        custom = mkOption { type = mkOptionType { name = "c"; merge = loc: defs: name; }; default = 1; };
        viaOptions = mkOption { type = types.int; default = options.port.highestPrio; };
        sep = mkOption { type = types.separatedString name; default = "a"; };
        either = mkOption { type = types.either types.int (types.enum [ name ]); default = 1; };
        readOnly = mkOption { type = types.int; default = 1; readOnly = name == "m10"; };
        noDefault = mkOption { type = if name == "m10" then types.int else types.str; };
        viaModuleArgs = mkOption { type = types.str; default = config._module.args.name; };
        description = mkOption { type = types.str; default = "d"; description = name; };
        arith = mkOption { type = types.int; default = if name == "m12" then 12 else 0; };
      };
    })); }; }
  { lab.m = genAttrs names (n: { }); }
  {
    lab.m.m10 = { enum = "m10"; check = "m10"; checkList = [ "m10" ]; matching = "m10x"; between = 3; coerced = 1; custom = 2; sep = mkMerge [ "a" "b" ]; either = "m10"; readOnly = 2; noDefault = 1; subsNone.x = { }; port = 1; };
    lab.m.m11 = { enum = "m10"; check = "m10"; checkList = [ "m10" ]; matching = "m10x"; between = 4; coerced = 1; custom = 2; sep = mkMerge [ "a" "b" ]; either = "m10"; readOnly = 2; noDefault = 1; subsNone.x = { }; port = mkForce 2; };
    lab.m.m12 = { enumOwn = "m11"; noDefault = "s"; subs = mkForce [ ]; };
  }
]
