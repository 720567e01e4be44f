# lib.filesystem: directories of packages and of projects.
{ lib }:
let
  inherit (builtins) attrNames pathExists readDir;

  # Each entry of a directory by the name that its package has.
  entries =
    arguments@{ callPackage, directory, ... }:
    lib.concatMapAttrs (
      name: type:
      let
        path = directory + "/${name}";
      in
      if type == "directory" then
        { ${name} = packagesFromDirectoryRecursive (arguments // { directory = path; }); }
      else if type == "regular" && lib.hasSuffix ".nix" name then
        { ${lib.removeSuffix ".nix" name} = callPackage path { }; }
      else if type == "regular" then
        { }
      else
        throw "lib.filesystem.packagesFromDirectoryRecursive: Unsupported file type ${type} at path ${toString path}"
    ) (readDir directory);

  packagesFromDirectoryRecursive =
    {
      callPackage,
      newScope ? throw "lib.packagesFromDirectoryRecursive: newScope wasn't passed in args",
      directory,
    }@arguments:
    let
      package = directory + "/package.nix";
      scope = lib.makeScope newScope (
        self: entries (arguments // { inherit (self) callPackage newScope; })
      );
    in
    if pathExists package then
      callPackage package { }
    else if arguments ? newScope then
      lib.recurseIntoAttrs scope
    else
      entries arguments;

  # The nearest directory from `path` upwards with a file whose name matches.
  climb =
    pattern: path:
    let
      matches = builtins.filter (match: match != null) (
        map (builtins.match pattern) (attrNames (readDir path))
      );
    in
    if matches != [ ] then
      { inherit path matches; }
    else if toString path == "/" then
      null
    else
      climb pattern (dirOf path);
in
{
  inherit packagesFromDirectoryRecursive;
  haskellPathsInDir =
    root:
    let
      paths = builtins.mapAttrs (name: _: root + "/${name}") (readDir root);
    in
    lib.filterAttrs (name: path: pathExists (path + "/${name}.cabal")) paths;
  locateDominatingFile =
    pattern: file:
    let
      parent = dirOf file;
      isDirectory =
        toString file == "/" || (readDir parent).${baseNameOf file} or null == "directory";
    in
    climb pattern (if isDirectory then file else parent);
}
