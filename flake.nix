{
  description = "A static checker of NixOS service contracts";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs = {
    self,
    nixpkgs,
  }: let
    inherit (nixpkgs) lib;

    systems = ["x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin"];

    # { <system> = what `make` gives for its packages; }
    eachSystem = make: lib.genAttrs systems (system: make nixpkgs.legacyPackages.${system});

    packageOf = pkgs: self.packages.${pkgs.stdenv.hostPlatform.system}.nixpact;
  in {
    packages = eachSystem (pkgs: rec {
      default = nixpact;
      nixpact = pkgs.callPackage ./nix/package.nix {};
    });

    overlays.default = final: prev: {
      nixpact = final.callPackage ./nix/package.nix {};
    };

    # A derivation that fails where nixpact finds an error in `src`; nix/mk-check.nix has the other arguments.
    lib.mkCheck = {
      pkgs,
      package ? packageOf pkgs,
      ...
    } @ arguments:
      pkgs.callPackage ./nix/mk-check.nix {nixpact = package;} (removeAttrs arguments ["pkgs" "package"]);

    flakeModules.default = import ./nix/flake-module.nix self;

    templates.default = {
      path = builtins.path {
        path = ./test-flakes/homelab;
        name = "homelab";
        # What real Nix gives for it is there for nixpact's own tests.
        filter = path: type: baseNameOf path != "expected";
      };
      description = "A homelab whose services declare themselves, checked by nixpact";
    };

    checks = eachSystem (pkgs: import ./nix/checks.nix {inherit pkgs self;});

    apps = eachSystem (pkgs: rec {
      default = nixpact;

      nixpact = {
        type = "app";
        program = lib.getExe (packageOf pkgs);
        meta.description = "Check a NixOS repository";
      };
    });

    devShells = eachSystem (pkgs: {
      default = pkgs.mkShell {
        packages = with pkgs; [
          cargo
          cargo-deny
          clippy
          jq
          just
          mdbook
          pre-commit
          rust-analyzer
          rustc
          rustfmt
        ];

        # For `just goldens`: the library that the expected values come from.
        NIXPKGS_LIB = "${nixpkgs}/lib";
      };
    });

    formatter = eachSystem (pkgs: pkgs.alejandra);
  };
}
