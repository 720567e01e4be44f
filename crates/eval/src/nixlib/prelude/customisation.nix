# lib.customisation: packages and functions that can be overridden.
{ lib }:
let
  inherit (lib)
    functionArgs
    isFunction
    mirrorFunctionArgs
    ;

  # Attributes that are there only if the set has one of that name already.
  ifHas = set: name: if set ? ${name} then name else null;

  load = fn: if isFunction fn then fn else import fn;

  extendDerivation =
    condition: passthru: drv:
    let
      checked = value: assert condition; value;
      output = name: {
        inherit name;
        value =
          common
          // {
            inherit (drv.${name}) type outputName;
            outputSpecified = true;
            drvPath = checked drv.${name}.drvPath;
            outPath = checked drv.${name}.outPath;
            ${ifHas passthru "overrideAttrs"} = f: (passthru.overrideAttrs f).${name};
          };
      };
      outputs = map output (drv.outputs or [ "out" ]);
      common =
        drv
        // builtins.listToAttrs (
          outputs
          ++ [
            {
              name = "all";
              value = map (one: one.value) outputs;
            }
          ]
        )
        // passthru
        // {
          drvPath = checked drv.drvPath;
          outPath = checked drv.outPath;
        };
    in
    common;

  overrideDerivation =
    drv: f:
    let
      kept = drv.passthru or { };
    in
    extendDerivation (builtins.seq drv.drvPath true) (
      {
        meta = drv.meta or { };
        passthru = kept;
      }
      // kept
      // {
        ${ifHas drv "__spliced"} = builtins.mapAttrs (
          _: spliced: overrideDerivation spliced f
        ) drv.__spliced;
      }
    ) (derivation (drv.drvAttrs // f drv));

  makeOverridable =
    f:
    let
      mirror = mirrorFunctionArgs f;
      again = g: args: makeOverridable (mirror g) args;
      overridable =
        args:
        let
          result = f args;
          override = mirror (
            new: makeOverridable f (args // (if isFunction new then new args else new))
          );
        in
        if builtins.isAttrs result then
          result
          // {
            inherit override;
            overrideDerivation = g: again (inner: overrideDerivation (f inner) g) args;
            ${ifHas result "overrideAttrs"} = g: again (inner: (f inner).overrideAttrs g) args;
          }
        else if isFunction result then
          lib.setFunctionArgs result (functionArgs result) // { inherit override; }
        else
          result;
    in
    if builtins.isAttrs f then
      f
      // mirror overridable
      // {
        ${ifHas f "override"} = g: makeOverridable (f.override g);
      }
    else
      mirror overridable;

  callPackageWith =
    autoArgs: fn: args:
    let
      f = load fn;
      wanted = functionArgs f;
      given = builtins.intersectAttrs wanted autoArgs // args;
      absent = removeAttrs wanted (builtins.attrNames given);
      required = builtins.filter (name: !absent.${name}) (builtins.attrNames absent);
    in
    if required == [ ] then
      makeOverridable f given
    else
      abort "lib.customisation.callPackageWith: Function called without required argument \"${builtins.head required}\"";

  callPackagesWith =
    autoArgs: fn: args:
    let
      f = load fn;
      given = builtins.intersectAttrs (functionArgs f) autoArgs // args;
      packages = f given;
      overridable =
        name: _: makeOverridable (mirrorFunctionArgs f (new: (f new).${name})) given;
    in
    if lib.isDerivation packages then
      throw "function `callPackages` was called on a *single* derivation \"${packages.name or "<unknown-name>"}\"; did you mean to use `callPackage` instead?"
    else
      builtins.mapAttrs overridable packages;

  makeScope =
    newScope: f:
    let
      self =
        {
          callPackage = self.newScope { };
        }
        // f self
        // {
          newScope = scope: newScope (self // scope);
          overrideScope = g: makeScope newScope (lib.extends g f);
          packages = f;
        };
    in
    self;

  makeScopeWithSplicing' =
    { splicePackages, newScope }@sets:
    {
      otherSplices,
      keep ? _: { },
      extra ? _: { },
      f,
    }:
    let
      bare = splicePackages {
        pkgsBuildBuild = otherSplices.selfBuildBuild;
        pkgsBuildHost = otherSplices.selfBuildHost;
        pkgsBuildTarget = otherSplices.selfBuildTarget;
        pkgsHostHost = otherSplices.selfHostHost;
        pkgsHostTarget = self;
        pkgsTargetTarget = otherSplices.selfTargetTarget;
      };
      spliced = extra bare // bare // keep self;
      self =
        f self
        // {
          newScope = scope: newScope (spliced // scope);
          callPackage = newScope spliced;
          overrideScope =
            g:
            makeScopeWithSplicing' sets {
              inherit otherSplices keep extra;
              f = lib.extends g f;
            };
          packages = f;
        };
    in
    self;

  hydraJob =
    drv:
    let
      outputs = drv.outputs or [ "out" ];
      common =
        {
          inherit (drv) name system meta;
          inherit outputs;
        }
        // lib.optionalAttrs (drv._hydraAggregate or false) {
          _hydraAggregate = true;
          constituents = map hydraJob (lib.flatten drv.constituents);
        }
        // lib.genAttrs outputs output;
      output =
        outputName:
        common
        // {
          inherit (drv.${outputName}) outPath drvPath;
          type = "derivation";
          inherit outputName;
        };
      first = output (builtins.head outputs);
    in
    if drv == null then null else builtins.deepSeq first first;

  # The six pairs of platforms, as `hostTarget` is called in nixpkgs.
  pairs = [
    "buildBuild"
    "buildHost"
    "buildTarget"
    "hostHost"
    "hostTarget"
    "targetTarget"
  ];
  prefixed =
    prefix: pair:
    prefix + lib.toUpper (builtins.substring 0 1 pair) + builtins.substring 1 (-1) pair;
