# The contract of the examples in the pages of the lints. An example that needs another one brings its own
# modules/server/options.nix.
{ lib, ... }:
let
  inherit (lib) mkOption types;

  database = types.submodule {
    options = {
      type = mkOption { type = types.enum [ "postgresql" "redis" ]; };
      name = mkOption { type = types.str; };
      user = mkOption { type = types.str; default = "root"; };
    };
  };

  service = types.submodule ({ name, ... }: {
    options = {
      enable = mkOption { type = types.bool; };
      port = mkOption { type = types.port; };
      persistedData = mkOption { type = types.listOf types.str; };
      backupDirectories = mkOption { type = types.listOf types.str; };

      exposed = mkOption { type = types.bool; default = false; };
      subdomain = mkOption { type = types.str; default = name; };
      domain = mkOption { type = types.str; default = "example.org"; };
      type = mkOption { type = types.enum [ "public" "private" "internal" ]; default = "private"; };
      middlewares = mkOption { type = types.listOf types.str; default = [ ]; };
      dependsOn = mkOption { type = types.listOf types.str; default = [ ]; };
      databases = mkOption { type = types.listOf database; default = [ ]; };
      environment = mkOption { type = types.attrsOf types.str; default = { }; };
      package = mkOption { type = types.nullOr types.package; default = null; };
    };
  });
in
{
  options.qgroget = {
    serviceModules = mkOption { type = types.attrsOf service; default = { }; };
    traefik.middlewares = mkOption { type = types.attrsOf types.attrs; default = { }; };
  };
}
