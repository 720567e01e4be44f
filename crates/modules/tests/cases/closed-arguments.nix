# Functions that refuse arguments which they do not name, and those that need one.
{ lib }:
with lib;
let
  pkgs = { a = { type = "derivation"; name = "a"; }; };
  of = option: (builtins.tryEval option).value._type;
in
[
  {
    options.lab = {
      all = mkOption { default = attrNames (mkOption { default = 1; defaultText = "1"; example = 1; description = ""; relatedPackages = [ ]; type = types.int; apply = x: x; internal = true; visible = true; readOnly = true; }); };
      unexpected = mkOption { default = of (mkOption { typ = types.int; }); };
      sink = mkOption { default = of (mkSinkUndeclaredOptions { typ = types.int; }); };
      sinkVisible = mkOption { default = (mkSinkUndeclaredOptions { }).visible; };
      sinkInternal = mkOption { default = (mkSinkUndeclaredOptions { internal = false; }).internal; };
      package = mkOption { default = of (mkPackageOption pkgs "a" { default = "a"; nullable = true; example = "a"; extraDescription = ""; pkgsText = "p"; }); };
      packageUnexpected = mkOption { default = of (mkPackageOption pkgs "a" { nullible = true; }); };
      nameless = mkOption { default = of (mkOptionType { check = isInt; }); };
      derivedNone = mkOption { default = (mkDerivedConfig "10" (x: x)).priority; };
      priorities = mkOption { default = [ lib.modules.defaultOverridePriority lib.modules.defaultOrderPriority ]; };
      derivedForced = mkOption { default = (mkDerivedConfig { highestPrio = 50; value = 1; } (x: x + 1)).content; };
    };
  }
]
