{
  description = "What haumea gives in all the forms in which it is called";

  inputs = {
    haumea.url = "github:nix-community/haumea";
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  };

  outputs =
    { nixpkgs, haumea, ... }:
    {
      nixosConfigurations.host = nixpkgs.lib.nixosSystem {
        modules = [
          (
            { lib, ... }:
            {
              options.forms = lib.mkOption { type = lib.types.raw; };
              config.forms = import ./forms.nix {
                inherit lib;
                haumea = haumea.lib;
              };
            }
          )
        ];
      };
    };
}
