//! `nixpact init`: what it writes, what it leaves alone, and that a check finds with it what it found before.
#![allow(clippy::disallowed_methods, reason = "a test writes temporary files")]

mod support;

use std::path::Path;

use pretty_assertions::assert_eq;
use support::{BROKEN, RIGHT, copy, nixpact, repository, shown};

const HOMELAB: &str = r#"# What nixpact would otherwise find out or guess; each key is optional.
# nixpact explain LINT says what a lint is about.

[contract]
option = "qgroget.serviceModules"
schema = ["modules/server/options.nix"]
modules = ["modules/server/*/*/default.nix"]

[conventions]
module = "modules/server/{category}/{service}/default.nix"
test = "tests/{service}/default.nix"
check = "{service}Test"
secret = "server/{service}/{credential}"
sections = ["contract", "implementation", "secrets"]
# 2 places do not follow this:
# collector = ["modules/server/collector.nix"]
shared-fields = ["enable"]
connections = "qgroget.databaseConfig"
runtime = ["virtualisation.oci-containers", "virtualisation.podman", "virtualisation.quadlet"]
"#;

#[test]
fn the_homelab_follows_its_conventions() {
    let directory = copy(RIGHT);
    let root = shown(directory.path());
    let written = nixpact(&["init", root]);
    assert_eq!((written.status, written.err.as_str()), (0, ""));
    assert_eq!(written.out, format!("wrote {root}/nixpact.toml\n"));
    assert_eq!(text(directory.path()), HOMELAB);
    let check = nixpact(&["check", root]);
    assert_eq!(check.status, 0, "{}", check.out);
    assert_eq!(check.out, nixpact(&["check", RIGHT]).out);
}

#[test]
fn a_check_finds_what_it_found_before() {
    for fixture in [RIGHT, BROKEN, "test-flakes/shape-b"] {
        let directory = copy(fixture);
        let root = shown(directory.path());
        let before = nixpact(&["check", root, "--format", "short"]);
        assert_eq!(nixpact(&["init", root]).status, 0);
        let after = nixpact(&["check", root, "--format", "short"]);
        assert_eq!(after.out, before.out, "{}", text(directory.path()));
    }
}

#[test]
fn a_file_that_is_there_stays() {
    let directory = copy(RIGHT);
    let root = shown(directory.path());
    let path = directory.path().join("nixpact.toml");
    std::fs::write(&path, "[lints]\nnix = \"warn\"\n").unwrap();
    let refused = nixpact(&["init", root]);
    assert!(refused.failure().contains("nixpact.toml is there already"), "{}", refused.err);
    assert!(refused.failure().contains("--force replaces it"), "{}", refused.err);
    assert_eq!(text(directory.path()), "[lints]\nnix = \"warn\"\n");
    // What it says does not count, even if it is wrong.
    std::fs::write(&path, "[contract]\noption = \"a.b\"\n").unwrap();
    assert_eq!(nixpact(&["init", "--print", root]).out, HOMELAB);
    assert_eq!(text(directory.path()), "[contract]\noption = \"a.b\"\n");
    assert_eq!(nixpact(&["init", "--force", root]).status, 0);
    assert_eq!(text(directory.path()), HOMELAB);
}

#[test]
fn nothing_is_left_beside_it() {
    let directory = copy(RIGHT);
    let names = |path: &Path| {
        let entries = std::fs::read_dir(path).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let before = names(directory.path());
    assert_eq!(nixpact(&["init", "--print", shown(directory.path())]).status, 0);
    assert_eq!(names(directory.path()), before);
    assert_eq!(nixpact(&["init", shown(directory.path())]).status, 0);
    let mut expected = before;
    expected.push("nixpact.toml".into());
    expected.sort();
    assert_eq!(names(directory.path()), expected);
}

#[test]
fn the_conventions_of_a_homelab_are_written_as_they_are_wanted() {
    let directory = repository(&[("flake.nix", "{ outputs = _: { }; }")]);
    let root = shown(directory.path());
    assert_eq!(nixpact(&["init", "--homelab", root]).status, 0);
    let text = text(directory.path());
    assert!(text.contains("\nmodule = \"modules/server/{category}/{service}/default.nix\"\n"));
    assert!(text.contains("\n# As soon as there is this file:\n# collector ="), "{text}");
    assert!(!text.contains("[contract]"), "{text}");
    assert_eq!(nixpact(&["check", root]).status, 0);

    let directory = copy(RIGHT);
    assert_eq!(nixpact(&["init", "--homelab", shown(directory.path())]).status, 0);
    let check = nixpact(&["check", "--format", "json", shown(directory.path())]);
    assert_eq!(
        check.lints().into_iter().collect::<Vec<_>>(),
        [("aggregation-in-module".to_owned(), 2)]
    );
}

#[test]
fn roles_and_hosts_that_nothing_else_tells_are_written() {
    let options = r#"{ lib, ... }: {
        options.lab.apps = lib.mkOption {
            default = { };
            type = lib.types.attrsOf (lib.types.submodule { options = {
                enable = lib.mkOption { type = lib.types.bool; };
                domain = lib.mkOption { type = lib.types.str; };
                dependsOn = lib.mkOption { type = lib.types.listOf lib.types.str; default = [ ]; };
                listeningPort = lib.mkOption { type = lib.types.port; };
                persistedDirectories = lib.mkOption { type = lib.types.listOf lib.types.str; };
            }; });
        };
    }"#;
    let app = |name: &str, port: u16| {
        format!(
            "{{ lab.apps.{name} = {{ enable = true; domain = \"{name}.example.org\"; \
             listeningPort = {port}; persistedDirectories = [ ]; }}; }}"
        )
    };
    let host = "{ imports = [ ../../options.nix ../../apps/a.nix ../../apps/b.nix ]; }";
    let directory = repository(&[
        ("options.nix", options),
        ("apps/a.nix", &app("a", 8080)),
        ("apps/b.nix", &app("b", 8081)),
        ("hosts/my server/default.nix", host),
    ]);
    assert_eq!(nixpact(&["init", shown(directory.path())]).status, 0);
    let text = text(directory.path());
    for line in [
        "option = \"lab.apps\"",
        "schema = [\"options.nix\"]",
        "port = \"listeningPort\"",
        "state = \"persistedDirectories\"",
        "[hosts.\"my server\"]",
        "modules = [\"hosts/my server/default.nix\"]",
        "module = \"apps/{service}.nix\"",
    ] {
        assert!(text.lines().any(|it| it == line), "{line}\n{text}");
    }
    let services = nixpact(&["services", shown(directory.path())]);
    assert!(
        services.out.contains("my server") && services.out.contains("8081"),
        "{}",
        services.out
    );
}

#[test]
fn what_is_no_repository_is_refused() {
    let run = nixpact(&["init", "/nowhere/at/all"]);
    assert!(run.failure().contains("/nowhere/at/all"), "{}", run.err);
}

fn text(root: &Path) -> String {
    std::fs::read_to_string(root.join("nixpact.toml")).unwrap()
}
