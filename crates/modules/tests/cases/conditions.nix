# Conditions that nixpact cannot know: `yes` holds and `no` does not.
{ lib }:
with lib;
let
  yes = builtins.currentTime > 0;
  no = builtins.currentTime < 0;
  int = mkOption { type = types.int; };
  list = mkOption { type = types.listOf types.int; };
  set = mkOption { type = types.attrsOf types.int; };
  sub = types.submodule ({ name, config, ... }: { options.x = mkOption { type = types.int; default = 1; }; options.l = list; options.n = mkOption { default = name; }; });
in
[
  {
    options.lab = {
      ifYes = int; ifNo = int; under = mkOption { type = types.int; default = 5; }; over = int; branch = int; branchForce = int; branchForce2 = int; branchLow = int; mergeUnknown = int; mergeForce = int; priority = int; order = list; listElse = list; lists = list; listForce = list; listBranch = list; set = set; setForce = set; setMember = set; setBranch = set; setLow = set; nested = mkOption { type = types.attrsOf (types.listOf types.int); };
      subs = mkOption { type = types.attrsOf sub; }; one = mkOption { type = sub; }; oneNone = mkOption { type = sub; }; lazy = mkOption { type = types.lazyAttrsOf (types.nullOr types.int); }; lazySub = mkOption { type = types.lazyAttrsOf sub; }; listSub = mkOption { type = types.listOf sub; };
      readOnly = mkOption { type = types.int; readOnly = true; }; any = mkOption { type = types.anything; }; free = mkOption { type = types.submodule { freeformType = types.attrsOf types.int; options.x = mkOption { default = 1; }; }; default = { }; };
      either = mkOption { type = types.either types.int (types.listOf types.int); }; coerced = mkOption { type = types.coercedTo types.int singleton (types.listOf types.int); }; null = mkOption { type = types.nullOr types.int; }; attrs = mkOption { type = types.attrs; }; lines = mkOption { type = types.lines; }; whole = int; wholeBranch = int; defined = mkOption { type = types.raw; }; prio = mkOption { type = types.raw; }; definitions = mkOption { type = types.raw; };
      arg = mkOption { type = types.raw; }; viaKey = mkOption { type = types.listOf types.str; default = [ ]; }; imported = mkOption { type = types.int; default = 0; }; mixed = int; elements = list; elementsMerge = list;
    };
  }
  ({ options, arg, ... }: {
    lab = {
      ifYes = mkIf yes 1; ifNo = mkMerge [ (mkIf no 1) 2 ]; under = mkIf yes 1; over = mkMerge [ (mkIf yes (mkDefault 1)) 2 ];
      branch = if yes then 1 else 2; branchForce = if yes then mkForce 1 else 2; branchForce2 = mkOverride 70 3; branchLow = if yes then mkDefault 1 else mkDefault 2;
      mergeUnknown = mkMerge (if yes then [ 1 ] else [ ]); mergeForce = mkMerge (if yes then [ (mkForce 1) ] else [ ]); priority = mkOverride (if yes then 10 else 1000) 1;
      order = mkMerge [ [ 1 ] (mkOrder (if yes then 1 else 2000) [ 2 ]) ]; listElse = if yes then [ 1 ] else [ 2 ]; lists = mkMerge [ (mkIf no [ 1 ]) [ 2 ] (mkIf yes [ 3 ]) ]; listForce = mkMerge [ [ 1 ] (mkIf yes (mkForce [ 2 ])) ]; listBranch = mkMerge [ [ 1 ] (if yes then mkForce [ 2 ] else [ 3 ]) ];
      set = mkMerge [ { a = 1; } (mkIf no { b = 2; }) (mkIf yes { c = 3; }) ]; setForce = mkMerge [ { a = 1; } (mkIf yes (mkForce { b = 2; })) ]; setMember = { a = mkIf yes 1; b = mkIf no 2; c = 3; }; setBranch = mkMerge [ { z = 1; } (if yes then mkForce { a = 1; } else { b = 1; }) ]; setLow = mkMerge [ { z = 1; } (mkIf yes (mkDefault { a = 1; })) ];
      nested = mkMerge [ { a = [ 1 ]; } (mkIf yes { a = mkForce [ 2 ]; b = [ 3 ]; }) ];
      subs = mkMerge [ { m = { l = [ 1 ]; }; } (mkIf yes { m.x = 2; n = { }; }) (mkIf no { m.l = mkForce [ 9 ]; o = { }; }) ];
      one = mkIf yes { x = 2; }; oneNone = mkIf no { x = 2; }; lazy = mkMerge [ { a = mkIf no 1; } (mkIf no { b = 1; }) ]; lazySub.a = mkIf no { x = 4; }; listSub = [ (mkIf no { x = 1; }) { x = 2; } ];
      readOnly = mkMerge [ 1 (mkIf no 2) ]; any = mkMerge [ { a = 1; } (mkIf yes { b = 2; }) ]; free = mkMerge [ { a = 1; } (mkIf yes { b = 2; }) (mkIf no { x = 3; }) ];
      either = if yes then 1 else [ 1 ]; coerced = mkMerge [ 1 (mkIf no [ 2 ]) ]; null = mkIf no 1; attrs = mkMerge [ { a = 1; } (mkIf yes { a = 2; }) ]; lines = mkMerge [ "a" (mkIf yes "b") ];
      defined = options.lab.null.isDefined; prio = options.lab.over.highestPrio; definitions = options.lab.over.definitions; arg = arg;
      mixed = mkMerge [ (if yes then mkIf no 5 else 6) 7 ]; elements = [ 1 (if yes then mkIf no 2 else 3) (mkIf yes 4) ]; elementsMerge = [ (mkMerge (if yes then [ 1 ] else [ ])) 2 ];
    };
    _module.args.arg = mkIf yes 5;
  })
  { lab.branchForce = mkOverride 70 3; lab.mergeForce = mkOverride 70 3; lab.priority = 2; lab.branchLow = 3; }
  (mkIf yes { lab.whole = 1; })
  { config = if yes then { lab.wholeBranch = 1; } else { }; }
  { lab.viaKey = mkMerge [ (optionals yes [ "a" ]) (optional no "b") ]; _module.args.arg = mkDefault 3; }
]
