//! `nixpact check --run-formatter`, with a formatter that is a script.
#![allow(clippy::disallowed_methods, reason = "a test runs the program and makes files for it")]
#![cfg(unix)]

mod support;

use std::os::unix::fs::PermissionsExt;

use pretty_assertions::assert_eq;
use tempfile::TempDir;

use support::{nixpact, repository, run, shown};

/// Fails where a file has a tab; each run leaves a line in a log.
const SCRIPT: &str = "#!/bin/sh\n[ \"$1\" = --check ] || exit 3\nshift\n\
                      echo \"$#\" >> log\n! grep -q '\t' \"$@\"\n";

fn with_script(files: &[(&str, &str)]) -> TempDir {
    let directory = repository(files);
    let script = directory.path().join("format.sh");
    std::fs::write(&script, SCRIPT).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    let text = format!(
        "[lints.unformatted]\nlevel = \"warn\"\ncommand = [\"{}\", \"--check\"]\n",
        shown(&script)
    );
    std::fs::write(directory.path().join("nixpact.toml"), text).unwrap();
    directory
}

fn check(directory: &TempDir, arguments: &[&str]) -> support::Run {
    let base =
        ["check", shown(directory.path()), "--format", "short", "-q", "--allow", "no-contract"];
    nixpact(&[&base, arguments].concat())
}

#[test]
fn files_that_the_formatter_would_change_are_found() {
    let directory = with_script(&[
        ("a.nix", "{ }\n"),
        ("b/c.nix", "{\ta = 1; }\n"),
        ("b/d.nix", "{ }\n"),
        ("-e.nix", "{\t}\n"),
        ("broken.nix", "{\t"),
    ]);
    let found = check(&directory, &["--run-formatter", "--allow", "syntax-error"]);
    let lines: Vec<&str> = found.lines();
    assert_eq!(found.err, "");
    assert_eq!(lines.len(), 2, "{}", found.out);
    assert!(
        lines[0].starts_with("-e.nix:1:1: warning[unformatted]: '-e.nix' is not"),
        "{}",
        lines[0]
    );
    assert!(lines[1].starts_with("b/c.nix:1:1: warning[unformatted]: "), "{}", lines[1]);
    assert_eq!(found.status, 0);
    let log = std::fs::read_to_string(directory.path().join("log")).unwrap();
    assert_eq!(log.lines().next(), Some("4"), "the file that does not parse is left out");
    let json =
        check(&directory, &["--run-formatter", "--format", "json", "--allow", "syntax-error"]);
    assert_eq!(json.status, 2, "two reports");
}

#[test]
fn nothing_runs_unless_it_is_asked_for() {
    let directory = with_script(&[("a.nix", "{\t}\n")]);
    assert_eq!(check(&directory, &[]).out, "");
    assert_eq!(check(&directory, &["--run-formatter", "--allow", "unformatted"]).out, "");
    assert!(!directory.path().join("log").exists());
}

#[test]
fn a_formatter_that_cannot_run_is_no_finding() {
    let directory = with_script(&[("a.nix", "{ }\n")]);
    let text = "[lints.unformatted]\nlevel = \"deny\"\ncommand = [\"./no-such-formatter\"]\n";
    std::fs::write(directory.path().join("nixpact.toml"), text).unwrap();
    let failed = check(&directory, &["--run-formatter"]);
    assert!(failed.failure().contains("'./no-such-formatter' cannot be run"), "{}", failed.err);
}

#[test]
fn what_is_not_on_the_disk_is_not_handed_over() {
    let directory = with_script(&[("a.nix", "{\t}\n")]);
    let mut command = support::command();
    command.args(["check", "--root", shown(directory.path()), "--stdin-filename"]);
    command.arg(directory.path().join("a.nix")).args([
        "--run-formatter",
        "-q",
        "--format",
        "short",
    ]);
    command.args(["--allow", "no-contract"]).stdin(std::process::Stdio::null());
    assert_eq!(run(&mut command).out.matches("unformatted").count(), 0);
}
