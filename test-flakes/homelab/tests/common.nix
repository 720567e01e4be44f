# What every machine of a test has.
#
# Secrets: the machines of a test hold no key, so this declares the part of sops-nix that the
# service modules use and fills every secret with the word "test".
{
  config,
  lib,
  ...
}: let
  inherit (lib) mkOption types;

  file = directory: extraOptions:
    types.attrsOf (types.submodule ({name, ...}: {
      freeformType = types.attrsOf types.anything;
      options =
        {
          path = mkOption {
            type = types.str;
            default = "/etc/${directory}/${name}";
          };
        }
        // extraOptions;
    }));
in {
  options.sops = {
    secrets = mkOption {
      type = file "test-secrets" {};
      default = {};
    };
    templates = mkOption {
      type = file "test-templates" {
        content = mkOption {type = types.lines;};
      };
      default = {};
    };
    placeholder = mkOption {
      type = types.attrsOf types.str;
      default = lib.mapAttrs (_: _: "test") config.sops.secrets;
    };
  };

  config = {
    environment.etc = lib.mkMerge [
      (lib.mapAttrs' (name: _: lib.nameValuePair "test-secrets/${name}" {text = lib.mkDefault "test";}) config.sops.secrets)
      (lib.mapAttrs' (name: template: lib.nameValuePair "test-templates/${name}" {text = template.content;}) config.sops.templates)
      # An environment file has to be one.
      {"test-secrets/server/lldap/env".text = "";}
    ];

    qgroget.server.domain = lib.mkForce "test.example";

    # On a host this is part of the secret, with a password.
    services.lldap.settings.database_url = "postgres://lldap@%2Frun%2Fpostgresql/lldap";

    virtualisation = {
      memorySize = 2048;
      fileSystems."/persist" = {
        device = "/dev/disk/by-label/nixos";
        fsType = "ext4";
        neededForBoot = true;
      };
    };
  };
}
