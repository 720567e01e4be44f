{ lib }:
let
  fails = value: !(builtins.tryEval (builtins.deepSeq value value)).success;
  drv = derivation {
    name = "p-1";
    builder = "/b";
    system = "s";
    outputs = [
      "out"
      "dev"
    ];
    passed = [ 1 "x" ];
  };
in
{
  xml = builtins.toXML [
    1
    (-1)
    1.5
    true
    null
    "a <b> & \"c\"\nd\te"
    [ ]
    { }
    {
      b = 1;
      "x y" = [ ];
    }
    /a/b
    (x: x)
    ({ b, a ? 1 }: a)
    ({ b, ... }: b)
    ({ b, ... }@c: b)
    map
  ];
  placeholders = map builtins.placeholder [ "out" "dev" ];
  hashes = map (algorithm: builtins.hashString algorithm "text") [ "md5" "sha1" "sha256" "sha512" ];
  drv = {
    inherit (drv) name system outputs passed type outputName;
    dev = drv.dev.outputName;
    names = builtins.attrNames drv;
    all = map (one: one.outputName) drv.all;
    arguments = builtins.attrNames drv.drvAttrs;
  };
  lazy = (derivation { name = throw "no"; builder = 1; x = 2; }).x;
  appended = builtins.appendContext "a" { };
  discarded = builtins.unsafeDiscardOutputDependency "a";
  scoped = builtins.typeOf builtins.scopedImport;
}
