//! What import-tree finds, in all the forms in which it is called. The expected values are those of its own
//! source (vic/import-tree, 2026-03-16) with real Nix.
#![allow(clippy::disallowed_methods, reason = "a test runs the program and makes files for it")]

mod support;

use pretty_assertions::assert_eq;
use serde_json::Value;

use support::{nixpact, repository, shown};

const FLAKE: &str = r#"{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.import-tree.url = "github:vic/import-tree";
  outputs = { nixpkgs, import-tree, ... }: {
    nixosConfigurations.a = nixpkgs.lib.nixosSystem {
      modules = [
        ({ lib, ... }: {
          options.forms = lib.mkOption { type = lib.types.raw; };
          config.forms = import ./forms.nix { inherit import-tree lib; };
        })
      ];
    };
  };
}"#;

#[test]
fn every_form_gives_what_import_tree_gives() {
    let found = |name: &str| format!("{{ found = [ \"{name}\" ]; }}\n");
    let directory = repository(&[
        ("flake.nix", FLAKE),
        ("forms.nix", include_str!("import_tree/forms.nix")),
        ("modules/a.nix", &found("a")),
        ("modules/media/b.nix", &found("b")),
        ("modules/media/_c.nix", &found("c")),
        ("modules/media/data.json", "{ }"),
        ("modules/media/note.txt", "text"),
        ("modules/_skip/d.nix", &found("d")),
        ("more/e.nix", &found("e")),
    ]);
    let root = shown(directory.path());
    let run = nixpact(&["config", "forms", "--root", root, "--format", "json"]);
    let printed: Value = serde_json::from_str(&run.out).expect("JSON is printed");
    let expected: Value = serde_json::from_str(include_str!("import_tree/expected.json")).unwrap();
    assert_eq!(printed["hosts"][0]["value"], expected, "{}", run.err);
}
