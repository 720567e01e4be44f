# The general form of `attrsOf`.
{ lib }:
with lib;
let
  of = arguments: mkOption { type = types.attrsWith ({ elemType = types.int; } // arguments); };
in
[
  {
    options.lab = {
      plain = of { };
      lazy = of { lazy = true; };
      strict = of { lazy = false; };
      placeholder = of { placeholder = "host"; };
      default = mkOption { type = types.attrsWith { elemType = types.int; }; default.a = 1; };
      apply = mkOption { type = types.attrsWith { elemType = types.int; }; apply = attrNames; };
      wrong = of { };
      wrongMember = of { };
      unexpected = of { other = 1; };
      twice = of { placeholder = "a"; };
      lazyAndStrict = of { lazy = true; };
      otherPlaceholder = of { placeholder = "a"; };
      samePlaceholder = of { placeholder = "a"; };
      namedName = of { placeholder = "name"; };
      undefined = of { };
    };
    config.lab = {
      plain = { a = 1; b = mkIf false 2; };
      lazy = { a = 1; b = mkIf false 2; };
      strict = { a = mkDefault 1; };
      placeholder.a = 1;
      apply = { b = 1; a = 2; };
      wrong = [ ];
      wrongMember.a = "1";
      unexpected.a = 1;
      twice.a = 1;
      lazyAndStrict.a = 1;
      otherPlaceholder.a = 1;
      samePlaceholder.a = 1;
      namedName.a = 1;
    };
  }
  {
    options.lab.twice = mkOption { type = types.attrsOf types.int; };
    options.lab.otherPlaceholder = of { placeholder = "b"; };
    options.lab.samePlaceholder = of { placeholder = "a"; };
    options.lab.namedName = of { placeholder = "b"; };
    options.lab.lazyAndStrict = mkOption { type = types.attrsOf types.int; };
    config.lab = { strict.a = 2; strict.b = 3; plain.a = 1; };
  }
]
