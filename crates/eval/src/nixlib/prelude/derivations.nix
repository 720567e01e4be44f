# lib.derivations
{ lib }:
let
  warnOnInstantiate =
    message: drv:
    let
      warned = removeAttrs drv [
        "meta"
        "name"
        "type"
        "outputName"
      ];
      overridable = drv ? overrideAttrs && builtins.isFunction drv.overrideAttrs;
    in
    drv
    // builtins.mapAttrs (_: lib.warn message) warned
    // lib.optionalAttrs overridable {
      overrideAttrs = change: warnOnInstantiate message (drv.overrideAttrs change);
    };
in
{
  inherit warnOnInstantiate;
  lazyDerivation =
    {
      derivation,
      meta ? null,
      passthru ? { },
      outputs ? [ "out" ],
    }@arguments:
    let
      checked =
        if derivation.type or null != "derivation" then
          throw "lazyDerivation: input must be a derivation."
        else if derivation.outputs != outputs then
          throw "lib.lazyDerivation: The derivation ${derivation.name or "<unknown>"} has outputs that don't match the assumed outputs."
        else
          derivation;
    in
    {
      type = "derivation";
      inherit (checked)
        outPath
        outputName
        drvPath
        name
        system
        ;
      inherit outputs;
      meta = arguments.meta or checked.meta;
    }
    // lib.genAttrs outputs (name: checked.${name})
    // passthru;
  optionalDrvAttr = condition: value: if condition then value else null;
}
