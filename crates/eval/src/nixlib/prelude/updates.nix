# lib.attrsets: updates of nested sets, outputs of packages.
{ lib }:
let
  # `updates` apply to `value`, which stands at the end of the first `depth` names of their paths.
  go =
    depth: exists: value: updates:
    let
      split = builtins.partition (update: builtins.length update.path == depth) updates;
      nested = builtins.groupBy (update: builtins.elemAt update.path depth) split.wrong;
      path = list: lib.showAttrPath (builtins.head list).path;
      base =
        if split.wrong == [ ] then
          if exists then
            value
          else
            throw "updateManyAttrsByPath: Path '${path split.right}' does not exist in the given value, but the first update to this path tries to access the existing value."
        else if !exists then
          builtins.mapAttrs (_: go (depth + 1) false null) nested
        else if builtins.isAttrs value then
          value // builtins.mapAttrs (name: go (depth + 1) (value ? ${name}) value.${name}) nested
        else
          throw "updateManyAttrsByPath: Path '${path split.wrong}' needs to be updated, but a part of it in the given value is not an attribute set, so we can't update an attribute inside of it.";
    in
    lib.foldl (done: update: update.update done) base split.right;

  getFirstOutput =
    candidates: package:
    let
      outputs = builtins.filter (name: builtins.hasAttr name package) candidates;
    in
    if package.outputSpecified or false || outputs == [ ] then
      package
    else
      package.${builtins.head outputs};
in
{
  inherit getFirstOutput;
  getInclude = getFirstOutput [
    "include"
    "dev"
    "out"
  ];
  getStatic = getFirstOutput [
    "static"
    "lib"
    "out"
  ];
  updateManyAttrsByPath = updates: value: go 0 true value updates;
}
