# The arguments `_class` and `_prefix`, which special arguments of the same name replace.
{ lib }:
with lib;
let
  shown = { options.shown = mkOption { type = types.raw; }; };
  show = { _class, _prefix, ... }: { imports = [ shown ]; config.shown = { class = _class; prefix = _prefix; }; };
  evaluate = arguments: (evalModules ({ modules = [ show ]; } // arguments)).config.shown;
  sub = class: types.submoduleWith { modules = [ show ]; inherit class; };
in
[
  {
    options.lab = {
      given = mkOption { type = types.lazyAttrsOf types.raw; };
      none = mkOption { type = sub null; default = { }; };
      named = mkOption { type = sub "own"; default = { }; };
      members = mkOption { type = types.attrsOf (sub "own"); };
      list = mkOption { type = types.listOf (sub "own"); };
      merged = mkOption { type = sub null; default = { }; };
      other = mkOption { type = sub "own"; default = { }; };
    };
    config.lab.list = [ { } { } ];
    config.lab.members.a = { };
    config.lab.members."b.c" = { };
    config.lab.given = {
      plain = evaluate { };
      class = evaluate { class = "c"; };
      prefix = evaluate { prefix = [ "p" "q" ]; };
      special = evaluate { class = "c"; specialArgs._class = 1; specialArgs._prefix = 2; };
      extended = ((evalModules { class = "c"; modules = [ show ]; }).extendModules { prefix = [ "x" ]; }).config.shown;
      chosen = (evalModules {
        class = "c";
        modules = [ shown ({ _class, ... }: { imports = optional (_class == "c") { shown = "chosen"; }; }) ];
      }).config.shown;
    };
  }
  { options.lab.merged = mkOption { type = types.submoduleWith { modules = [ ]; class = "own"; }; }; }
  { options.lab.other = mkOption { type = types.submoduleWith { modules = [ ]; class = "another"; }; }; }
]
