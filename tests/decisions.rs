//! Findings that somebody decided to keep: comments in the source, and the baseline.
#![allow(clippy::disallowed_methods, reason = "a test makes files")]

mod support;

use std::path::Path;

use pretty_assertions::assert_eq;
use serde_json::Value;
use tempfile::TempDir;

use support::{BROKEN, RIGHT, Run, copy, nixpact, repository, shown, write};

fn check(root: &Path, more: &[&str]) -> Run {
    nixpact(&[&["check", shown(root), "--format", "json"], more].concat())
}

fn read(directory: &TempDir, path: &str) -> String {
    std::fs::read_to_string(directory.path().join(path)).unwrap()
}

/// Every `.nix` file, sorted by path.
fn texts(root: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(texts(&path));
        } else if path.extension().is_some_and(|extension| extension == "nix") {
            found.push((shown(&path).to_owned(), std::fs::read_to_string(&path).unwrap()));
        }
    }
    found.sort();
    found
}

const SERVICE: &str = "modules/server/media/jellyfin/default.nix";

fn two_services(comment: &str) -> TempDir {
    let contract = include_str!("../lints/standard_contract.nix");
    let text = format!(
        "{{\n  qgroget.serviceModules.a = {{\n    enable = true;\n    port = 80;\n    persistedData = [ ];\n    \
         backupDirectories = [ ];\n  }};\n  qgroget.serviceModules.b = {{\n    enable = true;\n    port = 80; \
         {comment}\n    persistedData = [ ];\n    backupDirectories = [ ];\n  }};\n}}\n"
    );
    repository(&[("modules/server/options.nix", contract), (SERVICE, &text)])
}

#[test]
fn a_comment_with_a_reason_keeps_a_finding() {
    assert_eq!(check(two_services("").path(), &[]).status, 1);
    let directory = two_services("# nixpact: allow(duplicate-port) -- one socket");
    let run = check(directory.path(), &[]);
    assert_eq!((run.status, run.lints().len()), (0, 0));
    assert_eq!(run.json()["summary"]["suppressed"], 1);
    let run = nixpact(&["check", shown(directory.path())]);
    assert!(run.out.contains("1 suppressed"), "{}", run.out);
}

#[test]
fn a_comment_without_a_reason_keeps_nothing() {
    let run = check(two_services("# nixpact: allow(duplicate-port)").path(), &[]);
    let lints: Vec<String> = run.lints().into_keys().collect();
    assert_eq!(lints, ["duplicate-port", "invalid-suppression"]);
}

#[test]
fn an_unused_comment_is_a_warning() {
    let directory = two_services("# nixpact: allow(duplicate-port, unknown-field) -- one socket");
    let run = check(directory.path(), &[]);
    assert_eq!((run.status, run.lints()["unused-suppression"]), (0, 1));
    assert_eq!(check(directory.path(), &["--deny-warnings"]).status, 1);
    // A lint that is not asked for may have found something.
    let run = check(directory.path(), &["--allow", "unknown-field"]);
    assert_eq!(run.lints().len(), 0);
}

#[test]
fn comments_are_added_for_all_findings() {
    let directory = copy(BROKEN);
    let before = check(directory.path(), &[]);
    let files = texts(directory.path());
    let run = nixpact(&["check", shown(directory.path()), "--add-suppressions", "from before"]);
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    assert!(run.out.starts_with("suppressed "), "{}", run.out);
    let after = check(directory.path(), &[]);
    assert_eq!((after.status, after.lints().len()), (0, 0), "{}", after.out);
    let count = |run: &Run, what: &str| run.json()["summary"][what].as_u64().unwrap();
    let found = count(&before, "errors") + count(&before, "warnings") + count(&before, "notes");
    assert_eq!(count(&after, "suppressed"), found);
    for ((path, before), (_, after)) in files.iter().zip(texts(directory.path())) {
        let is_comment = |line: &&str| line.trim_start().starts_with("# nixpact: allow");
        let kept: Vec<&str> = after.lines().filter(|line| !is_comment(line)).collect();
        assert_eq!(kept, before.lines().collect::<Vec<_>>(), "{path}");
    }
    let again = nixpact(&["check", shown(directory.path()), "--add-suppressions", "from before"]);
    assert_eq!(again.out, "suppressed 0 findings in 0 files\n");
    let run = nixpact(&["check", shown(directory.path()), "--add-suppressions", " "]);
    assert_eq!(run.failure(), "nixpact: the reason has to be one line\n");
}

#[test]
fn a_baseline_holds_what_was_there() {
    let directory = copy(BROKEN);
    let root = shown(directory.path());
    let run = nixpact(&["baseline", "write", root]);
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    let file = directory.path().join("nixpact-baseline.json");
    let document: Value = serde_json::from_str(&read(&directory, "nixpact-baseline.json")).unwrap();
    assert_eq!(document["version"], 1);
    let run = check(directory.path(), &["--baseline", shown(&file)]);
    assert_eq!((run.status, run.lints().len()), (0, 0), "{}", run.out);
    // Without it all is as before; the configuration can name it.
    assert_eq!(check(directory.path(), &[]).status, 1);
    write(&directory.path().join("nixpact.toml"), "baseline = \"nixpact-baseline.json\"\n");
    assert_eq!(check(directory.path(), &[]).status, 0);
    // Lines may move; a new finding is new.
    let path = "modules/server/arrs/sonarr/default.nix";
    let text = read(&directory, path);
    write(&directory.path().join(path), format!("# moved\n\n{text}"));
    assert_eq!(check(directory.path(), &[]).status, 0);
    write(&directory.path().join(SERVICE), "{ qgroget.serviceModules.jellyfin.prot = 1; }");
    let run = check(directory.path(), &[]);
    assert_eq!((run.status, run.lints()["unknown-field"]), (1, 1));
}

#[test]
fn an_entry_of_the_baseline_may_become_stale() {
    let directory = copy(RIGHT);
    let entry = r#"{ "lint": "unknown-field", "file": "a.nix", "text": "x = 1;" }"#;
    let text = format!("{{ \"version\": 1, \"findings\": [ {entry} ] }}");
    write(&directory.path().join("nixpact-baseline.json"), text);
    let file = directory.path().join("nixpact-baseline.json");
    let run = check(directory.path(), &["--baseline", shown(&file)]);
    assert_eq!((run.status, run.lints()["stale-baseline"]), (0, 1));
    let run = nixpact(&["baseline", "write", shown(directory.path())]);
    assert_eq!(run.status, 0);
    assert_eq!(check(directory.path(), &["--baseline", shown(&file)]).lints().len(), 0);
}

#[test]
fn a_baseline_that_is_none_is_a_failure() {
    let directory = copy(RIGHT);
    let file = directory.path().join("b.json");
    let run = check(directory.path(), &["--baseline", shown(&file)]);
    assert!(run.failure().contains("'nixpact baseline write' writes it"), "{}", run.err);
    write(&file, "{ \"version\": 2, \"findings\": [] }");
    let run = check(directory.path(), &["--baseline", shown(&file)]);
    assert!(run.failure().contains("version 2 is not known"), "{}", run.err);
}
