# import-tree: a module that imports the files below directories, or a list of them.
{
  lib,
  own,
  root,
  ...
}:
let
  isTree = value: builtins.isAttrs value && value ? __config.__functor;
  hasPath = value: builtins.isAttrs value && value ? outPath;
  isPath =
    value:
    !isTree value && (builtins.isPath value || builtins.isString value || hasPath value);
  isDirectory = value: isPath value && builtins.readFileType value == "directory";

  isModule = path: lib.hasSuffix ".nix" path && !lib.hasInfix "/_" path;

  found =
    config: paths:
    let
      given = lib.flatten [
        config.paths
        paths
      ];
      # Where the repository lies itself says nothing of what is in it.
      directories = builtins.filter isDirectory given ++ [ root ];
      listed =
        value:
        if isTree value then
          (value.withLib lib).files
        else if hasPath value then
          listed value.outPath
        else if isDirectory value then
          lib.filesystem.listFilesRecursive value
        else
          [ value ];
      # Filters see what stands behind the first directory that a file is in.
      shown =
        path:
        let
          text = toString path;
          holds = directory: lib.hasPrefix directory text;
        in
        lib.removePrefix (lib.findFirst holds "" (map toString directories)) text;
      passes =
        value:
        let
          ofPath = isPath value;
          seen = if ofPath then shown value else value;
          initial =
            if config.initial != null then
              config.initial
            else if ofPath then
              isModule
            else
              _: true;
        in
        initial seen && config.keep seen;
    in
    map config.change (builtins.filter passes (lib.flatten (map listed given)));

  result =
    config: paths:
    if config.pipe == null then
      { imports = found config paths; }
    else if config.lib == null then
      throw "You need to call withLib before trying to read the tree."
    else
      config.pipe (found config paths);

  tree =
    config:
    let
      filterBy =
        expected: keep:
        tree (config // { keep = value: config.keep value && keep value == expected; });
      self =
        own
        // builtins.mapAttrs (_: of: of self) config.api
        // {
          __config = config // {
            __functor = _: update: tree (update config);
          };
          # A module is called with the options that there are.
          __functor =
            _: argument:
            result config (if builtins.isAttrs argument && argument ? options then [ ] else argument);

          filter = filterBy true;
          filterNot = filterBy false;
          match = regex: self.filter (path: builtins.match regex path != null);
          matchNot = regex: self.filterNot (path: builtins.match regex path != null);
          map = change: tree (config // { change = value: change (config.change value); });
          addPath = path: tree (config // { paths = config.paths ++ [ path ]; });
          addAPI = api: tree (config // { api = config.api // api; });

          withLib = lib: tree (config // { inherit lib; });
          initFilter = initial: tree (config // { inherit initial; });
          pipeTo = pipe: tree (config // { inherit pipe; });
          leafs = self.pipeTo (files: files);

          result = result config [ ];
          files = self.leafs.result;
          new = tree start;
        };
    in
    self;

  start = {
    api = { };
    change = value: value;
    initial = null;
    keep = _: true;
    lib = null;
    paths = [ ];
    pipe = null;
  };
in
tree start
