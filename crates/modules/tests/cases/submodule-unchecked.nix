{ lib }:
with lib;
let
  tried = value: builtins.tryEval (builtins.deepSeq value value);
  of = definition: (evalModules {
    modules = [
      {
        options.a = mkOption {
          type = types.submodule {
            options.k = mkOption { type = types.int; default = 1; };
            options.below.l = mkOption { type = types.int; default = 2; };
          };
        };
        options.many = mkOption {
          type = types.attrsOf (types.submodule { options.k = mkOption { type = types.int; default = 1; }; });
          default = genAttrs [ "p" "q" "r" "s" ] (_: { });
        };
      }
      definition
    ];
  }).config;
  results = {
    unchecked = (of { a = { _module.check = false; z = 1; below.z = 2; }; }).a;
    uncheckedMany = (of { a = { }; many.t = { _module.check = false; z = 1; }; }).many.t;
    checked = tried (of { a.z = 1; }).a;
    checkedMany = tried (of { many.t.z = 1; }).many.t;
    noModule = tried (of { a = _: false; }).a;
    noModuleKey = tried (of { a = { imports = [ 1 ]; }; }).a.k;
    nested = tried (of { a = { imports = [ [ { } ] ]; }; }).a.k;
    thrown = tried (of { a = { imports = [ (throw "no") ]; }; }).a.k;
    unsupported = tried (of { a = { config = { }; k = 3; }; }).a.k;
    option = tried (of { a = { imports = [ (mkOption { }) ]; }; }).a.k;
    priority = (of { a = { imports = [ (mkForce { k = 3; }) { k = 4; } ]; }; }).a.k;
  };
in
[
  {
    options.lab = mapAttrs (_: _: mkOption { type = types.raw; }) results;
    config.lab = results;
  }
]
