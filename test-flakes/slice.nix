# Evaluates the modules of a fixture with the module system of nixpkgs, without the rest of NixOS.
#
#   nix-instantiate --eval --strict --json slice.nix \
#     --arg lib 'import "${NIXPKGS_LIB}"' \
#     --arg modules '[ ./homelab/settings.nix ./homelab/modules/server ]' \
#     --argstr option qgroget.serviceModules
#
# NixOS options that these modules write are declared below where their type matters to the merged
# value (lists that concatenate, submodules with defaults); every other option is free-form. Three
# things are stand-ins and therefore stable:
#
#   pkgs.<name>                   a package with the store path /nix/store/00…00-<name>
#   config.sops.secrets.*.path    /run/secrets/<name>, as sops-nix has it
#   config.sops.placeholder.*     <SOPS:<name>:PLACEHOLDER>
{
  lib,
  modules,
  option,
  specialArgs ? {},
}: let
  inherit (lib) mkOption types;

  package = name: {
    inherit name;
    type = "derivation";
    outPath = "/nix/store/00000000000000000000000000000000-${name}";
    meta.mainProgram = name;
  };

  pkgs = lib.genAttrs ["crowdsec" "dufs" "navidrome" "postgresql_17"] package;

  listOption = mkOption {
    type = types.listOf types.anything;
    default = [];
  };

  free = types.lazyAttrsOf types.anything;

  nixos = {config, ...}: {
    config._module = {
      freeformType = free;
      args = {inherit pkgs;};
    };

    options = {
      assertions = mkOption {
        type = types.listOf types.unspecified;
        default = [];
      };

      environment = {
        persistence = mkOption {
          type = types.attrsOf (types.submodule {
            freeformType = free;
            options = {
              directories = listOption;
              files = listOption;
            };
          });
          default = {};
        };
        systemPackages = listOption;
      };

      networking.firewall = {
        allowedTCPPorts = listOption;
        allowedUDPPorts = listOption;
      };

      services = {
        jellyfin = mkOption {
          type = types.submodule {
            freeformType = free;
            # The one default of nixpkgs that the fixture reads.
            options.dataDir = mkOption {
              type = types.path;
              default = "/var/lib/jellyfin";
            };
          };
          default = {};
        };
        postgresql = mkOption {
          type = types.submodule {
            freeformType = free;
            options = {
              ensureDatabases = listOption;
              ensureUsers = listOption;
            };
          };
          default = {};
        };
        traefik = {
          enable = mkOption {
            type = types.bool;
            default = false;
          };
          dataDir = mkOption {
            type = types.path;
            default = "/var/lib/traefik";
          };
          group = mkOption {
            type = types.str;
            default = "traefik";
          };
          dynamicConfigOptions = mkOption {
            type = types.anything;
            default = {};
          };
          staticConfigOptions = mkOption {
            type = types.anything;
            default = {};
          };
        };
        redis.servers = mkOption {
          type = types.attrsOf types.anything;
          default = {};
        };
        restic.backups = mkOption {
          type = types.attrsOf types.anything;
          default = {};
        };
      };

      sops = {
        secrets = mkOption {
          type = types.attrsOf (types.submodule ({name, ...}: {
            freeformType = free;
            options.path = mkOption {
              type = types.str;
              default = "/run/secrets/${name}";
            };
          }));
          default = {};
        };
        templates = mkOption {
          type = types.attrsOf (types.submodule ({name, ...}: {
            freeformType = free;
            options.path = mkOption {
              type = types.str;
              default = "/run/secrets/rendered/${name}";
            };
          }));
          default = {};
        };
        placeholder = mkOption {
          type = types.attrsOf types.str;
          default = lib.mapAttrs (name: _: "<SOPS:${name}:PLACEHOLDER>") config.sops.secrets;
        };
      };

      systemd = {
        services = mkOption {
          type = types.attrsOf (types.submodule {
            freeformType = free;
            options.script = mkOption {
              type = types.lines;
              default = "";
            };
          });
          default = {};
        };
        tmpfiles.rules = listOption;
      };

      users.users = mkOption {
        type = types.attrsOf (types.submodule {
          freeformType = free;
          options.extraGroups = listOption;
        });
        default = {};
      };

      warnings = listOption;
    };
  };

  evaluated = lib.evalModules {
    modules = [nixos] ++ modules;
    inherit specialArgs;
  };
in
  lib.attrByPath (lib.splitString "." option) null evaluated.config
