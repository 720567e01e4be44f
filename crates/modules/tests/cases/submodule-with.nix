# All arguments of `submoduleWith`.
{ lib }:
with lib;
let
  base = { options.x = mkOption { type = types.int; default = 1; }; };
  of = arguments: mkOption { type = types.submoduleWith ({ modules = [ base ]; } // arguments); default = { }; };
in
[
  {
    options.lab = {
      plain = of { };
      class = of { class = "lab"; };
      classWrong = of { class = "lab"; };
      special = of { specialArgs = { five = 5; }; };
      specialName = mkOption { type = types.attrsOf (types.submoduleWith { modules = [ base ]; specialArgs.name = "given"; }); };
      shorthand = of { shorthandOnlyDefinesConfig = true; };
      shorthandConfig = mkOption { type = types.submoduleWith { shorthandOnlyDefinesConfig = true; modules = [ { options.config = mkOption { type = types.int; }; } ]; }; };
      module = of { };
      description = of { description = "a thing"; };
      none = mkOption { type = types.submoduleWith { modules = [ ]; }; default = { }; };
      unexpected = of { other = 1; };
      twice = of { description = "a thing"; };
      twiceSpecial = of { specialArgs.a = 1; };
    };
    config.lab = {
      plain.x = 2;
      class = { _class = "lab"; x = 2; };
      classWrong = { _class = "other"; x = 2; };
      special = { five, ... }: { x = five; };
      shorthand.x = 3;
      shorthandConfig.config = 4;
      module = { options.y = mkOption { default = 2; }; config.x = 5; };
      description.x = 6;
      twice = { x = 7; y = 8; };
      twiceSpecial = { a, b, ... }: { x = a + b; };
    };
  }
  {
    options.lab.twice = mkOption { type = types.submoduleWith { modules = [ { options.y = mkOption { type = types.int; }; } ]; }; };
    options.lab.twiceSpecial = mkOption { type = types.submoduleWith { modules = [ ]; specialArgs.b = 2; }; };
  }
]