in
{
  inherit
    callPackageWith
    callPackagesWith
    extendDerivation
    hydraJob
    makeOverridable
    makeScope
    makeScopeWithSplicing'
    overrideDerivation
    ;
  extendMkDerivation =
    {
      constructDrv,
      excludeDrvArgNames ? [ ],
      excludeFunctionArgNames ? [ ],
      extendDrvArgs,
      inheritFunctionArgs ? true,
      transformDrv ? drv: drv,
    }:
    {
      __functor =
        _: arguments:
        transformDrv (
          constructDrv (
            final:
            let
              before = if isFunction arguments then arguments final else arguments;
            in
            removeAttrs before excludeDrvArgNames // extendDrvArgs final before
          )
        );
      __functionArgs = removeAttrs (
        lib.optionalAttrs inheritFunctionArgs (removeAttrs (functionArgs constructDrv) excludeDrvArgNames)
        // functionArgs (extendDrvArgs { })
      ) excludeFunctionArgNames;
      inherit
        constructDrv
        excludeDrvArgNames
        extendDrvArgs
        transformDrv
        ;
    };
  makeScopeWithSplicing =
    splicePackages: newScope: otherSplices: keep: extra: f:
    makeScopeWithSplicing' { inherit splicePackages newScope; } {
      inherit
        otherSplices
        keep
        extra
        f
        ;
    };
  mapCrossIndex =
    f:
    {
      buildBuild,
      buildHost,
      buildTarget,
      hostHost,
      hostTarget,
      targetTarget,
    }@index:
    builtins.mapAttrs (_: f) index;
  renameCrossIndexFrom = prefix: x: lib.genAttrs pairs (pair: x.${prefixed prefix pair});
  renameCrossIndexTo =
    prefix: x:
    builtins.listToAttrs (
      map (pair: {
        name = prefixed prefix pair;
        value = x.${pair};
      }) pairs
    );
}
