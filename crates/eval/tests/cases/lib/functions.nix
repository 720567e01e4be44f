{ lib }:
{
  # Those of lib are written in Nix, but for the ones that it has from Nix.
  own = [ lib.id (lib.const 1) (lib.hasPrefix "a") (lib.trimWith { }) (lib.composeManyExtensions [ ]) lib.fix (lib.generators.toJSON { }) ];
  passed = [ lib.head lib.map (lib.map (x: x)) (builtins.add 1) lib.isString ];
  texts = [ (lib.literalExpression "a") (lib.literalMD "b") ];
  definition = lib.mkDefinition { file = "f"; value = 1; more = 2; };
  appended = builtins.appendContext "a" { };
  part = [ (lib.take 5 [ 1 ]) (lib.drop 3 [ 1 2 ]) ];
}
