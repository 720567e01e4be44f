# A submodule's own modules, their imports and the definitions, as modules of it.
{ lib }:
with lib;
let
  m = name: imports: { inherit imports; config.order = [ name ]; };
  base = { options.order = mkOption { type = types.listOf types.str; default = [ ]; }; imports = [ (m "base" [ (m "deep" [ ]) ]) ]; };
in
[
  {
    options.lab.a = mkOption { type = types.submodule [ base (m "own" [ ]) ]; };
    options.lab.b = mkOption { type = types.submoduleWith { modules = [ base (m "own" [ ]) ]; }; };
    options.lab.c = mkOption { type = types.submoduleWith { modules = [ base ]; specialArgs.x = "special"; shorthandOnlyDefinesConfig = true; }; };
  }
  { lab.a.order = [ "def1" ]; }
  { lab.a = { ... }: { imports = [ (m "below function" [ ]) ]; order = [ "function" ]; }; }
  { lab.a = { order = [ "def2" ]; }; }
  { lab.b = { imports = [ (m "below set" [ ]) ]; order = [ "set" ]; }; }
  { lab.b = { config.order = [ "long" ]; }; }
  { lab.c = { x, ... }: { order = [ x ]; }; }
  { lab.c.order = [ "plain" ]; }
]
