{
  description = "A homelab with mistakes";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    impermanence.url = "github:nix-community/impermanence";
    quadlet-nix.url = "github:SEIAROTg/quadlet-nix";
    sops-nix = {
      url = "github:Mic92/sops-nix";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs = {
    nixpkgs,
    impermanence,
    quadlet-nix,
    sops-nix,
    ...
  } @ inputs: let
    system = "x86_64-linux";

    mkSystem = hostname:
      nixpkgs.lib.nixosSystem {
        inherit system;
        specialArgs = {inherit inputs hostname;};
        modules = [
          ./hosts/${hostname}/configuration.nix
          impermanence.nixosModules.impermanence
          quadlet-nix.nixosModules.quadlet
          sops-nix.nixosModules.sops
        ];
      };
  in {
    nixosConfigurations.Server = mkSystem "Server";
  };
}
