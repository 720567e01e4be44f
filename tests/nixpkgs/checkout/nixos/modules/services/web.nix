{
  config,
  lib,
  pkgs,
  utils,
  ...
}:
let
  cfg = config.services.web;
  host =
    { name, config, ... }:
    {
      options = {
        address = lib.mkOption {
          type = lib.types.str;
          default = name;
        };
        port = lib.mkOption { type = lib.types.port; };
      };
      config.port = lib.mkDefault cfg.port;
    };
in
{
  options.services.web = {
    enable = lib.mkOption {
      type = lib.types.bool;
      default = false;
    };
    package = lib.mkOption {
      type = lib.types.package;
      default = pkgs.web;
    };
    port = lib.mkOption {
      type = lib.types.port;
      default = 8080;
    };
    level = lib.mkOption {
      type = lib.types.enum [
        "quiet"
        "loud"
      ];
      default = "quiet";
    };
    user = lib.mkOption {
      type = lib.types.str;
      default = utils.name "web";
    };
    hosts = lib.mkOption {
      type = lib.types.attrsOf (lib.types.submodule host);
      default = { };
    };
  };
  config = lib.mkIf cfg.enable {
    assertions = [
      {
        assertion = cfg.user != "root";
        message = ''
          The web server must not be root.
          Set services.web.user.
        '';
      }
    ];
    networking.firewall.allowedTCPPorts = [ cfg.port ];
    environment.systemPackages = [ cfg.package ];
  };
}
