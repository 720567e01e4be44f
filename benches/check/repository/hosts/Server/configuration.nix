{
  hostname,
  lib,
  ...
}: {
  imports = [
    ../../settings.nix
    ../../modules/server
    ./settings.nix
  ];

  networking.hostName = lib.toLower hostname;
  system.stateVersion = "25.05";
}
