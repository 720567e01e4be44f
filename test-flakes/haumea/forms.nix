# Calls of haumea; what it gives for each stands in expected.json.
{ haumea, lib }:
let
  inherit (haumea) loaders matchers transformers;
  inputs = {
    inherit lib;
    port = 8096;
  };
  named = lib.mapAttrsRecursive (_: value: if builtins.isPath value then baseNameOf value else value);
  tried = value: (builtins.tryEval value).success;
in
{
  all = haumea.load {
    inherit inputs;
    src = ./tree;
  };
  lifted = haumea.load {
    inherit inputs;
    src = ./tree;
    transformer = transformers.liftDefault;
  };
  paths = named (haumea.load {
    src = ./tree;
    loader = loaders.path;
  });
  verbatim =
    (haumea.load {
      src = ./tree/data;
      loader = loaders.verbatim;
    }).none
      { };
  scoped =
    (haumea.load {
      src = ./tree/media;
      loader = loaders.scoped;
      inputs = inputs // {
        word = "in scope";
      };
    }).default;
  hoistedLists = haumea.load {
    src = ./tree/lists;
    transformer = [ (transformers.hoistLists "_imports" "imports") ];
  };
  hoistedListsBelow = haumea.load {
    inherit inputs;
    src = ./tree;
    transformer = [ (transformers.hoistLists "_imports" "imports") ];
  };
  hoistedAttrs = haumea.load {
    src = ./tree/attrs;
    transformer = transformers.hoistAttrs "_api" "options";
  };
  matched = named (haumea.load {
    src = ./tree/data;
    loader = [
      matchers.json
      matchers.toml
      (matchers.regex "(.*)[.]txt" (found: _: path: [ found (builtins.readFile path) ]))
      (matchers.extension "nix" loaders.path)
    ];
  });
  always = builtins.attrNames (haumea.load {
    src = ./tree/data;
    loader = [ (matchers.always loaders.path) ];
  });
  letters = named (haumea.load {
    src = ./tree/data;
    loader = loaders.path;
    transformer = transformers.prependUnderscore;
  });
  own = haumea.load {
    src = ./tree/media;
    loader = inputs: path: builtins.attrNames inputs ++ [ (baseNameOf path) ];
    transformer = cursor: set: set // { at = cursor; };
  };
  self = tried (haumea.load {
    src = ./tree;
    inputs.self = 1;
  });
  collision = tried (haumea.load {
    src = ./collision;
  });
}
