//! Hosts and modules that flake-parts puts together.

#[path = "support/hosts.rs"]
mod support;

use pretty_assertions::assert_eq;

use support::{CONTRACT, analyse, service, summary};

#[test]
fn what_flake_parts_makes_may_be_added_to() {
    let flake = |outputs: &str| {
        format!(
            "{{ inputs.flake-parts.url = \"github:hercules-ci/flake-parts\";
            inputs.nixpkgs.url = \"github:NixOS/nixpkgs\";
            outputs = inputs: let
              made = inputs.flake-parts.lib.mkFlake {{ inherit inputs; }} {{
                flake.nixosConfigurations.nuc = inputs.nixpkgs.lib.nixosSystem {{
                  modules = [ ./options.nix ./host.nix ];
                }};
              }};
              own.nixosConfigurations.pi = inputs.nixpkgs.lib.nixosSystem {{ modules = [ ./options.nix ]; }};
            in {outputs}; }}"
        )
    };
    let host = service("jellyfin", 8096);
    for (outputs, expected) in [
        ("made // { more = 1; }", &["nuc: jellyfin=8096"][..]),
        ("{ inherit (made) nixosConfigurations; }", &["nuc: jellyfin=8096"]),
        (
            "{ nixosConfigurations = made.nixosConfigurations // own.nixosConfigurations; }",
            &["nuc: jellyfin=8096", "pi: "],
        ),
    ] {
        let flake = flake(outputs);
        let files = [("flake.nix", flake.as_str()), ("options.nix", CONTRACT), ("host.nix", &host)];
        assert_eq!(summary(&files).0, expected, "{outputs}");
    }
}

#[test]
fn flake_parts_applies_a_file_to_arguments() {
    let flake = |apply: &str| {
        format!(
            "{{ inputs.flake-parts.url = \"github:hercules-ci/flake-parts\";
            inputs.nixpkgs.url = \"github:NixOS/nixpkgs\";
            outputs = inputs: inputs.flake-parts.lib.mkFlake {{ inherit inputs; }} (
              {{ flake-parts-lib, ... }}: {{
                imports = [ ({apply} ./parts.nix {{ name = \"nuc\"; }}) ];
              }}); }}"
        )
    };
    let parts = "{ name }: { inputs, ... }: {
        flake.nixosConfigurations.${name} =
          inputs.nixpkgs.lib.nixosSystem { modules = [ ./options.nix ./host.nix ]; };
      }";
    let host = service("jellyfin", 8096);
    for apply in ["inputs.flake-parts.lib.importApply", "flake-parts-lib.importApply"] {
        let flake = flake(apply);
        let files = [
            ("flake.nix", flake.as_str()),
            ("options.nix", CONTRACT),
            ("parts.nix", parts),
            ("host.nix", &host),
        ];
        assert_eq!(summary(&files).0, ["nuc: jellyfin=8096"], "{apply}");
    }
}

const FLAKE_PARTS: &str = "{
    inputs.nixpkgs.url = \"github:NixOS/nixpkgs\";
    inputs.flake-parts.url = \"github:hercules-ci/flake-parts\";
    inputs.import-tree.url = \"github:vic/import-tree\";
    outputs = inputs:
    inputs.flake-parts.lib.mkFlake { inherit inputs; } {
      systems = [ \"x86_64-linux\" ];
      imports = [ (inputs.import-tree ./parts) ];
    }; }";

#[test]
fn flake_parts_collects_modules_by_name() {
    let contract = format!("{{ flake.modules.nixos.contract = {CONTRACT}; }}");
    let jellyfin = format!("{{ flake.modules.nixos.media = {}; }}", service("jellyfin", 1));
    let sonarr = format!("{{ flake.modules.nixos.media = {}; }}", service("sonarr", 1));
    let host = "{ config, inputs, withSystem, ... }: {
        flake.nixosConfigurations.nuc = withSystem \"x86_64-linux\" ({ pkgs, ... }:
          inputs.nixpkgs.lib.nixosSystem {
            modules = with config.flake.modules.nixos; [ contract media ];
          });
      }";
    let files = [
        ("flake.nix", FLAKE_PARTS),
        ("parts/contract.nix", &contract),
        ("parts/media/jellyfin.nix", &jellyfin),
        ("parts/media/sonarr.nix", &sonarr),
        ("parts/_drafts/broken.nix", "{ flake.nixosConfigurations.nuc = 1; }"),
        ("parts/nuc.nix", host),
    ];
    let (hosts, findings) = summary(&files);
    assert_eq!(hosts, ["nuc: jellyfin=1 sonarr=1"]);
    assert_eq!(findings, ["Port 1 conflict between 'jellyfin' and 'sonarr'"]);
}

