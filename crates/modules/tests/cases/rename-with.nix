# doRename itself, with what the functions made of it fix.
{ lib }:
with lib;
let
  rename = arguments: doRename ({ from = [ "old" ]; to = [ "new" ]; visible = true; warn = true; use = x: x; } // arguments);
  evaluate = modules: evalModules {
    modules = [ { options.new = mkOption { type = types.int; default = 0; }; } ] ++ modules;
  };
  both = modules: let it = (evaluate modules).config; in { inherit (it) old new; };
  warnings = { options.warnings = mkOption { type = types.listOf types.str; default = [ ]; }; };
in
[
  {
    options.lab = mkOption { type = types.lazyAttrsOf types.raw; };
    config.lab = {
      plain = both [ (rename { }) { old = 1; } ];
      undefined = both [ (rename { }) ];
      use = both [ (rename { use = x: x + 1; }) { old = 1; } ];
      priority = both [ (rename { }) { old = mkForce 1; new = 2; } ];
      no-priority = both [ (rename { withPriority = false; }) { old = mkDefault 1; new = mkForce 2; } ];
      no-priority-conflict = both [ (rename { withPriority = false; }) { old = mkForce 1; new = 2; } ];
      condition = both [ (rename { condition = true; }) { old = 1; } ];
      no-condition = both [ (rename { condition = false; }) { old = 1; } ];
      no-target = both [ (rename { to = [ "absent" ]; }) ];
      told = length (evaluate [ warnings (rename { }) { old = 1; } ]).config.warnings;
      untold = length (evaluate [ warnings (rename { warn = false; }) { old = 1; } ]).config.warnings;
      untold-undefined = length (evaluate [ warnings (rename { }) ]).config.warnings;
      untold-condition = length (evaluate [ warnings (rename { condition = false; }) { old = 1; } ]).config.warnings;
      visible = (evaluate [ (rename { visible = false; }) ]).options.old.visible;
      description = (evaluate [ (rename { }) ]).options.old.description;
      unexpected = both [ (rename { other = 1; }) ];
      missing = both [ (doRename { from = [ "old" ]; to = [ "new" ]; }) ];
    };
  }
]
