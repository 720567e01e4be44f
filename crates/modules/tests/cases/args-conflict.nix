{ lib }:
with lib;
[
  { options.lab.a = mkOption { type = types.anything; }; options.lab.b = mkOption { default = 1; }; }
  ({ own, ... }: { lab.a = own; })
  { _module.args.own = { a = 1; }; }
  { _module.args.own = { b = 1; }; }
]
