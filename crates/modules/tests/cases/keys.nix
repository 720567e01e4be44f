# Modules with a key count once.
{ lib }:
with lib;
let
  keyed = n: { key = "k"; lab.order = [ "k${toString n}" ]; };
  path = { key = "p"; imports = [ { lab.order = [ "p1" ]; } ]; config.lab.order = [ "p" ]; };
in
[
  { options.lab.order = mkOption { type = types.listOf types.str; }; }
  (keyed 1)
  (keyed 2)
  { imports = [ (keyed 3) path ]; }
  path
  ({ ... }: { key = "k"; lab.order = [ "function" ]; })
]
