# The name of what an alias stands for may depend on the configuration.
{ lib }:
with lib;
let
  int = mkOption { type = types.int; default = 0; };
in
[
  (
    { config, ... }:
    {
      imports = [
        (mkAliasOptionModule [ "lab" "mine" ] [ "lab" "users" config.lab.user "port" ])
        ((lib.mkAliasOptionModuleMD or mkAliasOptionModule) [ "lab" "anns" ] [ "lab" "users" "ann" "port" ])
        (mkRenamedOptionModule [ "lab" "old" ] [ "lab" "users" config.lab.other "port" ])
      ];
      options.lab = {
        user = mkOption { default = "ann"; };
        other = mkOption { default = "b" + "ob"; };
        users = mkOption { type = types.attrsOf (types.submodule { options.port = int; }); };
      };
    }
  )
  { lab.mine = 5; lab.user = "eve"; lab.old = mkForce 3; lab.users.bob.port = 4; lab.anns = 7; }
]
