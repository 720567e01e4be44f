# Functions of lib where the types stand in an inner `with`.
{ lib }:
with lib;
with types;
[
  {
    options.lab = {
      plain = mkOption { type = bool; default = false; };
      list = mkOption { type = listOf (enum [ "a" "b" ]); default = [ ]; };
      free = mkOption {
        type = submodule (
          { lib, config, ... }:
          with lib;
          with types;
          {
            freeformType = attrs;
            options = {
              a = mkOption { type = nullOr int; default = null; };
              b = mkEnableOption "b";
            };
            config.b = mkIf (config.a == null) (mkDefault true);
            config.c = optionalString config.b "c";
          }
        );
        default = { };
      };
    };
    config.lab.list = mkMerge [ [ "a" ] (mkIf true [ "b" ]) ];
    config.lab.free.d = 1;
  }
]
