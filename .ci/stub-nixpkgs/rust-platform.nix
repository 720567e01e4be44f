# `buildRustPackage` with the cargo of the machine, its registry and its target directory: nothing is built twice.
{
  host,
  lib,
  runCommand,
}: {
  buildRustPackage = {
    pname,
    version,
    src,
    cargoLock,
    postInstall ? "",
    ...
  } @ arguments: let
    # nixpkgs fetches each package by its checksum; without one it asks for a hash that nobody gave.
    packages = (lib.importTOML cargoLock.lockFile).package;
    unfetchable = builtins.filter (package: package ? source && !(package ? checksum)) packages;
  in
    assert unfetchable == [];
      runCommand "${pname}-${version}" (removeAttrs arguments ["cargoLock"]) ''
        export HOME=$PWD CARGO_HOME=${host.cargoHome} RUSTUP_HOME=${host.rustupHome}
        export CARGO_TARGET_DIR=${host.targetDir}
        cargo install --frozen --path $src --root $out --no-track
        ${postInstall}
      '';
}
