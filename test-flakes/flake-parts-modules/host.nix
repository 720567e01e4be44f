{ lib, ... }:
{
  options.lab.names = lib.mkOption { type = lib.types.listOf lib.types.str; };
  config.lab.names = [ "host" ];
}
