{
  description = "A generated homelab";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    impermanence.url = "github:nix-community/impermanence";
    sops-nix = {
      url = "github:Mic92/sops-nix";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs = {
    self,
    nixpkgs,
    impermanence,
    sops-nix,
    ...
  } @ inputs: let
    system = "x86_64-linux";

    mkSystem = hostname: extraModules:
      nixpkgs.lib.nixosSystem {
        inherit system;
        specialArgs = {inherit inputs hostname;};
        modules =
          [
            ./hosts/${hostname}/configuration.nix
            impermanence.nixosModules.impermanence
            sops-nix.nixosModules.sops
          ]
          ++ extraModules;
      };
  in {
    nixosConfigurations.Server = mkSystem "Server" [];

    formatter.${system} = nixpkgs.legacyPackages.${system}.alejandra;
  };
}
