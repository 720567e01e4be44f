{ lib, ... }:
{
  options.lab = {
    kinds = lib.mkOption { type = lib.types.attrsOf lib.types.str; };
    names = lib.mkOption { type = lib.types.listOf lib.types.str; };
  };
  config.lab.names = [ "host" ];
}
