{
  config,
  lib,
  ...
}:
{
  options = {
    assertions = lib.mkOption {
      type = lib.types.listOf lib.types.unspecified;
      default = [ ];
    };
    boot.kernelModules = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ ];
    };
    environment.checkConfigurationOptions = lib.mkOption {
      type = lib.types.bool;
      default = true;
    };
    environment.systemPackages = lib.mkOption {
      type = lib.types.listOf lib.types.package;
      default = [ ];
    };
    nixpkgs.system = lib.mkOption { type = lib.types.str; };
    nixpkgs.pkgs = lib.mkOption { type = lib.types.unspecified; };
    nixpkgs.localSystem = lib.mkOption { type = lib.types.attrs; };
    system.message = lib.mkOption { type = lib.types.str; };
    system.source = lib.mkOption { type = lib.types.str; };
    system.release = lib.mkOption {
      type = lib.types.str;
      default = lib.trivial.release;
    };
    system.packages = lib.mkOption {
      type = lib.types.unspecified;
      default = import ../.. { system = config.nixpkgs.system; };
    };
  };
  config = {
    system.message = "welcome";
    _module = {
      args.pkgs = config.system.packages;
      args.utils = {
        name = text: "nixos-${text}";
      };
      check = config.environment.checkConfigurationOptions;
    };
  };
}
