# Sets of which not all names are known, defined where a freeform type takes any.
{ lib }:
with lib;
let
  yes = builtins.currentTime > 0;
  maybe = optional yes { name = "b"; value = [ 2 ]; };
  free = element: modules: types.submodule {
    freeformType = types.lazyAttrsOf element;
    imports = modules;
  };
  merged = type: definitions: (evalModules {
    modules = [ { options.set = mkOption { inherit type; default = { }; }; } ]
      ++ map (set: { inherit set; }) definitions;
  }).config.set;
  ints = types.listOf types.int;
  plain = free ints [ ];
  grouped = free types.raw [ { options.group.a = mkOption { default = 1; }; } ];
  imported = evalModules {
    modules = [ { freeformType = types.lazyAttrsOf types.raw; } { imports = optional yes { b = 2; }; } ];
  };
in
[
  {
    options.lab = mkOption { type = types.lazyAttrsOf types.raw; };
    config.lab = {
      names = attrNames (merged plain [ (listToAttrs maybe) ]);
      beside = attrNames (merged plain [ { a = [ 1 ]; } (listToAttrs maybe) ]);
      in-one = attrNames (merged plain [ ({ a = [ 1 ]; } // listToAttrs maybe) ]);
      missing = (merged plain [ (listToAttrs maybe) ]).b or "none";
      other = (merged plain [ { a = [ 1 ]; } (listToAttrs maybe) ]).a;
      member = (merged plain [ { b = [ 1 ]; } (listToAttrs maybe) ]).b;
      conditional = attrNames (merged plain [ (mkIf yes (listToAttrs maybe)) ]);
      never = attrNames (merged plain [ (mkIf false (listToAttrs maybe)) { a = [ 1 ]; } ]);
      of-modules = attrNames (merged plain [ imported.config ]);
      imported = attrNames (merged (free ints [ { imports = optional yes { b = [ 2 ]; }; } ]) [ { a = [ 1 ]; } ]);
      imported-member = (merged (free ints [ { imports = optional yes { b = [ 2 ]; }; } ]) [ { b = [ 1 ]; } ]).b;
      group = attrNames (merged grouped [ { group = listToAttrs maybe; } ]).group;
      group-other = attrNames (merged grouped [ { group = listToAttrs maybe; } ]);
      declared = (merged grouped [ { group = listToAttrs maybe; } ]).group.a;
    };
  }
]
