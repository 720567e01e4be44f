{ lib }:
let
  package = {
    type = "derivation";
    name = "hello-1.2";
    meta.platforms = [ "x86_64-linux" { parsed.kernel.name = "darwin"; } ];
  };
  linux = { system = "x86_64-linux"; parsed.kernel.name = "linux"; };
  mac = { system = "aarch64-darwin"; parsed = { kernel.name = "darwin"; cpu = 1; }; };
  arm = { system = "aarch64-linux"; parsed.kernel.name = "linux"; };
in
{
  add = (lib.addMetaAttrs { a = 1; platforms = [ ]; } package).meta;
  addOverridable =
    (lib.addMetaAttrs { b = 2; } {
      meta.c = 3;
      overrideAttrs = f: f { meta.d = 4; };
    }).meta;
  names = map (p: p.name) [
    (lib.setName "x" package)
    (lib.updateName (n: n + "-y") package)
    (lib.appendToName "tests" package)
  ];
  priorities = map (p: p.meta.priority) [
    (lib.lowPrio package)
    (lib.hiPrio package)
    (lib.setPrio 3 package)
    (lib.hiPrioSet { inherit package; }).package
    (lib.lowPrioSet { inherit package; }).package
  ];
  untouched = (lib.hiPrioSet { x = { }; y = 1; });
  dont = (lib.dontDistribute { }).meta.hydraPlatforms;
  available = map (p: lib.meta.availableOn p package) [ linux mac arm ];
  availableBad = lib.meta.availableOn linux { meta.badPlatforms = [ "x86_64-linux" ]; };
  availableAll = lib.meta.availableOn linux { };
  cpe = lib.meta.cpeFullVersionWithVendor "v" "1";
  priority = lib.meta.defaultPriority;
}
