# Configuration whose names depend on other options.
{ lib }:
with lib;
[
  ({ config, ... }: {
    options.lab = {
      names = mkOption { type = types.listOf types.str; };
      users = mkOption { type = types.attrsOf (types.submodule { options.uid = mkOption { type = types.int; default = 1; }; }); };
      groups = mkOption { type = types.attrsOf types.int; };
      count = mkOption { type = types.int; default = length (attrNames config.lab.users); };
      all = mkOption { type = types.listOf types.int; default = mapAttrsToList (_: u: u.uid) config.lab.users; };
      on = mkEnableOption "it";
      viaOn = mkOption { type = types.int; default = 0; };
    };
    config.lab.users = genAttrs config.lab.names (name: { uid = stringLength name; });
    config.lab.groups = mapAttrs (_: u: u.uid) config.lab.users;
    config.lab.viaOn = mkIf config.lab.on 5;
  })
  { lab.names = [ "a" "bb" ]; lab.users.extra = { }; lab.on = true; }
  ({ config, ... }: { lab.groups = mkMerge (mapAttrsToList (n: _: { "g-${n}" = 2; }) config.lab.users); })
]