#[test]
fn with_system_passes_on_its_system() {
    let jellyfin = service("jellyfin", 1)
        .replace("port = 1", "port = if system == \"aarch64-linux\" then 2 else 1");
    let jellyfin = format!("{{ system, ... }}: {jellyfin}");
    let host = "{ inputs, withSystem, ... }: {
        flake.nixosConfigurations.nuc = withSystem \"aarch64-linux\" ({ pkgs, system, ... }@args:
          inputs.nixpkgs.lib.nixosSystem {
            inherit system pkgs;
            specialArgs = { inherit (args) system; };
            modules = [ ../options.nix ../jellyfin.nix ];
          });
      }";
    let files = [
        ("flake.nix", FLAKE_PARTS),
        ("options.nix", CONTRACT),
        ("jellyfin.nix", &jellyfin),
        ("parts/nuc.nix", host),
    ];
    assert_eq!(summary(&files).0, ["nuc: jellyfin=2"]);
}

#[test]
fn priorities_in_a_collected_module_count_where_it_is_used() {
    let contract = format!("{{ flake.modules.nixos.contract = {CONTRACT}; }}");
    let jellyfin = format!("{{ flake.modules.nixos.base = {}; }}", service("jellyfin", 1));
    let forced = "{ lib, ... }: {
        flake.modules.nixos.forced.qgroget.serviceModules.jellyfin.port = lib.mkForce 2;
      }";
    let host = "{ config, inputs, ... }: {
        flake.nixosConfigurations.nuc = inputs.nixpkgs.lib.nixosSystem {
          modules = with config.flake.modules.nixos; [ forced contract base ];
        };
      }";
    let files = [
        ("flake.nix", FLAKE_PARTS),
        ("parts/contract.nix", &contract),
        ("parts/jellyfin.nix", &jellyfin),
        ("parts/forced.nix", forced),
        ("parts/nuc.nix", host),
    ];
    let (hosts, findings) = summary(&files);
    assert_eq!(hosts, ["nuc: jellyfin=2"]);
    assert_eq!(findings, [] as [&str; 0]);
}

#[test]
fn options_of_the_outputs_are_declared_with_the_lib_of_flake_parts() {
    let flake = "{ outputs = inputs@{ flake-parts, nixpkgs, ... }:
      flake-parts.lib.mkFlake { inherit inputs; } {
        imports = [ ./outputs.nix ];
        flake.nixosConfigurations.a = nixpkgs.lib.nixosSystem {
          modules = [ ./options.nix ./jellyfin.nix ];
        };
      };
    }";
    let outputs = "{ config, lib, flake-parts-lib, ... }: {
      options.flake = flake-parts-lib.mkSubmoduleOptions {
        darwinConfigurations = lib.mkOption { type = lib.types.attrsOf lib.types.raw; default = { }; };
        ports = lib.mkOption { type = lib.types.attrsOf lib.types.port; default = { }; };
      };
      config.flake.ports.jellyfin = 8096;
      config.flake.nixosConfigurations.b = config.flake.nixosConfigurations.a.extendModules {
        modules = [
          { qgroget.serviceModules.jellyfin.port = lib.mkForce config.flake.ports.jellyfin; }
        ];
      };
    }";
    let jellyfin = service("jellyfin", 8);
    let files = [
        ("flake.nix", flake),
        ("outputs.nix", outputs),
        ("options.nix", CONTRACT),
        ("jellyfin.nix", &jellyfin),
    ];
    let (hosts, findings) = summary(&files);
    assert_eq!(hosts, ["a: jellyfin=8", "b: jellyfin=8096"]);
    assert_eq!(findings, [""; 0]);
}

