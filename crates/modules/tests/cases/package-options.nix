{ lib }:
with lib;
let
  pkgs = { hello = { type = "derivation"; name = "hello"; }; deep.er = { type = "derivation"; name = "deeper"; }; };
in
[
  {
    options.lab = {
      one = mkPackageOption pkgs "hello" { };
      null = mkPackageOption pkgs "hello" { default = null; nullable = true; };
      nullable = mkPackageOption pkgs "hello" { nullable = true; };
      nothing = mkPackageOption pkgs "hello" { default = null; };
      path = mkPackageOption pkgs "x" { default = [ "deep" "er" ]; };
      missing = mkPackageOption pkgs "absent" { };
      set = mkPackageOption pkgs "hello" { };
      enable = mkEnableOption "x";
      enabled = mkEnableOption "x" // { default = true; };
    };
    config.lab.set = pkgs.deep.er;
  }
]
