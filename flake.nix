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

      nixpact = pkgs.rustPlatform.buildRustPackage {
        pname = "nixpact";
        inherit ((lib.importTOML ./Cargo.toml).workspace.package) version;

        src = self;
        cargoLock.lockFile = ./Cargo.lock;
        cargoTestFlags = ["--workspace"];

        nativeBuildInputs = [pkgs.installShellFiles];

        postInstall = lib.optionalString (pkgs.stdenv.buildPlatform.canExecute pkgs.stdenv.hostPlatform) ''
          for shell in bash fish zsh; do
            $out/bin/nixpact completions $shell > nixpact.$shell
          done
          $out/bin/nixpact man > nixpact.1
          for command in check services config eval; do
            $out/bin/nixpact man $command > nixpact-$command.1
          done
          installShellCompletion nixpact.{bash,fish,zsh}
          installManPage nixpact*.1
        '';

        meta = {
          description = "Static checker of NixOS service contracts, without a Nix evaluator";
          homepage = "https://github.com/nixpact/nixpact";
          license = with lib.licenses; [mit asl20];
          mainProgram = "nixpact";
          platforms = lib.platforms.unix;
        };
      };
    });

    checks = eachSystem (pkgs: {
      package = packageOf pkgs;

      # As a repository runs nixpact in its own flake.
      homelab = pkgs.runCommand "nixpact-check-homelab" {nativeBuildInputs = [(packageOf pkgs)];} ''
        nixpact check ${./test-flakes/homelab}
        touch $out
      '';

      homelab-broken = pkgs.runCommand "nixpact-check-homelab-broken" {nativeBuildInputs = [(packageOf pkgs)];} ''
        status=0
        nixpact check ${./test-flakes/homelab-broken} > $out || status=$?
        [ "$status" -eq 1 ]
      '';
    });

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
