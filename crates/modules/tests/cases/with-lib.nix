# A name that no version of `lib` has comes from the scope around it.
{ lib }:
let
  site = {
    mkSite = name: { lab.text = mkValue name; };
    zone = "example.org";
    # The one of `lib` is nearer.
    optional = throw "not this one";
  };
  inherit (lib) mkOption;
  mkValue = name: "${name}.${site.zone}";
in
with site;
with builtins;
with lib;
[
  {
    options.lab = {
      text = mkOption { type = types.str; };
      zones = mkOption { type = types.listOf types.str; };
    };
  }
  (mkSite "www")
  { lab.zones = optional (stringLength zone > 3) zone; }
]
