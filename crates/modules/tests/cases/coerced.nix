{ lib }:
with lib;
let
  tried = value: builtins.tryEval (builtins.deepSeq value value);
  of = type: definitions: tried (evalModules {
    modules = [ { options.a = mkOption { inherit type; }; } ] ++ map (a: { inherit a; }) definitions;
  }).config.a;
  results = {
    # The number itself is a port, so what becomes of it need not be one.
    eitherTaken = of (types.coercedTo types.int toString types.port) [ 2 ];
    eitherTakenOrNull = of (types.coercedTo types.int toString (types.nullOr types.port)) [ 2 ];
    eitherTakenOnce = of (types.coercedTo types.int toString (types.uniq types.port)) [ 2 ];
    none = of (types.coercedTo types.int toString types.port) [ 70000 ];
    list = of (types.coercedTo types.int (x: [ x ]) (types.listOf types.int)) [ 1 [ 2 ] ];
    listWrong = of (types.coercedTo types.int (x: [ (toString x) ]) (types.listOf types.int)) [ 1 ];
    either = of (types.coercedTo types.int toString (types.either types.port types.bool)) [ 2 ];
    ofSubmodules = of (types.coercedTo (types.submodule { }) (x: [ x ]) types.raw) [ 1 ];
    ofListsOfSubmodules = of (types.coercedTo (types.listOf (types.submodule { })) (x: [ x ]) types.raw) [ 1 ];
    ofFunctions = of (types.coercedTo (types.functionTo (types.submodule { })) (x: [ x ]) types.raw) [ 1 ];
    ofModules = of (types.coercedTo types.deferredModule (x: [ x ]) types.raw) [ 1 ];
    ofEither = of (types.coercedTo (types.either types.int (types.submodule { })) (x: [ x ]) types.raw) [ 1 ];
    ofNull = of (types.coercedTo (types.nullOr (types.submodule { })) (x: [ x ]) types.raw) [ null ];
  };
in
[
  {
    options.lab = mapAttrs (_: _: mkOption { type = types.raw; }) results;
    config.lab = results;
  }
]
