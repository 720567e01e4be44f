{ lib }:
let
  fails = value: !(builtins.tryEval (builtins.deepSeq value value)).success;
  box = { a, b ? 2 }: { sum = a + b; };
  overridable = lib.makeOverridable box { a = 1; };
  autoArgs = {
    a = 10;
    b = 20;
    c = 30;
  };
  newScope = extra: lib.callPackageWith (autoArgs // extra);
  scope = lib.makeScope newScope (self: {
    one = self.callPackage ({ a }: { value = a; }) { };
    two = self.callPackage ({ one, c }: { value = one.value + c; }) { };
  });
  wider = scope.overrideScope (final: prev: { one = { value = 100; }; three = prev.two.value; });
  functor = {
    __functor = self: { x, ... }: { y = x; };
    extra = 1;
  };
  package = {
    type = "derivation";
    name = "p";
    system = "s";
    meta.x = 1;
    outputs = [ "out" "dev" ];
    out = { outPath = "/o"; drvPath = "/d"; type = "derivation"; outputName = "out"; };
    dev = { outPath = "/o-dev"; drvPath = "/d"; type = "derivation"; outputName = "dev"; };
    outPath = "/o";
    drvPath = "/d";
    outputName = "out";
  };
in
{
  sum = overridable.sum;
  again = (overridable.override { b = 5; }).sum;
  chain = ((overridable.override { b = 5; }).override { a = 7; }).sum;
  byFunction = (overridable.override (old: { a = old.a + 40; })).sum;
  names = builtins.attrNames overridable;
  arguments = lib.functionArgs (lib.makeOverridable box);
  overrideArguments = lib.functionArgs overridable.override;
  ofNumber = lib.makeOverridable ({ a }: a) { a = 3; };
  ofFunction = (lib.makeOverridable ({ a }: b: a + b) { a = 3; }) 4;
  ofFunctionOverridden = ((lib.makeOverridable ({ a }: b: a + b) { a = 3; }).override { a = 10; }) 4;
  ofFunctor = builtins.attrNames (lib.makeOverridable functor);
  functorCalled = (lib.makeOverridable functor { x = 9; }).y;
  call = (lib.callPackageWith autoArgs ({ a, b, z ? 0 }: { r = a + b + z; }) { }).r;
  callWith = (lib.callPackageWith autoArgs ({ a, b }: { r = a + b; }) { b = 1; }).r;
  callOverridden = ((lib.callPackageWith autoArgs ({ a, b }: { r = a + b; }) { }).override { a = 0; }).r;
  many = builtins.mapAttrs (n: v: v.r) (
    lib.callPackagesWith autoArgs ({ a, b }: { x.r = a; y.r = b; }) { }
  );
  manyOverridden = ((lib.callPackagesWith autoArgs ({ a, b }: { x.r = a; y.r = b; }) { }).x.override { a = 4; }).r;
  manyOfOne = fails (lib.callPackagesWith autoArgs ({ a }: { type = "derivation"; }) { });
  scope = [ scope.one.value scope.two.value ];
  scopeNames = builtins.attrNames scope;
  wider = [ wider.one.value wider.two.value wider.three ];
  inScope = (scope.newScope { c = 1; } ({ c, one }: { r = c + one.value; }) { }).r;
  extended = builtins.attrNames (lib.extendDerivation true { passed = 1; } package);
  extendedOutput = (lib.extendDerivation true { passed = 1; } package).dev.outPath;
  extendedFails = fails (lib.extendDerivation false { } package).outPath;
  hydra = builtins.attrNames (lib.hydraJob package);
  hydraNull = lib.hydraJob null;
  lazy = lib.lazyDerivation { derivation = package; outputs = [ "out" "dev" ]; passthru.extra = 1; };
  lazyIsLazy = (lib.lazyDerivation { derivation = throw "no"; meta.y = 1; }).meta.y;
  lazyChecks = fails (lib.lazyDerivation { derivation = package; }).outPath;
  index = lib.renameCrossIndexFrom "pkgs" (
    lib.renameCrossIndexTo "pkgs" (
      lib.mapCrossIndex (x: x * 2) {
        buildBuild = 1;
        buildHost = 2;
        buildTarget = 3;
        hostHost = 4;
        hostTarget = 5;
        targetTarget = 6;
      }
    )
  );
  mk =
    let
      f = lib.extendMkDerivation {
        constructDrv = fixed: let self = fixed self; in self;
        excludeDrvArgNames = [ "hidden" ];
        extendDrvArgs = final: { hidden ? 1, ... }: { shown = hidden + 1; };
      };
    in
    {
      made = f { hidden = 4; name = "x"; };
      arguments = lib.functionArgs f;
    };
  optional = [ (lib.optionalDrvAttr true 1) (lib.optionalDrvAttr false (throw "no")) ];
}
