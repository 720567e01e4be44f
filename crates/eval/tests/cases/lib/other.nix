{ lib }:
{
  generators = [ (lib.generators.toJSON { } { a = [ 1 "x" ]; }) (lib.generators.toYAML { } { a = null; }) ];
  regex = [ (lib.match "(a)b" "ab") (lib.split "," "a,b") ];
  passed = [ (lib.toString 1) (lib.tryEval 1) (lib.fromJSON "1") (lib.hashString "md5" "") (lib.parseDrvName "a-1").version (lib.baseNameOf "a/b") ];
  paths = [ (lib.path.append /a "b/c") ];
}
