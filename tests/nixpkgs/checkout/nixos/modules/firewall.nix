{ lib, ... }:
{
  options.networking.firewall.allowedTCPPorts = lib.mkOption {
    type = lib.types.listOf lib.types.port;
    default = [ ];
  };
}
