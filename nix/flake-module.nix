# A module for flake-parts, which gives `perSystem.nixpact`. Takes nixpact's own flake.
nixpact: {
  flake-parts-lib,
  self,
  ...
}: {
  _file = ./flake-module.nix;

  options.perSystem = flake-parts-lib.mkPerSystemOption ({
    config,
    lib,
    pkgs,
    ...
  }: let
    inherit (lib) mkOption types;

    cfg = config.nixpact;
    toml = pkgs.formats.toml {};
  in {
    _file = ./flake-module.nix;

    options.nixpact = {
      enable = lib.mkEnableOption "the check of this repository by nixpact, as `checks.<system>.nixpact`";

      package = mkOption {
        type = types.package;
        default = nixpact.packages.${pkgs.stdenv.hostPlatform.system}.nixpact;
        defaultText = lib.literalMD "that of nixpact's flake";
        description = "The nixpact that checks.";
      };

      src = mkOption {
        type = types.path;
        default = self;
        defaultText = lib.literalExpression "self";
        description = "The repository that is checked.";
      };

      settings = mkOption {
        inherit (toml) type;
        default = {};
        example = {
          contract.option = "qgroget.serviceModules";
          lints.duplicate-database = "warn";
        };
        description = ''
          What `nixpact.toml` is to hold. Where this is empty, the file of the repository is read, if there is one.
        '';
      };

      inputs = mkOption {
        type = types.lazyAttrsOf types.raw;
        default = {};
        example = lib.literalExpression "{ inherit (inputs) nixpkgs home-manager sops-nix; }";
        description = "Inputs of the flake whose modules are read.";
      };

      extraArgs = mkOption {
        type = types.listOf types.str;
        default = [];
        example = ["--deny-warnings"];
        description = "Further arguments of `nixpact check`.";
      };

      configFile = mkOption {
        type = types.nullOr types.path;
        readOnly = true;
        default =
          if cfg.settings == {}
          then null
          else toml.generate "nixpact.toml" cfg.settings;
        defaultText = lib.literalMD "made from `settings`; `null` where these are empty";
        description = "The generated `nixpact.toml`.";
      };

      shellHook = mkOption {
        type = types.lines;
        readOnly = true;
        default = lib.optionalString (cfg.configFile != null) (import ./link-config.nix cfg.configFile);
        defaultText = lib.literalMD "made from `configFile`; empty without one";
        description = ''
          For a development shell: makes `nixpact.toml` at the top of the checkout a link to the generated file, so that
          a hook, an editor and the command line read the same settings. A file that is there and no link stays.
        '';
      };
    };

    config = lib.mkIf cfg.enable {
      checks.nixpact = nixpact.lib.mkCheck {
        inherit pkgs;
        inherit (cfg) package src configFile inputs extraArgs;
      };
    };
  });
}
