{ lib, ... }:
{
  options.lab = {
    names = lib.mkOption { type = lib.types.listOf lib.types.str; };
    words = lib.mkOption { type = lib.types.attrsOf lib.types.str; };
  };
}
