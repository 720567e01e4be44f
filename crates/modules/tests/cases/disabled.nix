# disabledModules by file, by key and with what such a module imports.
{ lib }:
with lib;
[
  { options.lab.order = mkOption { type = types.listOf types.str; default = [ ]; }; }
  ./files/order-outer.nix
  { key = "gone"; imports = [ { lab.order = [ "below gone" ]; } ]; config.lab.order = [ "gone" ]; }
  { disabledModules = [ ./files/order-outer.nix { key = "gone"; } "not/there.nix" ]; }
  { lab.order = [ "stays" ]; }
]
