{ config, lib, ... }:
{
  options.lab = {
    name = lib.mkOption { type = lib.types.str; };
    ports = lib.mkOption {
      type = lib.types.listOf lib.types.port;
      default = [ ];
    };
    greeting = lib.mkOption {
      type = lib.types.str;
      default = "${config.lab.name} has ${toString (lib.length config.lab.ports)} ports";
    };
  };
}
