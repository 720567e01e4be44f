# What real Nix computes for `config.lab` of a case, as data: what cannot be evaluated is "«error»".
#
# A case is a function of `{ lib }`, or a path to one, that gives a list of modules or the arguments of
# evalModules.
{
  lib,
  case,
  # A path below `config.lab` to evaluate on its own, or the names there.
  path ? [ ],
  names ? false,
  # A checkout of nixpkgs, for cases that use `pkgs.formats`.
  nixpkgs ? null,
}:
let
  given = (if builtins.isFunction case then case else import case) { inherit lib; };
  arguments = if builtins.isList given then { modules = given ++ packages; } else given;
  packages = lib.optional (nixpkgs != null) { _module.args = { inherit pkgs; }; };
  pkgs.formats = import (nixpkgs + "/pkgs/pkgs-lib/formats.nix") { inherit lib pkgs; };
  value = lib.getAttrFromPath ([ "lab" ] ++ path) (lib.evalModules arguments).config;
  show =
    value:
    let
      tried = builtins.tryEval value;
      it = tried.value;
    in
    if !tried.success then
      "«error»"
    else if builtins.isFunction it then
      "«function»"
    else if builtins.isPath it then
      "«path»"
    else if builtins.isList it then
      map show it
    else if builtins.isAttrs it then
      # A set with one of these names would be shown as the string that it stands for.
      lib.mapAttrs' (name: value: {
        name = if name == "outPath" || name == "__toString" then "«${name}»" else name;
        value = show value;
      }) it
    else
      it;
in
if names then builtins.attrNames value else show value
