{ lib, ... }:
{
  options.lab = {
    names = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ ];
    };
    words = lib.mkOption {
      type = lib.types.attrsOf lib.types.str;
      default = { };
    };
  };
}
