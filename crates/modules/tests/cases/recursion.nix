# A condition around the very names that it depends on.
{ lib }:
with lib;
[
  ({ config, ... }: {
    options.lab = { names = mkOption { type = types.listOf types.str; }; groups = mkOption { type = types.attrsOf types.int; }; other = mkOption { default = 1; }; };
    config.lab.names = [ "a" ];
  })
  ({ config, ... }: { lab = mkIf (length config.lab.names > 2) { names = mkAfter [ ]; groups.big = 1; }; })
]
