{ lib }:
with lib;
let
  int = mkOption { type = types.int; };
  of = modules: (evalModules { inherit modules; });
  tried = value: builtins.tryEval (builtins.deepSeq value value);
  declared = { options.a = int; options.below.b = int; };
  results = {
    names = attrNames (of [ declared ]).config;
    namesBelow = attrNames (of [ declared { below.b = 1; } ]).config.below;
    has = (of [ declared ]).config ? c;
    hasModule = (of [ declared ]).config ? _module;
    hasArguments = (of [ declared ]) ? _arguments;
    undeclared = tried (of [ declared { a = 1; c = 2; } ]).config.a;
    undeclaredBelow = tried (of [ declared { a = 1; below.c = 2; } ]).config.a;
    undeclaredOptions = tried (attrNames (of [ declared { a = 1; c = 2; } ]).options);
    unchecked = (of [ declared { a = 1; c = 2; below.b = 3; below.c = 4; _module.check = false; } ]).config;
    uncheckedIf = (of [ declared { a = 1; c = 2; below.b = 3; _module.check = mkIf true false; } ]).config;
    checkedAgain = tried (of [ declared { a = 1; c = 2; _module.check = false; } { _module.check = mkForce true; } ]).config.a;
    checkedTwice = tried (of [ declared { a = 1; c = 2; _module.check = false; } { _module.check = true; } ]).config.a;
    checkArgument = (evalModules { check = false; modules = [ declared { a = 1; c = 2; below.b = 3; } ]; }).config;
    inside = (of [ declared ({ config, ... }: { options.has = mkOption { default = config ? c; }; }) ]).config.has;
    prefix = (evalModules { prefix = [ "x" "y" ]; modules = [ declared ]; }).options.a.loc;
    prefixExtended = ((evalModules { prefix = [ "x" ]; modules = [ declared ]; }).extendModules { prefix = [ "z" ]; }).options.below.b.loc;
    without = (evalModules { }).config;
    checkLow = (of [ declared { a = 1; c = 2; below.b = 3; _module.check = mkDefault true; } { _module.check = false; } ]).config;
    unexpected = (evalModules { modules = [ ]; module = [ ]; }).config;
    unexpectedExtension = ((of [ ]).extendModules { module = [ ]; }).config;
    extended = ((of [ declared ]).extendModules { modules = [ { a = 5; below.b = 6; } ]; }).config;
    extendedUndeclared = tried ((of [ declared ]).extendModules { modules = [ { c = 5; } ]; }).config.a;
    freeform = (of [ declared { freeformType = types.attrsOf types.int; a = 1; c = 2; below.b = 3; } ]).config;
    freeformTwice = tried (of [ declared { freeformType = types.attrsOf types.int; a = 1; } { freeformType = types.attrs; } ]).config.a;
  };
in
[
  {
    options.lab = mapAttrs (_: _: mkOption { type = types.raw; }) results;
    config.lab = results;
  }
]
