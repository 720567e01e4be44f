# Several freeform types of one set of modules merge as those of an option do.
{ lib }:
with lib;
let
  of = modules: mkOption { type = types.submodule modules; default = { }; };
  free = freeformType: { inherit freeformType; };
  sub = name: types.attrsOf (types.submodule { options.${name} = mkOption { type = types.int; default = 0; }; });
in
[
  {
    options.lab = {
      same = of [ (free (types.attrsOf types.int)) (free (types.attrsOf types.int)) ];
      enums = of [ (free (types.attrsOf (types.enum [ "a" ]))) (free (types.attrsOf (types.enum [ "b" ]))) ];
      submodules = of [ (free (sub "a")) (free (sub "b")) ];
      in-config = of { config._module.freeformType = mkMerge [ (sub "a") (sub "b") ]; };
      differ = of [ (free (types.attrsOf types.int)) (free (types.attrsOf types.str)) ];
      forced = of [ (free (types.attrsOf types.int)) (free (mkForce (types.attrsOf types.str))) ];
      if-false = of { config._module.freeformType = mkIf false (types.attrsOf types.int); };
      default = of [ { config._module.freeformType = mkDefault (types.attrsOf types.int); } (free (types.attrsOf types.str)) ];
    };
    config.lab = {
      same.x = 1;
      enums = { x = "a"; y = "b"; };
      submodules.x.a = 1;
      submodules.y.b = 1;
      in-config.x.a = 1;
      in-config.y.b = 1;
      differ.x = 1;
      forced.x = "text";
      if-false.x = 1;
      default.x = "text";
    };
  }
]
