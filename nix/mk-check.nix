# A function that makes a derivation which runs nixpact on a source tree, for `callPackage`.
#
# What nixpact finds is in the build log; with an error, the derivation fails.
{
  formats,
  lib,
  nixpact,
  runCommand,
}: {
  # The repository: a path, or a flake's `self`.
  src,
  name ? "nixpact",
  # What `nixpact.toml` would hold, as an attribute set. An empty one leaves the repository's own file.
  settings ? {},
  # Such a file instead.
  configFile ?
    if settings == {}
    then null
    else (formats.toml {}).generate "nixpact.toml" settings,
  # Inputs of the repository's flake whose modules are read, nixpkgs among them, by name.
  inputs ? {},
  # Further arguments of `nixpact check`.
  extraArgs ? [],
}: let
  # A flake may stand in a directory of what was fetched.
  read = name: ["--input" "${name}=${inputs.${name}.sourceInfo or inputs.${name}}"];
  arguments =
    lib.optionals (configFile != null) ["--config" "${configFile}"]
    ++ builtins.concatMap read (builtins.attrNames (removeAttrs inputs ["self"]))
    ++ extraArgs
    ++ ["${src}"];
in
  runCommand name {nativeBuildInputs = [nixpact];} ''
    nixpact check ${lib.escapeShellArgs arguments} | tee $out
  ''
