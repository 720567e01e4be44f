{
  description = "What import-tree gives in all the forms in which it is called";

  inputs = {
    import-tree.url = "github:vic/import-tree";
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  };

  outputs =
    { nixpkgs, import-tree, ... }:
    {
      nixosConfigurations.host = nixpkgs.lib.nixosSystem {
        modules = [
          (
            { lib, ... }:
            {
              options.forms = lib.mkOption { type = lib.types.raw; };
              config.forms = import ./forms.nix {
                inherit lib;
                inherit import-tree;
              };
            }
          )
        ];
      };
    };
}