/// Options that flake-parts itself declares, in every version.
#[test]
fn modules_of_flake_parts_may_ask_what_it_declares() {
    let flake = "{ outputs = inputs@{ flake-parts, nixpkgs, ... }:
      flake-parts.lib.mkFlake { inherit inputs; } {
        imports = [ ./outputs.nix ];
        systems = [ \"x86_64-linux\" \"aarch64-linux\" ];
        flake.nixosConfigurations.a = nixpkgs.lib.nixosSystem { modules = [ ./options.nix ]; };
      };
    }";
    let outputs = "{ config, lib, options, inputs, ... }: let
      declared = options.flake.type.getSubOptions [ ];
      hosts = if declared ? packages && declared ? ports
        then map (system: \"of-${system}\") config.systems
        else [ \"none\" ];
      host = inputs.nixpkgs.lib.nixosSystem { modules = [ ./options.nix ./jellyfin.nix ]; };
    in {
      options.flake.ports = lib.mkOption { type = lib.types.attrsOf lib.types.port; default = { }; };
      config.flake.nixosConfigurations = lib.genAttrs hosts (_: host);
    }";
    let jellyfin = service("jellyfin", 8);
    let files = [
        ("flake.nix", flake),
        ("outputs.nix", outputs),
        ("options.nix", CONTRACT),
        ("jellyfin.nix", &jellyfin),
    ];
    let (hosts, findings) = summary(&files);
    let expected = ["a: ", "of-aarch64-linux: jellyfin=8", "of-x86_64-linux: jellyfin=8"];
    assert_eq!(hosts, expected);
    assert_eq!(findings, [""; 0]);
}

#[test]
fn outputs_of_flake_parts_may_be_a_function() {
    let host = "{ inputs, ... }: {
        flake = { config, lib, ... }: {
          mk = name: inputs.nixpkgs.lib.nixosSystem { modules = [ ../options.nix (../hosts + \"/${name}\") ]; };
          nixosConfigurations = lib.genAttrs [ \"nuc.nix\" ] config.mk;
        };
      }";
    let jellyfin = service("jellyfin", 1);
    let files = [
        ("flake.nix", FLAKE_PARTS),
        ("options.nix", CONTRACT),
        ("parts/hosts.nix", host),
        ("hosts/nuc.nix", &jellyfin),
    ];
    assert_eq!(summary(&files).0, ["nuc.nix: jellyfin=1"]);
}

#[test]
fn hosts_may_stand_in_a_partition_with_inputs_of_its_own() {
    let partition = "{
        partitionedAttrs.nixosConfigurations = \"machines\";
        partitions.machines = {
          extraInputsFlake = ../machines;
          module = { inputs, ... }: {
            flake.nixosConfigurations.nuc = inputs.stable.lib.nixosSystem {
              modules = [ ../options.nix ../jellyfin.nix ];
            };
          };
        };
      }";
    let jellyfin = service("jellyfin", 1);
    let inputs = "{ inputs.stable.url = \"github:NixOS/nixpkgs/nixos-25.05\"; outputs = _: { }; }";
    let files = [
        ("flake.nix", FLAKE_PARTS),
        ("options.nix", CONTRACT),
        ("machines/flake.nix", inputs),
        ("jellyfin.nix", &jellyfin),
        ("parts/partition.nix", partition),
    ];
    assert_eq!(summary(&files).0, ["nuc: jellyfin=1"]);
}

#[test]
fn a_partition_has_inputs_of_other_partitions_and_they_are_those_of_self() {
    let partitions = "{ config, ... }: {
        partitionedAttrs.nixosConfigurations = \"machines\";
        partitions.home.extraInputsFlake = ../home;
        partitions.machines = {
          extraInputsFlake = ../machines;
          extraInputs = removeAttrs config.partitions.home.extraInputs [ \"dropped\" ];
          module = { self, inputs, ... }: {
            flake.nixosConfigurations = builtins.mapAttrs (_: modules: self.inputs.stable.lib.nixosSystem {
              inherit modules;
            }) {
              # One more module, which is not known.
              nuc = [ ../options.nix ../jellyfin.nix self.inputs.homes.nixosModules.default ];
              # An error.
              pi = [ ../options.nix inputs.dropped.nixosModules.default ];
            };
          };
        };
      }";
    let jellyfin = service("jellyfin", 1);
    let inputs = "{ inputs.stable.url = \"github:NixOS/nixpkgs/nixos-25.05\"; outputs = _: { }; }";
    let home = "{ inputs.homes.url = \"github:a/homes\"; inputs.dropped.url = \"github:a/b\"; outputs = _: { }; }";
    let files = [
        ("flake.nix", FLAKE_PARTS),
        ("options.nix", CONTRACT),
        ("home/flake.nix", home),
        ("machines/flake.nix", inputs),
        ("jellyfin.nix", &jellyfin),
        ("parts/partition.nix", partitions),
    ];
    let analysis = analyse(&files);
    let [nuc, _] = &analysis.model.hosts[..] else { panic!("two hosts") };
    assert_eq!(nuc.unresolved.len(), 1);
    let (services, findings) = summary(&files);
    assert_eq!(services[0], "nuc: jellyfin=1");
    assert_eq!(findings, ["Nix stops while it looks for modules: attribute 'dropped' missing"]);
}

#[test]
fn of_two_definitions_of_an_output_the_one_of_the_higher_priority_is_it() {
    let host = |port: u16| {
        format!(
            "inputs.nixpkgs.lib.nixosSystem {{ modules = [ ./options.nix {} ]; }}",
            service("jellyfin", port)
        )
    };
    let flake = |first: &str, second: &str| {
        format!(
            "{{ inputs.flake-parts.url = \"github:hercules-ci/flake-parts\";
            inputs.nixpkgs.url = \"github:NixOS/nixpkgs\";
            outputs = inputs: inputs.flake-parts.lib.mkFlake {{ inherit inputs; }} ({{ lib, ... }}: {{
              imports = [ {{ flake.nixosConfigurations.nuc = {first} ({}); }} ];
              flake.nixosConfigurations.nuc = {second} ({});
            }}); }}",
            host(1),
            host(2)
        )
    };
    for (first, second, expected) in [
        ("lib.mkDefault", "", "nuc: jellyfin=2"),
        ("", "lib.mkDefault", "nuc: jellyfin=1"),
        ("lib.mkForce", "", "nuc: jellyfin=1"),
        ("lib.mkIf false", "", "nuc: jellyfin=2"),
    ] {
        let flake = flake(first, second);
        let files = [("flake.nix", &*flake), ("options.nix", CONTRACT)];
        assert_eq!(summary(&files).0, [expected], "{first} {second}");
    }
}

#[test]
fn modules_that_nobody_collects_are_known_to_be_absent() {
    let contract = format!("{{ flake.modules.nixos.contract = {CONTRACT}; }}");
    let jellyfin = format!("{{ flake.modules.nixos.media = {}; }}", service("jellyfin", 1));
    let host = "{ config, inputs, ... }: {
        flake.nixosConfigurations.nuc = inputs.nixpkgs.lib.nixosSystem {
          modules = map (name: config.flake.modules.nixos.${name} or { }) [ \"contract\" \"media\" \"shell\" ];
        };
      }";
    let files = [
        ("flake.nix", FLAKE_PARTS),
        ("parts/contract.nix", &contract),
        ("parts/jellyfin.nix", &jellyfin),
        ("parts/nuc.nix", host),
    ];
    let analysis = analyse(&files);
    assert!(analysis.model.hosts[0].unresolved.is_empty());
    assert_eq!(summary(&files).0, ["nuc: jellyfin=1"]);
}

#[test]
fn modules_whose_names_are_not_known_may_be_there() {
    let contract = format!("{{ flake.modules.nixos.contract = {CONTRACT}; }}");
    let maybe = "{ lib, ... }: {
        flake.modules.nixos = builtins.listToAttrs (builtins.fromJSON (builtins.getEnv \"MORE\"));
      }";
    let host = "{ config, inputs, lib, ... }: {
        flake.nixosConfigurations.nuc = inputs.nixpkgs.lib.nixosSystem {
          modules = [
            config.flake.modules.nixos.contract
            {
              qgroget.serviceModules.jellyfin = { enable = true;
                port = builtins.length (builtins.attrNames config.flake.modules.nixos);
              };
            }
          ];
        };
      }";
    let files = |maybe| {
        [
            ("flake.nix", FLAKE_PARTS),
            ("parts/contract.nix", contract.as_str()),
            ("parts/more.nix", maybe),
            ("parts/nuc.nix", host),
        ]
    };
    assert_eq!(summary(&files("{ }")).0, ["nuc: jellyfin=1"]);
    assert_eq!(summary(&files(maybe)).0, ["nuc: jellyfin=?"]);
}

#[test]
fn a_flake_that_exports_no_host_has_none() {
    let flake = |modules: &str| {
        format!(
            "{{ inputs.flake-parts.url = \"github:hercules-ci/flake-parts\";
               inputs.treefmt-nix.url = \"github:numtide/treefmt-nix\";
               inputs.machines.url = \"github:some/machines\";
               outputs = inputs@{{ flake-parts, ... }}: flake-parts.lib.mkFlake {{ inherit inputs; }} {{
                 imports = [ {modules} ];
                 flake.packages.x = {{ }};
               }};
             }}"
        )
    };
    let unknown = |modules: &str| {
        let analysis = analyse(&[("flake.nix", &flake(modules))]);
        assert!(analysis.model.hosts.is_empty());
        analysis.model.hosts_unknown.as_ref().map(|unknown| unknown.why.reason.to_string())
    };
    assert_eq!(unknown(""), None);
    assert_eq!(
        unknown("inputs.treefmt-nix.flakeModule flake-parts.flakeModules.easyOverlay"),
        None
    );
    assert_eq!(
        unknown("{ flake.nixosConfigurations = { }; } inputs.treefmt-nix.flakeModule"),
        None
    );
    let machines = unknown("inputs.treefmt-nix.flakeModule inputs.machines.flakeModule").unwrap();
    assert!(machines.contains("machines.flakeModule"), "{machines}");
    let own = unknown("{ flake = inputs.machines.outputs; }").unwrap();
    assert!(own.contains("machines.outputs"), "{own}");
}
