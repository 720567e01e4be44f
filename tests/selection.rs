//! What is checked, and which findings are reported: paths, git, standard input, assumptions.
#![allow(clippy::disallowed_methods, reason = "a test runs programs and makes files")]

mod support;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use pretty_assertions::assert_eq;
use tempfile::TempDir;

use support::{BROKEN, RIGHT, Run, command, copy, copy_into, git, nixpact, run, shown, write};

#[test]
fn paths_beside_the_root_select_findings() {
    let media = format!("{BROKEN}/modules/server/media");
    let run = nixpact(&["check", "--root", BROKEN, &media, "--format", "json"]);
    assert_eq!(run.status, 1);
    let report = run.json();
    let diagnostics = report["diagnostics"].as_array().unwrap();
    assert_eq!(diagnostics.len(), 5);
    for diagnostic in diagnostics {
        let file = diagnostic["primary"]["file"].as_str().unwrap();
        assert!(file.starts_with("modules/server/media/"), "{file}");
    }
    // A finding is also shown to the other party.
    let radarr = format!("{BROKEN}/modules/server/arrs/radarr/default.nix");
    let run = nixpact(&["check", "--root", BROKEN, &radarr, "--format", "json"]);
    let lints: Vec<String> = run.lints().into_keys().collect();
    assert_eq!(lints, ["duplicate-database", "duplicate-port"]);
    // The rest of the repository is read all the same, and counts in no status.
    let clean = format!("{BROKEN}/modules/server/data");
    assert_eq!(nixpact(&["check", "--root", BROKEN, &clean]).status, 0);
}

#[test]
fn paths_must_be_below_the_root() {
    let outside = nixpact(&["check", "--root", BROKEN, RIGHT]);
    assert!(outside.failure().contains("is not below the root"), "{}", outside.err);
    let absent = nixpact(&["check", "--root", BROKEN, "no-such-file.nix"]);
    assert!(absent.failure().contains("no-such-file.nix"), "{}", absent.err);
    let several = nixpact(&["check", BROKEN, RIGHT]);
    assert!(several.failure().contains("is not below the root"), "{}", several.err);
}

#[test]
fn a_file_alone_is_in_the_repository_around_it() {
    let file = format!("{BROKEN}/modules/server/arrs/radarr/default.nix");
    let beside_root = nixpact(&["check", "--root", BROKEN, &file]);
    assert_eq!(nixpact(&["check", &file]).out, beside_root.out);
    let other = format!("{BROKEN}/modules/server/media");
    let run = nixpact(&["check", &file, &other, "--format", "json"]);
    assert_eq!(run.lints()["duplicate-database"], 1);
    assert!(run.lints().len() > 2);
}

#[test]
fn a_file_without_a_repository_needs_one() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("a.nix");
    write(&file, "{ }");
    // Unless the directory of temporary files is itself in a repository.
    if directory.path().ancestors().all(|above| !above.join(".git").exists()) {
        let run = nixpact(&["check", shown(&file)]);
        assert!(run.failure().contains("--root"), "{}", run.err);
    }
}

const SONARR: &str = "modules/server/arrs/sonarr/default.nix";
const RADARR: &str = "modules/server/arrs/radarr/default.nix";

/// The clean homelab, committed.
fn committed() -> TempDir {
    let directory = copy(RIGHT);
    git(directory.path(), &["init", "-q"]);
    git(directory.path(), &["add", "."]);
    git(directory.path(), &["commit", "-qm", "begin"]);
    directory
}

fn text(directory: &TempDir, path: &str) -> String {
    std::fs::read_to_string(directory.path().join(path)).unwrap()
}

/// Gives radarr the port of sonarr.
fn collide(directory: &TempDir) -> String {
    let path = directory.path().join(RADARR);
    let before = text(directory, RADARR);
    let after = before.replace("7878", "8989");
    assert_ne!(before, after);
    write(&path, after);
    before
}

fn check(directory: &TempDir, more: &[&str]) -> Run {
    nixpact(&[&["check", shown(directory.path()), "--format", "json"], more].concat())
}

#[test]
fn changed_files_are_those_of_the_branch() {
    let directory = committed();
    collide(&directory);
    let run = check(&directory, &["--changed"]);
    assert_eq!((run.status, run.lints()["duplicate-port"]), (1, 1));
    git(directory.path(), &["checkout", "-qb", "topic"]);
    git(directory.path(), &["commit", "-qam", "collide"]);
    assert_eq!(check(&directory, &["--changed"]).status, 0);
    assert_eq!(check(&directory, &["--changed=main"]).status, 1);
    // A file that git does not know yet is a change, too.
    write(&directory.path().join("modules/server/x.nix"), "{ a = 1; a = 2; }");
    let run = check(&directory, &["--changed"]);
    assert_eq!(run.lints().into_keys().collect::<Vec<_>>(), ["duplicate-attribute"]);
    assert!(check(&directory, &["--changed=nowhere"]).failure().contains("nowhere"));
}

#[test]
fn what_is_staged_is_what_is_checked() {
    let directory = committed();
    let before = collide(&directory);
    assert_eq!(check(&directory, &["--staged"]).status, 0);
    git(directory.path(), &["add", RADARR]);
    assert_eq!(check(&directory, &["--staged"]).lints()["duplicate-port"], 1);
    // Repaired on the disk only: the commit would still have it.
    write(&directory.path().join(RADARR), before);
    assert_eq!(check(&directory, &[]).status, 0);
    assert_eq!(check(&directory, &["--staged"]).lints()["duplicate-port"], 1);
    // What is not staged is not in the commit.
    git(directory.path(), &["add", RADARR]);
    write(&directory.path().join(SONARR), "{ a = 1; a = 2; }");
    write(&directory.path().join("modules/server/new.nix"), "{ a = 1; a = 2; }");
    assert_eq!(check(&directory, &["--staged"]).status, 0);
    assert_eq!(check(&directory, &[]).status, 1);
}

