{ lib }:
with lib;
let
  tried = value: (builtins.tryEval (builtins.deepSeq value value)).success;
  of = type: definitions: (evalModules {
    modules = [ { options.a = mkOption { inherit type; }; } ] ++ map (a: { inherit a; }) definitions;
  });
  all = configuration: {
    value = tried configuration.config.a;
    defined = builtins.tryEval configuration.options.a.isDefined;
    priority = builtins.tryEval configuration.options.a.highestPrio;
    loc = builtins.tryEval (head configuration.options.a.loc);
  };
  results = {
    type = all (of types.int [ "x" ]);
    typeBelow = all (of (types.attrsOf types.int) [ { p = "x"; } ]);
    twice = all (of types.raw [ 1 1 ]);
    conflict = all (of types.str [ "a" "b" ]);
    null = all (of (types.nullOr types.int) [ null 1 ]);
    undefined = all (of types.int [ ]);
    unique = all (of (types.uniq types.int) [ 1 1 ]);
    choice = all (of (types.attrTag { l = mkOption { type = types.int; }; }) [ { r = 1; } ]);
    thrown = all (of types.int [ (throw "no") ]);
    thrownLow = all (of types.int [ (mkDefault (throw "no")) ]);
    thrownOrdered = all (of types.int [ (mkAfter (throw "no")) ]);
    thrownTag = all (of types.int [ (mkDefault { _type = throw "no"; }) ]);
    thrownTagOutside = all (of types.int [ { _type = throw "no"; } ]);
    readOnly = all (evalModules { modules = [ { options.a = mkOption { readOnly = true; }; config.a = 1; } { a = 2; } ]; });
    clash = all (evalModules { modules = [ { options.a = mkOption { default = 1; }; } { options.a = mkOption { default = 1; }; } ]; });
    clashOfTypes = all (evalModules { modules = [ { options.a = mkOption { type = types.int; }; } { options.a = mkOption { type = types.str; }; } ]; });
  };
in
[
  {
    options.lab = mapAttrs (_: _: mkOption { type = types.raw; }) results;
    config.lab = results;
  }
]
