//! What flake-parts and frameworks of others give, in all the forms in which they are called: the expected values are
//! those of their own sources with real Nix (`test-flakes/frameworks.sh`).
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
    let found = values(&fixture("flake-parts"), "lab");
    assert_eq!(Value::Object(found), expected("flake-parts", "lab"));
}

#[test]
fn nixos_unified_makes_the_same_hosts() {
    let found = values(&fixture("nixos-unified"), "lab");
    assert_eq!(Value::Object(found), expected("nixos-unified", "lab"));
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
