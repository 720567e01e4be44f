{ lib, ... }:
{
  systems = [ "x86_64-linux" ];

  imports = [
    ./hosts.nix
    ./modules
    ./options.nix
    ./jobs.nix
  ];
}
