# What an option of mkPackageOption says about itself.
{ lib }:
with lib;
let
  pkgs = { hello = { type = "derivation"; name = "hello"; }; deep.er = { type = "derivation"; name = "deeper"; }; };
  parts = option: mapAttrs (_: it: it.text or it) (
    removeAttrs option [ "type" "_type" "default" ]
  );
in
[
  {
    options.lab = mkOption { type = types.lazyAttrsOf types.raw; };
    config.lab = {
      plain = parts (mkPackageOption pkgs "hello" { });
      nullable = parts (mkPackageOption pkgs "hello" { nullable = true; });
      without = parts (mkPackageOption pkgs "hello" { default = null; });
      null = parts (mkPackageOption pkgs "hello" { default = null; nullable = true; });
      null-default = (mkPackageOption pkgs "hello" { default = null; nullable = true; }).default;
      deep = parts (mkPackageOption pkgs "x" { default = [ "deep" "er" ]; });
      listed = parts (mkPackageOption pkgs [ "deep" "er" ] { });
      example = parts (mkPackageOption pkgs "hello" { example = "pkgs.other"; });
      example-path = parts (mkPackageOption pkgs "hello" { example = [ "deep" "er" ]; pkgsText = "ours"; });
      more = parts (mkPackageOption pkgs "hello" { extraDescription = "It greets."; });
      package = (mkPackageOption pkgs [ "deep" "er" ] { }).default.name;
      absent = (mkPackageOption pkgs "absent" { }).default;
      below-absent = (mkPackageOption pkgs [ "absent" "x" ] { }).default;
      below-string = (mkPackageOption pkgs [ "hello" "name" "x" ] { }).default;
      no-name = (mkPackageOption pkgs [ ] { }).description;
      unexpected = (mkPackageOption pkgs "hello" { other = 1; }).description;
    };
  }
]
