# nixpkgs' own lib where `.ci/flake-check` has put it beside this file, else the few functions that are asked for.
let
  inherit (builtins) any attrNames concatStringsSep listToAttrs map replaceStrings stringLength substring toString;

  few = {
    inherit fileset listToAttrs;

    genAttrs = names: make: listToAttrs (map (name: few.nameValuePair name (make name)) names);
    nameValuePair = name: value: {inherit name value;};
    mapAttrsToList = function: set: map (name: function name set.${name}) (attrNames set);
    optionals = condition: list:
      if condition
      then list
      else [];
    optionalString = condition: text:
      if condition
      then text
      else "";
    escapeShellArg = text: "'${replaceStrings ["'"] ["'\\''"] (toString text)}'";
    escapeShellArgs = list: concatStringsSep " " (map few.escapeShellArg list);
    importTOML = file: builtins.fromTOML (builtins.readFile file);
    getExe = package: "${package}/bin/${package.meta.mainProgram}";
    licenses = few.genAttrs ["mit" "asl20"] (spdxId: {inherit spdxId;});
    platforms.unix = [];
    types.attrs = {};

    # They cannot be run without nixpkgs' own lib.
    runTests = _: [];
  };

  fileset = {
    unions = files: files;
    toSource = {
      root,
      fileset,
    }:
      builtins.path {
        path = root;
        name = "source";
        filter = path: _: any (file: isInside path (toString file) || isInside (toString file) path) fileset;
      };
  };

  # Whether a path is another one or below it.
  isInside = above: path: path == above || substring 0 (stringLength above + 1) path == "${above}/";
in
  if !builtins.pathExists ./nixpkgs
  then few
  # Its file sets need a newer Nix than that of Debian 12.
  else if builtins ? readFileType
  then import ./nixpkgs
  else import ./nixpkgs // {inherit fileset;}
