# Definitions that are made of another option.
{ lib }:
with lib;
[
  ({ config, options, ... }: {
    options.lab = {
      alias = mkOption { type = types.listOf types.int; default = [ 9 ]; };
      aliasNone = mkOption { type = types.listOf types.int; default = [ 9 ]; };
      wrapped = mkOption { type = types.attrsOf types.int; default = { }; };
      derived = mkOption { type = types.str; default = "none"; };
      derivedForced = mkOption { type = types.str; };
      derivedNone = mkOption { type = types.str; default = "none"; };
      asserted = mkOption { type = types.int; };
      failed = mkOption { type = types.int; };
      defined = mkOption { type = types.int; };
      strict = mkOption { default = mkFixStrictness 1; };
      located = mkOption { type = types.int; };
      applied = mkOption { type = types.int; };
      json = mkOption { type = types.int; };
    };
    options.from = {
      list = mkOption { type = types.listOf types.int; };
      none = mkOption { type = types.listOf types.int; };
      int = mkOption { type = types.int; };
      text = mkOption { type = types.str; default = "d"; };
      forced = mkOption { type = types.str; };
      unset = mkOption { type = types.str; default = "u"; };
    };
    imports = [
      (setDefaultModuleLocation "here" { lab.located = 3; })
      (modules.importApply ./files/applied.nix { value = 4; })
    ];
    config.from = { list = mkMerge [ [ 1 ] (mkAfter [ 3 ]) ]; int = mkDefault 5; text = mkForce "f"; forced = mkForce "x"; };
    config.lab = {
      alias = mkAliasDefinitions options.from.list;
      aliasNone = mkAliasDefinitions options.from.none;
      wrapped = mkAliasAndWrapDefinitions (setAttrByPath [ "a" ]) options.from.int;
      derived = mkDerivedConfig options.from.text (x: x + "!");
      derivedForced = mkMerge [ (mkDerivedConfig options.from.forced (x: x)) "lost" ];
      derivedNone = mkDerivedConfig options.from.unset (x: x + "!");
      asserted = mkAssert true "m" 1;
      failed = mkAssert false "m" 1;
      defined = mkDefinition { file = "f"; value = 6; };
    };
  })
]
