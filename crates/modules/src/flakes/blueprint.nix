# What blueprint makes of a repository, as far as its hosts and their modules need it.
{
  lib,
  nixosSystem,
  _lib,
  own,
  rest,
}:
{
  inputs,
  prefix ? null,
  ...
}:
let
  flake = inputs.self;
  src =
    if prefix == null then
      flake
    else if builtins.isPath prefix then
      prefix
    else
      "${flake}/${prefix}";

  special = {
    # Those of blueprint itself are among them.
    inputs = rest // inputs;
    inherit flake;
    self = throw "self was renamed to flake";
  };

  # The directories in one, and its Nix files without their suffix, which count first.
  entries =
    directory:
    let
      found = builtins.readDir directory;
      path = name: directory + "/${name}";
      directories = lib.filterAttrs (_: kind: kind == "directory") found;
      files = lib.filterAttrs (name: kind: kind != "directory" && lib.hasSuffix ".nix" name) found;
    in
    lib.optionalAttrs (builtins.pathExists directory) (
      builtins.mapAttrs (name: _: path name) directories
      // lib.mapAttrs' (name: _: lib.nameValuePair (lib.removeSuffix ".nix" name) (path name)) files
    );

  host =
    name: path:
    let
      has = file: builtins.pathExists (path + "/${file}");
      given = more: {
        modules = [
          { _module.args.perSystem = rest; }
          own
          (path + "/${more.file}")
        ];
        specialArgs =
          special
          // {
            hostName = name;
          }
          // more.special;
      };
    in
    if has "default.nix" then
      import (path + "/default.nix") {
        inherit (special) flake inputs;
        hostName = name;
      }
    else if has "configuration.nix" then
      {
        class = "nixos";
        value = nixosSystem (
          { inherit _lib; }
          // given {
            file = "configuration.nix";
            special = { };
          }
        );
      }
    else if has "rpi-configuration.nix" then
      {
        class = "nixos";
        value = special.inputs.nixos-raspberrypi.lib.nixosSystem (given {
          file = "rpi-configuration.nix";
          special = { inherit (special.inputs) nixos-raspberrypi; };
        });
      }
    else
      # Of another system, or of homes alone.
      { class = null; };

  module =
    path:
    let
      imported = import path;
      is-applied =
        builtins.isFunction imported
        && builtins.all (name: name == "flake" || name == "inputs") (
          builtins.attrNames (builtins.functionArgs imported)
        );
    in
    if is-applied then
      lib.setDefaultModuleLocation path (imported {
        inherit (special) flake inputs;
      })
    else
      path;

  modules = lib.optionalAttrs (builtins.pathExists (src + "/modules")) (
    builtins.mapAttrs (name: _: builtins.mapAttrs (_: module) (entries (src + "/modules/${name}"))) (
      lib.filterAttrs (_: kind: kind == "directory") (builtins.readDir (src + "/modules"))
    )
  );
in
{
  inherit modules;
  nixosModules = modules.nixos or { };
  homeModules = modules.home or { };
  darwinModules = modules.darwin or { };
  nixosConfigurations = builtins.mapAttrs (_: host: host.value) (
    lib.filterAttrs (_: host: host.class == "nixos") (
      builtins.mapAttrs host (entries (src + "/hosts"))
    )
  );
  lib = lib.optionalAttrs (builtins.pathExists (src + "/lib")) (import (src + "/lib") special);
}