#[test]
fn paths_beside_the_root_stand_for_what_is_staged() {
    let directory = committed();
    let root = shown(directory.path());
    collide(&directory);
    let staged = |more: &[&str]| {
        nixpact(&[&["check", "--staged", "--root", root, "--format", "json"], more].concat())
    };
    let radarr = directory.path().join(RADARR);
    let media = directory.path().join("modules/server/media");
    // What is read is the index, whatever is named.
    assert_eq!(staged(&[shown(&radarr)]).status, 0);
    git(directory.path(), &["add", RADARR]);
    assert_eq!(staged(&[]).lints()["duplicate-port"], 1);
    assert_eq!(staged(&[shown(&radarr)]).lints()["duplicate-port"], 1);
    assert_eq!(staged(&[shown(&media)]).status, 0);
    git(directory.path(), &["commit", "-qm", "collide"]);
    assert_eq!(staged(&[]).status, 0);
    assert_eq!(staged(&[shown(&radarr)]).lints()["duplicate-port"], 1);
}

#[test]
fn of_several_roots_the_last_one_counts() {
    let run = nixpact(&["check", "--root", BROKEN, "--root", RIGHT, &format!("{RIGHT}/modules")]);
    assert_eq!(run.status, 0, "{}", run.err);
}

#[test]
fn a_hook_may_be_told_where_the_checkout_is() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("nixos");
    std::fs::create_dir(&root).unwrap();
    copy_into(Path::new(env!("CARGO_MANIFEST_DIR")).join(RIGHT).as_path(), &root);
    git(directory.path(), &["init", "-q"]);
    git(directory.path(), &["add", "."]);
    write(&root.join(RADARR), text(&directory, &format!("nixos/{RADARR}")).replace("7878", "8989"));
    let whole = nixpact(&["check", RIGHT, "--format", "json"]).json();
    for git_directory in [".git", shown(&directory.path().join(".git"))] {
        let mut hook = command();
        hook.current_dir(directory.path()).env("GIT_DIR", git_directory);
        let run = run_in(&mut hook, &["check", "--staged", "nixos", "--format", "json"]);
        assert_eq!(run.json(), whole);
    }
    git(directory.path(), &["add", "."]);
    let mut hook = command();
    hook.current_dir(directory.path()).env("GIT_DIR", ".git");
    let run = run_in(&mut hook, &["check", "--staged", "nixos", "--format", "json"]);
    assert_eq!(run.json()["diagnostics"][0]["primary"]["file"], SONARR);
}

#[test]
fn git_is_needed_for_what_it_knows() {
    let directory = copy(RIGHT);
    let run = check(&directory, &["--staged"]);
    assert!(run.failure().starts_with("nixpact: git diff: "), "{}", run.err);
}

#[test]
fn standard_input_stands_for_a_file() {
    let name = format!("{RIGHT}/{RADARR}");
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&name)).unwrap();
    let with = |text: &str, name: &str| {
        let mut program = command();
        let arguments = ["check", RIGHT, "--format", "json", "--stdin-filename", name];
        let program = program.args(arguments).stdin(Stdio::piped());
        let mut child = program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        Run {
            status: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    };
    assert_eq!(with(&text, &name).status, 0);
    let run = with(&text.replace("7878", "8989"), &name);
    assert_eq!((run.status, run.lints()["duplicate-port"]), (1, 1));
    let new = format!("{RIGHT}/modules/server/new.nix");
    assert_eq!(with("{ a = 1; a = 2; }", &new).lints()["duplicate-attribute"], 1);
    assert!(with("", "README.md").failure().contains("README.md is not below the root"));
    assert!(with("", &format!("{RIGHT}/x.txt")).failure().contains("is no .nix file"));
}

#[test]
fn a_service_can_be_taken_for_enabled() {
    let directory = copy(RIGHT);
    let text =
        "{ qgroget.serviceModules.later = { enable = false; port = 8989; type = \"private\"; }; }";
    let path = "modules/server/misc/later/default.nix";
    write(&directory.path().join(path), text);
    let import = directory.path().join("modules/server/default.nix");
    let all = std::fs::read_to_string(&import).unwrap();
    write(&import, all.replacen("imports = [", "imports = [ ./misc/later", 1));
    assert_eq!(check(&directory, &[]).lints().len(), 0);
    let run = check(&directory, &["--assume-enabled", "later"]);
    let lints: Vec<String> = run.lints().into_keys().collect();
    assert_eq!(lints, ["duplicate-port", "missing-required-field"]);
    let run = check(&directory, &["--assume-enabled", "latr"]);
    let expected = "nixpact: no host has a service 'latr'; did you mean 'later'?\n";
    assert_eq!(run.failure(), expected);
    let mut inside = command();
    let inside = run_in(inside.current_dir(directory.path()), &["check", "--assume-enabled=later"]);
    assert_eq!(inside.status, 1);
}

fn run_in(command: &mut Command, arguments: &[&str]) -> Run {
    run(command.args(arguments))
}
