//! The hosts of easy-hosts: what their modules are given, and in which order these come. The expected values are
//! those of its own source (tgirlcloud/easy-hosts, November 2026) with flake-parts and real Nix.
#![allow(clippy::disallowed_methods, reason = "a test runs the program and makes files for it")]

mod support;

use pretty_assertions::assert_eq;
use serde_json::{Map, Value};

use support::{nixpact, repository, shown};

const FLAKE: &str = r#"{
  inputs.darwin.url = "github:nix-darwin/nix-darwin";
  inputs.easy-hosts.url = "github:tgirlcloud/easy-hosts";
  inputs.flake-parts.url = "github:hercules-ci/flake-parts";
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } ./parts.nix;
}"#;

/// The value of `lab` on each host of the flake with these parts.
fn hosts(parts: &str) -> Value {
    let directories = [
        "hosts/aarch64-darwin/mac",
        "hosts/aarch64-nixos/pi",
        "hosts/aarch64-nixos/twice",
        "hosts/x86_64-iso/stick",
        "hosts/x86_64-nixos/tower",
        "hosts/x86_64-nixos/twice",
        "hosts/x86_64-wsl/win",
        "systems/usual",
    ];
    let files: Vec<(String, String)> = directories
        .iter()
        .map(|directory| {
            let name = directory.trim_start_matches("hosts/");
            let text = format!("{{ lab.names = [ \"file of {name}\" ]; }}\n");
            (format!("{directory}/default.nix"), text)
        })
        .collect();
    let mut all = vec![
        ("flake.nix", FLAKE),
        ("parts.nix", parts),
        ("options.nix", include_str!("easy_hosts/options.nix")),
    ];
    all.extend(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let directory = repository(&all);
    let run = nixpact(&["config", "lab", "--root", shown(directory.path()), "--format", "json"]);
    let printed: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.err));
    let hosts = printed["hosts"].as_array().expect("hosts are printed").iter();
    let entry = |host: &Value| (host["host"].as_str().unwrap().to_owned(), host["value"].clone());
    Value::Object(hosts.map(entry).collect::<Map<_, _>>())
}

#[test]
fn they_are_those_that_easy_hosts_makes() {
    let expected: Value = serde_json::from_str(include_str!("easy_hosts/expected.json")).unwrap();
    let parts = include_str!("easy_hosts/parts.nix");
    assert_eq!(hosts(parts), expected);
    // By the name that older versions give the option.
    assert_eq!(hosts(&parts.replace("  easy-hosts = {", "  easyHosts = {")), expected);
}

#[test]
fn the_hosts_of_one_system_stand_in_one_directory() {
    let parts = "{ inputs, ... }: {
        imports = [ inputs.easy-hosts.flakeModules.default ];
        easy-hosts = {
          autoConstruct = true;
          onlySystem = \"x86_64-nixos\";
          path = ./hosts/x86_64-nixos;
          shared.modules = [ ./options.nix ];
          shared.specialArgs.who = \"all\";
        };
      }";
    let found = hosts(parts);
    let names = |host: &str| found[host]["names"].clone();
    assert_eq!(names("tower"), serde_json::json!(["file of x86_64-nixos/tower"]), "{found}");
    assert_eq!(names("twice"), serde_json::json!(["file of x86_64-nixos/twice"]), "{found}");
    assert_eq!(found.as_object().map(Map::len), Some(2), "{found}");
}
