{ lib }:
with lib;
[
  ({ config, options, ... }: {
    options.assertions = mkOption { type = types.listOf types.unspecified; };
    options.lab.out = mkOption { type = types.attrs; };
    imports = [ (mkRemovedOptionModule [ "lab" "gone" ] "It is gone.") ];
    config.lab.out = { has = config.lab ? gone; option = options.lab ? gone; defined = options.lab.gone.isDefined; };
  })
]
