# haumea: sets of what stands in files, by the names of these.
{ lib, own, ... }:
let
  extension = suffix: loader: {
    matches =
      file:
      lib.hasSuffix ".${suffix}" file
      && builtins.stringLength file > builtins.stringLength suffix + 1;
    inherit loader;
  };

  matchers = own.lib.matchers // {
    inherit extension;
    always = loader: {
      matches = _: true;
      inherit loader;
    };
    json = extension "json" (_: lib.importJSON);
    nix = extension "nix";
    regex = regex: loader: {
      matches = file: builtins.match regex file != null;
      loader = inputs: path: loader (builtins.match regex (baseNameOf path)) inputs path;
    };
    toml = extension "toml" (_: lib.importTOML);
  };

  # What a file is called with are the inputs that it names.
  calledWith =
    import': inputs: path:
    let
      function = lib.toFunction (import' path);
    in
    function (builtins.mapAttrs (name: _: inputs.${name}) (lib.functionArgs function));

  loaders = own.lib.loaders // {
    callPackage = inputs: path: lib.callPackageWith inputs path { };
    default = calledWith import;
    path = _: path: path;
    scoped = inputs: calledWith (builtins.scopedImport inputs) inputs;
    verbatim = _: import;
  };

  joined =
    merge: of: set:
    builtins.foldl' merge { } (lib.mapAttrsToList of set);

  # Moves an attribute of each file to the set of them all.
  hoisted =
    merge: wrap: from: to: cursor:
    let
      target = if cursor == [ ] then to else from;
    in
    joined (merge target) (
      file: value:
      if value ? ${from} then
        {
          ${file} = removeAttrs value [ from ];
          ${target} = wrap file value.${from};
        }
      else
        { ${file} = value; }
    );

  letters = lib.stringToCharacters "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";

  transformers = own.lib.transformers // {
    hoistAttrs = hoisted (_: lib.recursiveUpdate) (file: value: { ${file} = value; });
    hoistLists = hoisted (
      target: a: b:
      a
      // b
      // {
        ${target} = lib.concatLists (
          lib.catAttrs target [
            a
            b
          ]
        );
      }
    ) (_: value: value);
    liftDefault =
      _: set: lib.attrsets.unionOfDisjoint (removeAttrs set [ "default" ]) (set.default or { });
    prependUnderscore =
      _:
      lib.mapAttrs' (
        name:
        lib.nameValuePair (
          if builtins.elem (builtins.substring 0 1 name) letters then name else "_${name}"
        )
      );
  };

  load =
    {
      src,
      loader ? loaders.default,
      inputs ? { },
      transformer ? [ ],
    }:
    let
      matching = if lib.isFunction loader then [ (matchers.nix loader) ] else loader;
      transformed =
        cursor: set:
        builtins.foldl' (set: change: change cursor set) set (lib.flatten transformer);

      # What stands in a directory, by its names; `pov` is where that is below `src`.
      entries =
        directory: pov:
        let
          entry =
            file: kind:
            let
              bare = lib.removePrefix "_" (lib.removePrefix "_" file);
              found = builtins.filter (matcher: matcher.matches bare) matching;
              path = directory + "/${file}";
              stem = builtins.match "(.+)\\.[^.]+" bare;
              visibility =
                if lib.hasPrefix "__" file then
                  "super"
                else if lib.hasPrefix "_" file then
                  "root"
                else
                  "public";
            in
            if bare == "" then
              [ ]
            else if kind == "directory" then
              [
                {
                  name = bare;
                  value = {
                    inherit visibility;
                    children = entries path (pov ++ [ bare ]);
                  };
                }
              ]
            else if kind == "regular" && found != [ ] then
              [
                {
                  name = if stem == null then bare else builtins.head stem;
                  value = {
                    inherit visibility;
                    content = lib.fix (
                      self:
                      (builtins.head found).loader (
                        inputs
                        // {
                          inherit self;
                          root = seen pov [ ] tree;
                          super = lib.getAttrFromPath pov (seen pov [ ] tree);
                        }
                      ) path
                    );
                  };
                }
              ]
            else
              [ ];
          add =
            known: { name, value }:
            if known ? ${name} then
              throw "haumea failed when traversing ${toString directory}: two entries are called ${name}"
            else
              known // { ${name} = value; };
        in
        builtins.foldl' add { } (
          builtins.concatLists (lib.mapAttrsToList entry (builtins.readDir directory))
        );

      tree.children = entries src [ ];

      # What a file at `pov` sees of the tree; null is who loads it.
      seen =
        pov: cursor: node:
        let
          isInside = pov != null;
          isSeen =
            child:
            child.visibility == "public"
            || isInside && child.visibility == "root"
            || isInside && lib.take (builtins.length cursor) pov == cursor;
          below =
            name: child:
            lib.optionalAttrs (isSeen child) { ${name} = seen pov (cursor ++ [ name ]) child; };
        in
        if node ? children then
          transformed cursor (lib.concatMapAttrs below node.children)
        else
          node.content;
    in
    assert builtins.all (
      name: inputs ? ${name} -> throw "'${name}' cannot be used as the name of an input"
    ) [ "self" "super" "root" ];
    seen null [ ] tree;
in
own
// {
  lib = own.lib // {
    inherit
      load
      loaders
      matchers
      transformers
      ;
  };
}
