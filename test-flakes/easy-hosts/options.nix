{ lib, config, inputs, self, who, shared ? "none", ... }:
{
  options.lab = {
    names = lib.mkOption { type = lib.types.listOf lib.types.str; default = [ ]; };
    who = lib.mkOption { type = lib.types.raw; };
  };
  config.lab.who = { inherit who shared; host = config.networking.hostName; platform = config.nixpkgs.hostPlatform.system or config.nixpkgs.hostPlatform; inputs = inputs ? nixpkgs; };
}
