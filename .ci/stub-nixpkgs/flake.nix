{
  description = "A stand-in for nixpkgs, and for the inputs of the homelab, that builds with the tools of the machine";

  outputs = {self}: let
    lib = import ./lib;
  in {
    lib =
      lib
      // {
        # No system is built: there is a derivation where a check of the flake looks for one.
        nixosSystem = {system, ...}: {
          config.system.build.toplevel = self.legacyPackages.${system}.standIn "nixos-system";
        };
      };

    legacyPackages = lib.genAttrs ["x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin"] (
      system: import ./. {inherit system;}
    );

    nixosModules = lib.genAttrs ["disko" "impermanence" "quadlet" "sops"] (_: {});
  };
}
