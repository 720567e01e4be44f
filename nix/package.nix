# The program, for `callPackage`.
{
  installShellFiles,
  lib,
  rustPlatform,
  stdenv,
}:
rustPlatform.buildRustPackage {
  pname = "nixpact";
  inherit ((lib.importTOML ../Cargo.toml).workspace.package) version;

  # Documentation and continuous integration are left out: what changes there builds nothing again.
  src = lib.fileset.toSource {
    root = ../.;
    fileset = lib.fileset.unions [
      ../Cargo.lock
      ../Cargo.toml
      ../README.md
      ../benches
      ../crates
      ../lints
    ];
  };
  cargoLock.lockFile = ../Cargo.lock;

  # The tests want git, the fixtures and the book beside the sources; `checks.tests` runs them.
  doCheck = false;

  nativeBuildInputs = [installShellFiles];

  postInstall = lib.optionalString (stdenv.buildPlatform.canExecute stdenv.hostPlatform) ''
    for shell in bash fish zsh; do
      $out/bin/nixpact completions $shell > nixpact.$shell
    done
    $out/bin/nixpact man > nixpact.1
    for command in check commit-msg config eval init lsp services; do
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
}
