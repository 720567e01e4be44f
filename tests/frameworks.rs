//! What flake-parts and frameworks of others give, in all the forms in which they are called: the expected values are
//! those of their own sources with real Nix (`test-flakes/frameworks.sh`). So are those of nixpkgs without a flake.
#![allow(
    clippy::disallowed_methods,
    reason = "a test runs the program and reads its expected data"
)]

mod support;

use std::path::{Path, PathBuf};

use pretty_assertions::assert_eq;
use serde_json::{Map, Value, json};

use support::{nixpact, repository, shown};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("test-flakes").join(name)
}

fn expected(name: &str, option: &str) -> Value {
    let text = std::fs::read(fixture(name).join(format!("expected/{option}.json"))).unwrap();
    serde_json::from_slice(&text).unwrap()
}

/// The value of an option on each host of a repository.
fn values(root: &Path, option: &str) -> Map<String, Value> {
    let run = nixpact(&["config", option, "--root", shown(root), "--format", "json"]);
    let printed: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.err));
    let hosts = printed["hosts"].as_array().expect("hosts are printed").iter();
    let entry = |host: &Value| (host["host"].as_str().unwrap().to_owned(), host["value"].clone());
    hosts.map(entry).collect()
}

#[test]
fn flake_parts_makes_the_same_outputs() {
    for name in ["flake-parts", "flake-parts-modules"] {
        let found = values(&fixture(name), "lab");
        assert_eq!(Value::Object(found), expected(name, "lab"), "{name}");
    }
}

#[test]
fn pinned_sources_make_the_same_hosts() {
    let found = values(&fixture("pinned"), "lab");
    assert_eq!(Value::Object(found), expected("pinned", "lab"));
}

#[test]
fn nixos_unified_makes_the_same_hosts() {
    let found = values(&fixture("nixos-unified"), "lab");
    assert_eq!(Value::Object(found), expected("nixos-unified", "lab"));
}

#[test]
fn flake_utils_plus_makes_the_same_hosts() {
    let found = values(&fixture("flake-utils-plus"), "lab");
    assert_eq!(Value::Object(found), expected("flake-utils-plus", "lab"));
}

#[test]
fn clan_makes_the_same_machines() {
    let found = values(&fixture("clan"), "lab");
    assert_eq!(Value::Object(found), expected("clan", "lab"));
}

/// The fixture of clan with another flake.
fn clan(outputs: &str) -> Map<String, Value> {
    let flake = format!(
        "{{
          inputs.clan-core.url = \"github:clan-lol/clan-core\";
          inputs.flake-parts.url = \"github:hercules-ci/flake-parts\";
          outputs = {{ self, clan-core, ... }}@inputs: {outputs};
        }}"
    );
    let root = fixture("clan");
    let entries = walkdir::WalkDir::new(&root).into_iter().map(Result::unwrap);
    let texts: Vec<(String, String)> = entries
        .filter(|entry| entry.file_type().is_file() && entry.file_name() != "flake.nix")
        .map(|entry| {
            let path = entry.path().strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
            (path, std::fs::read_to_string(entry.path()).unwrap())
        })
        .collect();
    let mut files: Vec<(&str, &str)> = vec![("flake.nix", &flake)];
    files.extend(texts.iter().map(|(path, text)| (&**path, &**text)));
    values(repository(&files).path(), "lab")
}

#[test]
fn clan_is_a_module_of_flake_parts_too() {
    for place in ["clan", "flake.clan"] {
        let found = clan(&format!(
            "inputs.flake-parts.lib.mkFlake {{ inherit inputs; }} {{
              imports = [ clan-core.flakeModules.default ];
              {place} = {{ imports = [ ./clan.nix ]; }};
            }}"
        ));
        assert_eq!(Value::Object(found), expected("clan", "lab"), "{place}");
    }
}

#[test]
fn older_versions_of_clan_have_another_name_for_the_function() {
    let found = clan(
        "{
          inherit (clan-core.lib.buildClan {
            directory = ./.;
            imports = [ ./clan.nix { specialArgs = { inherit self; }; } ];
          }) nixosConfigurations;
          clan = { };
        }",
    );
    assert_eq!(Value::Object(found), expected("clan", "lab"));
}

#[test]
fn what_a_service_of_the_repository_does_is_not_known() {
    let found = clan(
        "{
          inherit (clan-core.lib.clan {
            inherit self;
            imports = [ ./clan.nix ];
            modules.notes = { };
            inventory.instances.notes = {
              module.input = \"self\";
              roles.server.machines.two = { };
            };
          }) config;
          inherit (self.config) nixosConfigurations;
          clan = { };
        }",
    );
    assert_eq!(found["one"], expected("clan", "lab")["one"]);
    assert!(found["two"]["words"].get("$rest").is_some(), "{}", found["two"]);
}

#[test]
fn import_tree_finds_the_same_files() {
    let found = values(&fixture("import-tree"), "forms");
    assert_eq!(found["host"], expected("import-tree", "forms"));
}

#[test]
fn haumea_loads_the_same_files() {
    let found = values(&fixture("haumea"), "forms");
    assert_eq!(found["host"], expected("haumea", "forms"));
}

#[test]
fn easy_hosts_makes_the_same_hosts() {
    let found = values(&fixture("easy-hosts"), "lab");
    assert_eq!(Value::Object(found), expected("easy-hosts", "lab"));
}

/// The hosts of easy-hosts with these settings.
fn easy_hosts(settings: &str) -> Map<String, Value> {
    let parts = format!(
        "{{ inputs, ... }}: {{ imports = [ inputs.easy-hosts.flakeModules.default ]; {settings} }}"
    );
    let flake = std::fs::read_to_string(fixture("easy-hosts").join("flake.nix")).unwrap();
    let options = std::fs::read_to_string(fixture("easy-hosts").join("options.nix")).unwrap();
    let host = |name: &str| format!("{{ lab.names = [ \"{name}\" ]; }}");
    let directory = repository(&[
        ("flake.nix", &flake),
        ("parts.nix", &parts),
        ("options.nix", &options),
        ("hosts/one/default.nix", &host("one")),
        ("hosts/two/default.nix", &host("two")),
    ]);
    values(directory.path(), "lab.names")
}

#[test]
fn the_hosts_of_one_system_stand_in_one_directory() {
    let found = easy_hosts(
        "easy-hosts = {
          autoConstruct = true;
          onlySystem = \"x86_64-nixos\";
          path = ./hosts;
          shared = { modules = [ ./options.nix ]; specialArgs.who = \"all\"; };
        };",
    );
    assert_eq!(Value::Object(found), json!({ "one": ["one"], "two": ["two"] }));
}

#[test]
fn older_versions_of_easy_hosts_have_another_name_for_the_option() {
    let found = easy_hosts(
        "easyHosts.shared = { modules = [ ./options.nix ]; specialArgs.who = \"all\"; };
        easyHosts.hosts.two.deployable = true;",
    );
    assert_eq!(Value::Object(found), json!({ "two": ["two"] }));
}
