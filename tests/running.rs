//! How a check runs: again after changes, with its timings, as statistics.
#![allow(clippy::disallowed_methods, reason = "a test runs the program and makes files")]

mod support;

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use pretty_assertions::assert_eq;

use support::{BROKEN, RIGHT, command, copy, nixpact, run, shown, write};

#[test]
fn statistics_count_each_lint() {
    let run = nixpact(&["check", BROKEN, "--statistics", "--format", "json"]);
    assert_eq!((run.status, run.err.as_str()), (1, ""));
    let rows = run.json();
    let counted: u64 =
        rows.as_array().unwrap().iter().map(|it| it["count"].as_u64().unwrap()).sum();
    let report = nixpact(&["check", BROKEN, "--format", "json"]);
    assert_eq!(counted, report.json()["diagnostics"].as_array().unwrap().len() as u64);
    for (lint, count) in report.lints() {
        let own = rows.as_array().unwrap().iter().find(|row| row["lint"] == lint.as_str()).unwrap();
        assert_eq!(own["count"], count);
    }
    let run = nixpact(&["check", BROKEN, "--statistics"]);
    assert!(run.out.starts_with("COUNT  FIXABLE  SEVERITY  LINT\n3 "), "{}", run.out);
}

#[test]
fn timings_go_to_standard_error() {
    let run = nixpact(&["check", RIGHT, "-v"]);
    let phases: Vec<&str> =
        run.err.lines().map(|line| line.split("  ").next().unwrap().trim()).collect();
    assert_eq!(phases, ["reading", "parsing and evaluating", "linting", "reporting"]);
    assert_eq!(run.out, nixpact(&["check", RIGHT]).out);
}

#[test]
fn a_change_is_checked_again() {
    let directory = copy(RIGHT);
    let mut program = command();
    let program = program.args(["check", shown(directory.path()), "--watch"]);
    let mut child = program.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut until = |part: &str| lines.by_ref().any(|line| line.is_ok_and(|it| it.contains(part)));
    assert!(until("no findings in"));
    let file = directory.path().join("modules/server/data/x.nix");
    write(&file, "{ a = 1; a = 2; }");
    assert!(until("error[duplicate-attribute]"));
    assert!(until("1 error in"));
    std::fs::remove_file(&file).unwrap();
    assert!(until("no findings in"));
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Each thread that evaluates reserves a deep stack; where that is refused, the first one does the work.
#[test]
#[cfg(target_os = "linux")]
fn a_check_does_without_threads_that_may_not_be_started() {
    const LIMIT_KIB: &str = "3400000";
    let check = |limit: &str| {
        let script = format!("ulimit -v {limit} && exec \"$0\" check {RIGHT} --format json");
        let mut shell = std::process::Command::new("sh");
        let program = command().get_program().to_owned();
        run(shell.args(["-c", &script]).arg(program).env("RAYON_NUM_THREADS", "2"))
    };
    let free = check("unlimited");
    assert_eq!(free.err, "");
    assert_eq!(check(LIMIT_KIB).out, free.out);
}
