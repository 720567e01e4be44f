//! What `flake.lock` says of inputs that are not at hand.
#![allow(clippy::disallowed_methods, reason = "the tests run the program")]

mod support;

use pretty_assertions::assert_eq;
use support::{nixpact, repository};

#[test]
fn the_lock_says_which_version_an_input_has() {
    let flake = r#"{
      inputs.nixpkgs.url = "github:NixOS/nixpkgs";
      inputs.vault.url = "github:example/vault";
      outputs = { self, nixpkgs, vault, ... }@inputs: {
        nixosConfigurations.one = nixpkgs.lib.nixosSystem {
          modules = [
            ({ lib, ... }: {
              options.versions = lib.mkOption { type = lib.types.raw; };
              config.versions = {
                inherit (nixpkgs) rev shortRev lastModified lastModifiedDate narHash;
                vault = vault.shortRev or "none";
                has = [ (vault ? rev) (vault ? lastModified) ];
                branch = vault.ref or "none";
                self = self.rev or "dirty";
              };
            })
          ];
        };
      };
    }"#;
    let lock = r#"{
      "nodes": {
        "nixpkgs_2": { "locked": {
          "lastModified": 1795812300,
          "narHash": "sha256-AAAA",
          "rev": "0123456789abcdef0123456789abcdef01234567"
        } },
        "other": { "inputs": { "tools": "vault_2" } },
        "vault_2": { "locked": { "rev": "fedcba9876543210fedcba9876543210fedcba98" } },
        "root": { "inputs": { "nixpkgs": "nixpkgs_2", "other": "other", "vault": ["other", "tools"] } }
      },
      "root": "root",
      "version": 7
    }"#;
    let directory = repository(&[("flake.nix", flake), ("flake.lock", lock)]);
    let root = directory.path().to_str().unwrap();
    let run = nixpact(&["config", "versions", "--root", root, "--format", "json"]);
    let printed: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let value = &printed["hosts"][0]["value"];
    let known = [
        ("rev", serde_json::json!("0123456789abcdef0123456789abcdef01234567")),
        ("shortRev", "0123456".into()),
        ("lastModified", 1_795_812_300.into()),
        ("lastModifiedDate", "20261127204500".into()),
        ("narHash", "sha256-AAAA".into()),
        ("vault", "fedcba9".into()),
    ];
    for (name, expected) in known {
        assert_eq!(value[name], expected, "{name}");
    }
    // What it does not say is not known.
    assert_eq!(value["has"][0], true);
    for unknown in [&value["has"][1], &value["branch"], &value["self"]] {
        assert!(unknown.get("$unknown").is_some(), "{unknown}");
    }
}

#[test]
fn what_is_made_of_an_input_is_not_that_input() {
    let flake = r#"{
      inputs.nixpkgs.url = "github:NixOS/nixpkgs";
      inputs.vault.url = "github:example/vault";
      outputs = { nixpkgs, vault, ... }: {
        nixosConfigurations.one = nixpkgs.lib.nixosSystem {
          modules = [
            ({ lib, ... }: {
              options.made = lib.mkOption { type = lib.types.raw; };
              options.same = lib.mkOption { type = lib.types.raw; };
              config.made = [
                (builtins.mapAttrs (name: value: 1) vault).rev
                (if vault ? package then { rev = 1; } else { rev = 2; }).rev
                (if vault == { } then { rev = 1; } else { rev = 2; }).rev
                (removeAttrs vault [ "rev" ]).rev or 1
                (lib.filterAttrs (name: value: name != "rev") vault).rev or 1
                (builtins.head vault.packages).rev or 1
                (builtins.intersectAttrs vault { rev = 1; }).rev
              ];
              config.same = [
                (vault // { package = 1; }).rev
                ({ rev = 1; } // vault).rev
                (with vault; { inherit rev; }).rev
              ];
            })
          ];
        };
      };
    }"#;
    let lock = r#"{
      "nodes": {
        "vault": { "locked": { "rev": "fedcba9876543210fedcba9876543210fedcba98" } },
        "root": { "inputs": { "vault": "vault" } }
      },
      "root": "root",
      "version": 7
    }"#;
    let directory = repository(&[("flake.nix", flake), ("flake.lock", lock)]);
    let root = directory.path().to_str().unwrap();
    let values = |option| {
        let run = nixpact(&["config", option, "--root", root, "--format", "json"]);
        let printed: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        printed["hosts"][0]["value"].as_array().unwrap().clone()
    };
    let made = values("made");
    assert_eq!(made.len(), 7);
    for value in made {
        assert!(value.get("$unknown").is_some(), "{value}");
    }
    for value in values("same") {
        assert_eq!(value, "fedcba9876543210fedcba9876543210fedcba98");
    }
}

