# What is met where definitions need no option (`_module.check`), and where they do.
{ lib }:
with lib;
let
  evaluate = modules: (evalModules { modules = [ { _module.check = false; } ] ++ modules; }).config;
  checked = modules: (evalModules { inherit modules; }).config;
  free = { freeformType = types.attrsOf types.raw; };
  foo = { options.meta.foo = mkOption { type = types.listOf types.str; default = [ "one" ]; }; options.other = mkOption { default = 1; }; };
  parent = { options.group = mkOption { }; };
  below = { options.group.enable = mkOption { default = true; }; options.other = mkOption { default = 1; }; };
in
[
  {
    options.lab = mkOption { type = types.lazyAttrsOf types.raw; };
    config.lab = {
      undeclared = attrNames (evaluate [ foo { strange = 1; } ]);
      undeclared-checked = attrNames (checked [ foo { strange = 1; } ]);
      misplaced = (evaluate [ foo { meta = "text"; } ]).meta.foo;
      beside-misplaced = (evaluate [ foo { meta = "text"; } ]).other;
      misplaced-checked = (checked [ foo { meta = "text"; } ]).other;
      parent = attrNames (evaluate [ parent below { group.enable = true; } ]);
      parent-value = (evaluate [ parent below { group.enable = true; } ]).group;
      parent-checked = attrNames (checked [ parent below { group.enable = true; } ]);
      parent-undefined = attrNames (checked [ parent below ]);
      parent-other = attrNames (checked [ parent below { other = 2; } ]);
      parent-free = attrNames (evaluate [ parent below free { other = 2; } ]);
    };
  }
]
