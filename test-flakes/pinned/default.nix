# Hosts without a flake, in all the ways in which nixpkgs makes one: `nixos-rebuild --file . --attr hosts.attic`.
{
  sources ? import ./pins,
  overlays ? [ ],
}:
let
  pkgs = import sources.nixpkgs { inherit overlays; };
  inherit (pkgs) lib;
  evalConfig = import "${sources.nixpkgs}/nixos/lib/eval-config.nix";

  common = [
    ./options.nix
    "${sources.impermanence}/nixos.nix"
    (sources.home-manager + "/nixos")
  ];

  shed =
    name:
    evalConfig {
      modules = common ++ [ { lab.name = name; } ];
    };

  hosts = {
    attic = evalConfig {
      modules = common ++ [ ./hosts/attic.nix ];
      specialArgs.keeps = "photos";
    };

    cellar = import (sources.nixpkgs + "/nixos") {
      configuration = {
        imports = common ++ [ ./hosts/cellar.nix ];
      };
    };

    porch = pkgs.nixos (common ++ [ ./hosts/porch.nix ]);

    roof = pkgs.nixos {
      imports = common;
      lab.name = "roof";
    };
  };
in
{
  inherit pkgs sources;

  hosts =
    hosts
    // lib.genAttrs [ "shed-1" "shed-2" ] shed
    // {
      # What is added to a host leaves it one.
      porch = hosts.porch // {
        tested = true;
      };
    };

  shell = pkgs.mkShell { };
}
