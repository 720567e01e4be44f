# Module functions: special arguments, `_module.args`, defaults of formals, whole arguments.
{ lib }:
with lib;
{
  specialArgs = { special = 7; both = "special"; };
  modules = [
    ({ lib, ... }@args: {
      options.lab = genAttrs [
        "special" "own" "both" "names" "hasOwn" "specialArgs" "withDefault" "prio" "merged" "viaConfig"
      ] (_: lib.mkOption { type = lib.types.anything; });
      config.lab.names = args ? special;
      config.lab.hasOwn = args ? own;
    })
    ({ special, specialArgs, both, ... }: {
      lab.special = special;
      lab.specialArgs = specialArgs.special;
      lab.both = both;
    })
    ({ own, prio, merged, withDefault ? 3, config, ... }: {
      lab.own = own;
      lab.withDefault = withDefault;
      lab.prio = prio;
      lab.merged = merged;
      lab.viaConfig = config._module.args.own;
    })
    {
      _module.args.own = 8;
      _module.args.withDefault = 9;
      _module.args.prio = mkDefault { a = 1; };
      _module.args.merged = mkDefault { a = 1; b = 2; };
    }
    { _module.args.prio = { b = 1; }; _module.args.merged = mkForce { c = 1; }; }
  ];
}
