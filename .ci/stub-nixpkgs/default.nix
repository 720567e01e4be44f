# What nixpact's flake, its checks and the homelab ask of nixpkgs. `.ci/flake-check` writes host.nix.
{
  system ? builtins.currentSystem,
  host ? import ./host.nix,
}: let
  lib = import ./lib;

  self =
    # Tools of a development shell, and a formatter, which are named only.
    lib.genAttrs [
      "alejandra"
      "cargo"
      "cargo-deny"
      "clippy"
      "gitMinimal"
      "jq"
      "just"
      "mdbook"
      "pre-commit"
      "rust-analyzer"
      "rustc"
      "rustfmt"
    ]
    standIn
    // {
      inherit lib runCommand standIn;

      callPackage = function: arguments: let
        package = import function;
      in
        package (builtins.intersectAttrs (builtins.functionArgs package) self // arguments);

      stdenv = {
        hostPlatform = {inherit system;};
        buildPlatform.canExecute = platform: platform.system == system;
      };

      rustPlatform = import ./rust-platform.nix {inherit host lib runCommand;};
      formats.toml = {}: import ./toml.nix {inherit lib writeText;};
      mkShell = {packages, ...} @ arguments:
        runCommand "shell" ({nativeBuildInputs = packages;} // removeAttrs arguments ["packages"]) "touch $out";
      testers.runNixOSTest = _: standIn "nixos-test";

      installShellFiles = runCommand "install-shell-files" {} ''
        mkdir -p $out/bin
        cat >$out/bin/installShellCompletion <<'END'
        #!${host.shell}
        mkdir -p "$out/share/completions" && cp "$@" "$out/share/completions"
        END
        cat >$out/bin/installManPage <<'END'
        #!${host.shell}
        mkdir -p "$out/share/man/man1" && cp "$@" "$out/share/man/man1"
        END
        chmod +x $out/bin/*
      '';
    };

  # With `overrideAttrs`, as a derivation of nixpkgs.
  runCommand = name: attributes: script: let
    inputs = attributes.nativeBuildInputs or [];
    path = builtins.concatStringsSep ":" (map (input: "${input}/bin") inputs ++ [host.path]);
  in
    derivation (removeAttrs attributes ["meta" "passthru"]
      // {
        inherit name system;
        builder = host.shell;
        # Without its last line the shell would become the last command; most close their output before they end, and
        # Nix kills a builder that has closed it.
        args = ["-c" "set -eu -o pipefail\nexport PATH=${path}\n${script}\nexit"];
      })
    // {
      meta = attributes.meta or {};
      overrideAttrs = changes: runCommand name (attributes // changes) script;
    };

  standIn = name: runCommand name {} "mkdir $out";

  writeText = name: text: runCommand name {inherit text;} ''printf %s "$text" >$out'';
in
  self
