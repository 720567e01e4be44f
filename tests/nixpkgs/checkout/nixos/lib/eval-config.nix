# As nixpkgs has it since configurations can be extended.
given@{
  system ? builtins.currentSystem,
  baseModules ? import ../modules/module-list.nix,
  extraModules ? (
    let
      more = builtins.getEnv "NIXOS_EXTRA_MODULE_PATH";
    in
    if more == "" then [ ] else [ (import more) ]
  ),
  modulesLocation ? (builtins.unsafeGetAttrPos "modules" given).file or null,
  specialArgs ? { },
  lib ? import ../../lib,
  modules,
}:
let
  located =
    if modulesLocation == null then
      modules
    else
      map (module: {
        _file = modulesLocation;
        imports = [ module ];
      }) modules;
  ofPackages.config = if system == null then { } else { nixpkgs.system = lib.mkDefault system; };
  ofModules.config._module.args = { inherit baseModules extraModules modules; };
  nixos = lib.evalModules {
    class = "nixos";
    specialArgs = {
      modulesPath = builtins.toString ../modules;
    }
    // specialArgs;
    modules =
      baseModules
      ++ extraModules
      ++ [
        ofPackages
        ofModules
      ];
  };
  whole = nixos.extendModules { modules = located; };
in
whole
// {
  inherit lib;
  extendModules = whole.extendModules;
}
