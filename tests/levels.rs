//! Levels of lints: in `nixpact.toml`, for paths and hosts, and on the command line.
#![allow(clippy::disallowed_methods, reason = "a test makes files")]

mod support;

use pretty_assertions::assert_eq;

use support::{BROKEN, copy, nixpact, shown, write};

fn with(configuration: &str, more: &[&str]) -> support::Run {
    let directory = copy(BROKEN);
    write(&directory.path().join("nixpact.toml"), configuration);
    let arguments = ["check", shown(directory.path()), "--format", "json"];
    nixpact(&[&arguments, more].concat())
}

fn severities(run: &support::Run, lint: &str) -> Vec<(String, String)> {
    let document = run.json();
    let findings = document["diagnostics"].as_array().unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let own = findings.iter().filter(|finding| finding["lint"] == lint);
    own.map(|it| (text(&it["primary"]["file"]), text(&it["severity"]))).collect()
}

#[test]
fn an_allowed_lint_is_not_reported() {
    let directory = copy(BROKEN);
    let text = "[lints]\nduplicate-port = \"allow\"\nunknown-field = \"note\"\n";
    write(&directory.path().join("nixpact.toml"), text);
    let run = nixpact(&["check", shown(directory.path()), "--format", "json"]);
    assert!(!run.lints().contains_key("duplicate-port"));
    assert_eq!(run.json()["summary"]["notes"], 1);
}

#[test]
fn a_group_has_a_level_and_a_lint_of_it_another() {
    let run = with("[lints]\nduplicate-port = \"note\"\nnetwork = \"warn\"\n", &[]);
    let all = |lint| severities(&run, lint).into_iter().map(|(_, s)| s).collect::<Vec<_>>();
    assert!(all("duplicate-port").iter().all(|severity| severity == "note"));
    assert_eq!(all("unknown-middleware"), ["warning"]);
}

#[test]
fn an_override_is_for_its_paths_and_hosts_only() {
    let everywhere = with("", &[]);
    let before = severities(&everywhere, "duplicate-port");
    assert!(before.len() > 1);
    let (path, _) = &before[0];
    let text = format!("[[overrides]]\npaths = [\"{path}\"]\nlints.network = \"allow\"\n");
    let run = with(&text, &[]);
    let left: Vec<_> = before.iter().filter(|(other, _)| other != path).cloned().collect();
    assert_eq!(severities(&run, "duplicate-port"), left);
    let text = "[[overrides]]\nhosts = [\"Server\"]\nlints.all = \"warn\"\n";
    let run = with(text, &[]);
    assert!(severities(&run, "duplicate-port").iter().all(|(_, severity)| severity == "warning"));
    let run = with(&text.replace("Server", "Other"), &[]);
    assert_eq!(severities(&run, "duplicate-port"), before);
}

#[test]
fn the_command_line_counts_before_the_configuration() {
    let text = "[lints]\nall = \"allow\"\n";
    assert_eq!(with(text, &[]).lints().len(), 0);
    let run = with(text, &["--deny", "duplicate-port", "--warn", "contract,unknown-middleware"]);
    assert_eq!(run.status, 1);
    let lints: Vec<String> = run.lints().into_keys().collect();
    assert!(lints.contains(&"duplicate-port".to_owned()), "{lints:?}");
    assert!(!lints.contains(&"duplicate-database".to_owned()), "{lints:?}");
    assert_eq!(severities(&run, "unknown-middleware")[0].1, "warning");
    let run = nixpact(&["check", BROKEN, "--allow", "netwrok"]);
    assert_eq!(run.failure(), "nixpact: unknown lint 'netwrok'; did you mean 'network'?\n");
}

#[test]
fn a_lint_has_options_of_its_own() {
    let before = with("", &[]).lints()["duplicate-port"];
    let run = with("[lints.duplicate-port]\nlevel = \"warn\"\nshared = [8080]\n", &[]);
    assert!(run.lints()["duplicate-port"] < before);
    assert!(severities(&run, "duplicate-port").iter().all(|(_, severity)| severity == "warning"));
}
