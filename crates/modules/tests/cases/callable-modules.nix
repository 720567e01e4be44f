# Modules that are sets that can be called: what they name is given to them, whichever way they say it.
{ lib }:
with lib;
let
  named = { own, config, ... }@args: {
    lab.named = own;
    lab.hasOther = args ? other;
    lab.viaConfig = config._module.args.other;
  };
  whole = args: {
    lab.wholeHasOwn = args ? own;
    lab.wholeHasSpecial = args ? special;
  };
  mirrored = mirrorFunctionArgs ({ other, withDefault ? 1, ... }: null) (args: {
    lab.mirrored = args.other;
    lab.mirroredDefault = args.withDefault;
    lab.mirroredHasOwn = args ? own;
  });
in
{
  specialArgs.special = 7;
  modules = [
    {
      options.lab = genAttrs [
        "named" "hasOther" "viaConfig" "wholeHasOwn" "wholeHasSpecial" "mirrored" "mirroredDefault" "mirroredHasOwn"
        "computed" "sub" "given"
      ] (_: lib.mkOption { type = lib.types.anything; });
      options.parts = mkOption {
        type = types.attrsOf (types.submodule {
          imports = [ { __functor = self: { name, ... }: { options.text = mkOption { default = "${name} ${self.word}"; }; }; word = "part"; } ];
        });
      };
      config._module.args = { own = 8; other = 9; withDefault = 2; };
      config.parts.a = { };
      config.parts.b = { };
    }
    { __functor = _: named; }
    { __functor = _: whole; }
    mirrored
    { __functor = self: { own, ... }: { lab.computed = own + self.more; }; more = 10; }
    (setFunctionArgs (args: { lab.given = args.own; }) { own = false; })
    ({ config, ... }: { lab.sub = mapAttrs (_: part: part.text) config.parts; })
  ];
}
