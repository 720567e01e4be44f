# A name of `lib` that a group of it does not have comes from the scope around.
{ lib }:
with lib;
with lib.attrsets;
with lib.lists;
with lib.strings;
with lib.options;
with lib.modules;
with lib.types;
[
  {
    options.lab = {
      enable = mkEnableOption "it";
      text = mkOption { type = str; };
      names = mkOption { type = listOf str; };
      starts = mkOption {
        type = bool;
        # The one of `lib.strings`.
        default = hasPrefix "a" "ab";
      };
    };
  }
  (
    { config, ... }:
    {
      config.lab = mkMerge [
        { enable = mkDefault true; }
        (mkIf config.lab.enable {
          text = concatMapStringsSep "," toUpper config.lab.names;
          names = optional (hasAttrByPath [ "a" ] { a = 1; }) "a" ++ reverseList [ "b" "c" ];
        })
      ];
    }
  )
]
