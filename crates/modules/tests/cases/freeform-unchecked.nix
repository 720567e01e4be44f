# No check is asked of a freeform type: it merges the sets of what is not declared.
{ lib }:
with lib;
let
  freeform = freeformType: mkOption { type = types.submodule { inherit freeformType; }; default = { }; };
in
[
  {
    options.lab = {
      int = freeform types.int;
      either = freeform (types.either types.int types.int);
      either-null = freeform (types.nullOr (types.either types.int types.int));
      nulls = freeform (types.nullOr (types.nullOr types.int));
      number = freeform types.number;
      attrs-of = freeform (types.nullOr (types.attrsOf types.int));
      wrong-member = freeform (types.attrsOf types.int);
      twice = freeform types.int;
      equal = freeform types.int;
      unique = freeform (types.uniq types.int);
      enum = freeform (types.enum [ "a" ]);
      package = freeform types.package;
      attrs = freeform types.attrs;
      check = freeform (types.addCheck types.int (x: false));
    };
    config.lab = {
      int.a = "text";
      either.a = "text";
      either-null.a = "text";
      nulls.a = "text";
      number.a = "text";
      attrs-of.a = 1;
      wrong-member.a = "text";
      twice.a = 1;
      equal.a = 1;
      unique.a = 1;
      enum.a = 1;
      package.a = 1;
      attrs.a = 1;
      check.a = 1;
    };
  }
  { config.lab.twice.b = 2; config.lab.equal.a = 1; config.lab.attrs.b = mkForce 2; }
]
