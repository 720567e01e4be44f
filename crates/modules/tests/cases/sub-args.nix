# Arguments of submodules.
{ lib }:
with lib;
{
  specialArgs.outer = 1;
  modules = [
    {
      options.lab.a = mkOption { type = types.attrsOf (types.submoduleWith { modules = [ ({ name, extra, sp, ... }: { options.v = mkOption { default = "${name}${extra}${sp}"; }; config._module.args.extra = "e"; }) ]; specialArgs.sp = "s"; shorthandOnlyDefinesConfig = true; }); };
      options.lab.noOuter = mkOption { type = types.submodule ({ outer, ... }: { options.v = mkOption { default = outer; }; }); default = { }; };
      options.lab.named = mkOption { type = types.attrsOf (types.submodule ({ name, ... }: { options.v = mkOption { default = name; }; })); };
      options.lab.viaConfig = mkOption { type = types.attrsOf (types.submodule ({ config, ... }: { options.v = mkOption { default = config._module.args.name; }; })); };
      options.lab.list = mkOption { type = types.listOf (types.submodule ({ name, ... }: { options.v = mkOption { default = name; }; })); };
      options.lab.prefix = mkOption { type = types.attrsOf (types.submodule ({ options, ... }: { options.v = mkOption { default = showOption options.v.loc; }; })); };
      options.lab.strict = mkOption { type = types.attrsOf (types.submodule ({ name }: { options.v = mkOption { default = name; }; })); };
      options.lab.ordered = mkOption { type = types.listOf (types.submodule ({ name, ... }: { options.v = mkOption { default = name; }; })); };
    }
    { lab.a.m = { }; lab.named.m._module.args.name = mkForce "other"; lab.named.n = { }; lab.viaConfig.m = { }; lab.list = [ { } { } ]; lab.prefix.m = { }; lab.ordered = [ { } ]; }
    { lab.list = [ { } ]; lab.ordered = mkAfter [ { } { } ]; }
  ];
}
