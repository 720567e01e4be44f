# What makes two modules one: the string that they are imported by, or any key that has one.
{ lib }:
with lib;
let
  order = modules: (evalModules {
    modules = [ { options.order = mkOption { type = types.listOf types.int; default = [ ]; }; } ] ++ modules;
  }).config.order;
  base = ./files;
in
[
  { options.lab = mkOption { type = types.lazyAttrsOf types.raw; }; }
  {
    lab.directory-and-file = order [ ./files/keyed ./files/keyed/default.nix ];
    lab.same-path = order [ ./files/keyed { imports = [ ./files/keyed ]; } ];
    lab.path-and-string = order [ ./files/keyed (toString ./files/keyed) "${toString base}/keyed" ];
    lab.slash = order [ ./files/keyed (toString ./files/keyed + "/") ];
    lab.written = order [ { key = "k"; order = [ 2 ]; } { key = "k"; order = [ 3 ]; } ];
    lab.number = order [ { key = 5; order = [ 2 ]; } { key = "5"; order = [ 3 ]; } ];
    lab.nothing = order [ { key = null; order = [ 2 ]; } { key = ""; order = [ 3 ]; } ];
    lab.path-first = order [ ./files/keyed { key = ./files/keyed; order = [ 2 ]; } ];
    lab.key-first = order [ { key = ./files/keyed; order = [ 2 ]; } ./files/keyed ];
    lab.importer = order [ { key = "k"; order = [ 2 ]; imports = [ { key = "k"; order = [ 3 ]; } ]; } ];
    lab.no-string = order [ { key = x: x; order = [ 2 ]; } ];
    lab.disabled-file = order [ { imports = [ ./files/keyed ]; disabledModules = [ ./files/keyed/default.nix ]; } ];
    lab.disabled-directory = order [ { imports = [ ./files/keyed ]; disabledModules = [ ./files/keyed ]; } ];
    lab.disabled-number = order [ { imports = [ { key = 5; order = [ 2 ]; } ]; disabledModules = [ 5 ]; } ];
    lab.disabled-key-number = order [
      { imports = [ { key = 5; order = [ 2 ]; } ]; disabledModules = [ { key = 5; } ]; }
    ];
    lab.disabled-list = order [ { imports = [ { key = [ 1 2 ]; order = [ 2 ]; } ]; disabledModules = [ [ 1 2 ] ]; } ];
    lab.disabled-below-root = order [ { imports = [ { key = "/a"; order = [ 2 ]; } ]; disabledModules = [ "a" ]; } ];
    lab.disabled-string-like = order [
      { imports = [ ./files/keyed ]; disabledModules = [ { outPath = ./files/keyed; } ]; }
    ];
    lab.disabled-other-key = order [ { disabledModules = [ { outPath = "/x"; key = "/y"; } ]; } ];
    lab.disabled-no-key = order [ { disabledModules = [ { } ]; } ];
    lab.disabled-function = order [ { disabledModules = [ (x: x) ]; } ];
    lab.disabled-in-path = (evalModules {
      specialArgs.modulesPath = base;
      modules = [
        { options.order = mkOption { type = types.listOf types.int; default = [ ]; }; }
        ./files/keyed
        ./files/keyed/default.nix
        { disabledModules = [ "keyed/default.nix" ]; order = [ 2 ]; }
      ];
    }).config.order;
  }
]
