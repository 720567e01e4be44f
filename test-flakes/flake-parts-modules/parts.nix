{ inputs, ... }:
{
  systems = [ "x86_64-linux" ];

  imports = [
    inputs.flake-parts.flakeModules.modules
    ./first.nix
    ./second.nix
    ./third.nix
  ];
}
