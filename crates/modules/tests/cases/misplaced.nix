{ lib }:
with lib;
let
  tried = value: builtins.tryEval (builtins.deepSeq value value);
  of = definition: tried (evalModules {
    modules = [
      { options.a.b = mkOption { default = 1; }; options.c = mkOption { default = 2; }; }
      definition
    ];
  }).config.c;
  results = {
    number = of { a = 3; };
    nothing = of { a = null; };
    never = of { a = mkIf false 3; };
    low = of { a = mkDefault [ ]; };
    merged = of { a = mkMerge [ { b = 1; } "x" ]; };
    all = of { config = 3; };
    thrown = of { a = throw "no"; };
    function = of { a = _: { b = 1; }; };
    set = of { a = mkMerge [ { b = 1; } (mkIf false { b = 2; }) ]; };
    empty = of { a = { }; };
    unchecked = of { a = 3; _module.check = false; };
    freeform = of { a = 3; freeformType = types.attrsOf types.raw; };
    inside = tried (evalModules {
      modules = [ { options.s = mkOption { type = types.submodule { options.a.b = mkOption { default = 1; }; }; }; config.s.a = 1; } ];
    }).config.s.a.b;
  };
in
[
  {
    options.lab = mapAttrs (_: _: mkOption { type = types.raw; }) results;
    config.lab = results;
  }
]
