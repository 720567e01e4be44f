# What `options` says of options that one module declares, or several, and of the module system's own.
{ lib }:
with lib;
let
  evaluate = modules: evalModules { inherit modules; };
  one = (evaluate [ {
    options.a = mkOption { type = types.int; description = "It is a."; example = 3; defaultText = "none"; visible = false; };
    options.b = mkEnableOption "b";
    options.c.d = mkOption { type = types.listOf types.str; default = [ ]; internal = true; };
  } ]).options;
  two = (evaluate [
    { options.a = mkOption { type = types.int; description = "It is a."; visible = false; }; }
    { options.a = mkOption { type = types.int; default = 4; visible = true; internal = true; }; }
    { options.a = mkOption { example = 3; }; }
  ]).options;
  args = (evaluate [ { _module.args.x = 1; } ({ x, ... }: { options.a = mkOption { default = x; }; }) ]).options;
  sub = (evaluate [ {
    options.s = mkOption { type = types.submodule ({ options, ... }: { options.names = mkOption { default = attrNames options; }; }); default = { }; };
  } ]).config;
in
[
  {
    options.lab = mkOption { type = types.lazyAttrsOf types.raw; };
    config.lab = {
      description = one.a.description;
      example = one.a.example;
      default-text = one.a.defaultText;
      visible = one.a.visible;
      internal = one.c.d.internal;
      enable = one.b.description;
      enable-example = one.b.example;
      string = "${one.c.d}";
      to-string = toString one.a;
      names = attrNames one;
      names-below = attrNames one.c;
      two = { inherit (two.a) description visible internal default example loc; };
      two-value = two.a.value;
      has-module = one ? _module;
      module-names = filter (name: name != "specialArgs") (attrNames one._module);
      argument = args._module.args.value.x;
      freeform = one._module.freeformType.value;
      check = one._module.check.value;
      in-submodule = sub.s.names;
      located = map (it: it.value) (evaluate [
        { options.a = mkOption { type = types.listOf types.int; }; }
        { a = [ 1 ]; }
        { a = mkBefore [ 2 ]; }
        { a = mkDefault [ 3 ]; }
      ]).options.a.definitionsWithLocations;
      passed-on = (evaluate [
        ({ options, ... }: {
          options.a = mkOption { type = types.listOf types.int; };
          options.b = mkOption { type = types.listOf types.int; };
          config.a = mkMerge (map mkDefinition options.b.definitionsWithLocations);
        })
        { b = [ 1 ]; a = [ 2 ]; }
        { b = mkForce [ 3 ]; }
        { b = mkForce [ 4 ]; }
      ]).config.a;
    };
  }
]