#[test]
fn the_lock_says_whether_flake_parts_gives_modules_as_functions() {
    let flake = r#"{
      inputs.flake-parts.url = "github:hercules-ci/flake-parts";
      outputs = { flake-parts, nixpkgs, ... }@inputs: flake-parts.lib.mkFlake { inherit inputs; } ({ config, lib, ... }: {
        imports = [ flake-parts.flakeModules.modules ];
        flake.modules.nixos.own.options.kind = lib.mkOption { type = lib.types.str; };
        flake.nixosConfigurations.one = nixpkgs.lib.nixosSystem {
          modules = [ config.flake.modules.nixos.own { kind = builtins.typeOf config.flake.modules.nixos.own; } ];
        };
      });
    }"#;
    let kind = |files: &[(&str, &str)]| {
        let directory = repository(files);
        let root = directory.path().to_str().unwrap();
        let run = nixpact(&["config", "kind", "--root", root]);
        assert_eq!(run.status, 0, "{}", run.err);
        run.out
    };
    let locked = |date: u32| {
        format!(
            r#"{{ "root": "root", "version": 7, "nodes": {{
              "root": {{ "inputs": {{ "flake-parts": "flake-parts" }} }},
              "flake-parts": {{ "locked": {{ "lastModified": {date} }} }}
            }} }}"#
        )
    };
    let with = |date| kind(&[("flake.nix", flake), ("flake.lock", &locked(date))]);
    assert_eq!(with(1_763_759_067), "\"set\"\n");
    assert_eq!(with(1_765_495_779), "\"lambda\"\n");
    assert_eq!(kind(&[("flake.nix", flake)]), "\"lambda\"\n");
}

#[test]
fn an_input_that_follows_one_of_another_flake_is_what_the_lock_says() {
    let flake = r#"{
      inputs.nixpkgs.url = "github:NixOS/nixpkgs";
      inputs.other.url = "github:example/other";
      inputs.flag.follows = "other/flag";
      outputs = inputs: {
        nixosConfigurations.one = inputs.nixpkgs.lib.nixosSystem {
          modules = [ { networking.hostName = if inputs.flag.value then "one" else "two"; } ];
        };
      };
    }"#;
    let name = |kind: &str, owner: &str| {
        let lock = format!(
            r#"{{
              "nodes": {{
                "other": {{ "inputs": {{ "flag": "on" }} }},
                "on": {{ "locked": {{ "type": "{kind}", "owner": "{owner}", "repo": "true" }} }},
                "root": {{ "inputs": {{ "other": "other", "flag": ["other", "flag"] }} }}
              }},
              "root": "root",
              "version": 7
            }}"#
        );
        let directory = repository(&[("flake.nix", flake), ("flake.lock", &lock)]);
        let root = directory.path().to_str().unwrap();
        nixpact(&["config", "networking.hostName", "--root", root]).out
    };
    let unknown = "«unknown: flag.value comes from outside of the repository»\n";
    assert_eq!(name("github", "boolean-option"), "\"one\"\n");
    assert_eq!(name("github", "example"), unknown);
    assert_eq!(name("gitlab", "boolean-option"), unknown);
    assert_eq!(name("github\", \"host\": \"git.example.org", "boolean-option"), unknown);
}
