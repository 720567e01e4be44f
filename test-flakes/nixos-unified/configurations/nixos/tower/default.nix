{ config, lib, flake, ... }:
{
  imports = [
    flake.self.nixosModules.lab
    flake.self.nixosModules.web
  ];
  lab.names = lib.filter (name: flake.self.nixosModules ? ${name}) [ "lab" "web" ];
  lab.words.global = if config.home-manager.useGlobalPkgs then "yes" else "no";
}
