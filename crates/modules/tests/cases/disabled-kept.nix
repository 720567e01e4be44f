# A file below a disabled one that another module imports too stays.
{ lib }:
with lib;
[
  { options.lab.order = mkOption { type = types.listOf types.str; default = [ ]; }; }
  ./files/order-outer.nix
  { imports = [ ./files/order-plain.nix ]; disabledModules = [ ./files/order-outer.nix ]; }
]
