# What `options` does not say of an option is not there.
{ lib }:
with lib;
[
  ({ options, config, ... }: {
    options.lab = {
      plain = mkOption { type = types.int; };
      told = mkOption { type = types.int; default = 1; internal = true; visible = false; };
      bare = mkOption { };
      hosts = mkOption { type = types.attrsOf (types.submodule ({ name, ... }: { options.name = mkOption { default = name; }; })); default.a = { }; };
      again = mkOption { inherit (options.lab.hosts) type; default.b = { }; };
      out = mkOption { type = types.lazyAttrsOf types.raw; };
    };
    config.lab.out = {
      modules = map (module: attrNames module ++ map isFunction module.imports) options.lab.hosts.type.getSubModules;
      evaluated = (evalModules { modules = options.lab.hosts.type.getSubModules ++ [ { _module.args.name = "x"; } ]; }).config.name;
      type = options.lab.hosts.type.name;
      internal = map (option: option.internal or "no") [ options.lab.plain options.lab.told options.lab.bare ];
      has = map (name: map (option: option ? ${name}) [ options.lab.plain options.lab.told options.lab.bare ]) [
        "apply" "declarations" "default" "description" "example" "files" "internal" "loc" "readOnly" "type" "value" "visible" "other"
      ];
    };
  })
  # The names of the definitions hang on what the options say.
  ({ options, ... }: {
    options.lab.made = mkOption { type = types.attrsOf types.str; };
    config.lab.made = mapAttrs (_: option: if option.internal or false then "internal" else "open") { inherit (options.lab) plain told bare; };
  })
]
