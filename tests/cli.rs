//! The program as a user runs it: output, exit status, and what it says when it cannot do its work.
//!
//! `SNAPSHOTS=overwrite cargo test --test cli` writes `tests/cli/` again.
#![allow(clippy::disallowed_methods, reason = "a test runs the program and makes files for it")]

mod support;

use std::path::Path;
use std::process::Stdio;

use pretty_assertions::assert_eq;
use serde_json::Value;
use snapbox::{assert_data_eq, file};

use support::{BROKEN, RIGHT, command, copy, nixpact, repository, run, shown, write};

// --- check -----------------------------------------------------------------------------------------

#[test]
fn findings_for_people() {
    let run = nixpact(&["check", BROKEN]);
    assert_eq!((run.status, run.err.as_str()), (1, ""));
    assert_data_eq!(run.out, file!["cli/check.txt"].raw());
}

#[test]
fn check_is_what_it_does_without_a_command() {
    assert_eq!(nixpact(&[BROKEN]).out, nixpact(&["check", BROKEN]).out);
    let mut inside = command();
    let inside = run(inside.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(BROKEN)));
    assert_eq!(inside.out, nixpact(&["check", BROKEN]).out);
}

#[test]
fn one_line_a_finding() {
    let run = nixpact(&["check", BROKEN, "--format", "short"]);
    assert_eq!((run.status, run.err.as_str()), (1, ""));
    assert_data_eq!(run.out, file!["cli/check.short.txt"].raw());
}

#[test]
fn json_keeps_to_version_1() {
    let run = nixpact(&["check", BROKEN, "--format", "json"]);
    assert_eq!((run.status, run.err.as_str()), (1, ""));
    let report = run.json();
    keys(&report, &["version", "summary", "diagnostics"]);
    assert_eq!(report["version"], 1);

    let summary = &report["summary"];
    keys(
        summary,
        &["errors", "warnings", "notes", "suppressed", "files", "services", "hosts", "values"],
    );
    keys(&summary["values"], &["known", "unknown", "reasons"]);
    let diagnostics = report["diagnostics"].as_array().unwrap();
    assert_eq!(summary["errors"], diagnostics.len());
    assert_eq!(summary["hosts"], 1);

    for diagnostic in diagnostics {
        keys(
            diagnostic,
            &[
                "lint",
                "severity",
                "message",
                "host",
                "services",
                "primary",
                "secondary",
                "notes",
                "fix",
                "fingerprint",
            ],
        );
        let secondary = diagnostic["secondary"].as_array().unwrap();
        for label in std::iter::once(&diagnostic["primary"]).chain(secondary) {
            place(label);
        }
        if !diagnostic["fix"].is_null() {
            keys(&diagnostic["fix"], &["applicability", "edits"]);
            for edit in diagnostic["fix"]["edits"].as_array().unwrap() {
                keys(edit, &["file", "start", "end", "text"]);
            }
        }
    }
}

/// Line, column and byte of a label fit each other and the file.
fn place(label: &Value) {
    keys(label, &["file", "label", "start", "end"]);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(BROKEN);
    let text = std::fs::read_to_string(file.join(label["file"].as_str().unwrap())).unwrap();
    for at in [&label["start"], &label["end"]] {
        keys(at, &["line", "column", "byte"]);
        let number = |key: &str| at[key].as_u64().unwrap() as usize;
        let before = &text[..number("byte")];
        assert_eq!(before.matches('\n').count() + 1, number("line"));
        let line = before.rsplit('\n').next().unwrap();
        assert_eq!(line.chars().count() + 1, number("column"));
    }
}

fn keys(value: &Value, expected: &[&str]) {
    let object = value.as_object().unwrap_or_else(|| panic!("{value} is no object"));
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    let mut found: Vec<&str> = object.keys().map(String::as_str).collect();
    found.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn a_right_repository_has_status_0() {
    let run = nixpact(&["check", RIGHT]);
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    assert_eq!(run.lines().len(), 1);
    assert!(run.out.starts_with("no findings in "), "{}", run.out);
}

#[test]
fn quiet_leaves_out_the_summary() {
    let run = nixpact(&["check", RIGHT, "-q"]);
    assert_eq!((run.status, run.out.as_str()), (0, ""));
    let short =
        |extra: &[&str]| nixpact(&[&["check", BROKEN, "--format", "short"], extra].concat());
    let (quiet, all) = (short(&["--quiet"]).out, short(&[]).out);
    let summary = all.strip_prefix(&quiet).unwrap();
    assert!(summary.starts_with("fixes: ") && summary.lines().count() == 2, "{summary}");
}

#[test]
fn warnings_fail_only_under_deny_warnings() {
    let level = |lint: &str| format!("{lint} = \"warn\"\n");
    let all: String = nixpact_lints::CATALOGUE.iter().map(|lint| level(lint.name)).collect();
    let directory = repository(&[("warn.toml", &format!("[lints]\n{all}"))]);
    let config = directory.path().join("warn.toml");
    let arguments = ["check", BROKEN, "--config", shown(&config), "--format", "json"];
    let run = nixpact(&arguments);
    assert_eq!(run.status, 0);
    assert_eq!(run.json()["summary"]["errors"], 0);
    assert!(run.json()["summary"]["warnings"].as_u64().unwrap() > 0);
    assert_eq!(nixpact(&[&arguments[..], &["--deny-warnings"]].concat()).status, 1);
    assert_eq!(nixpact(&["check", RIGHT, "--deny-warnings"]).status, 0);
}

#[test]
fn colour_is_for_those_who_ask() {
    let plain = nixpact(&["check", BROKEN]);
    assert!(!plain.out.contains('\u{1b}'));
    let coloured = nixpact(&["check", BROKEN, "--color", "always"]);
    assert!(coloured.out.contains("\u{1b}["));
    assert_eq!(nixpact(&["check", BROKEN, "--color", "never"]).out, plain.out);
}

#[test]
fn one_host_only() {
    let all = nixpact(&["check", BROKEN, "--format", "short"]);
    let one = nixpact(&["check", BROKEN, "--format", "short", "--host", "Server"]);
    assert_eq!(all.out, one.out);
    let none = nixpact(&["check", BROKEN, "--host", "Sever"]);
    assert!(
        none.failure().contains("there is no host 'Sever'; the hosts are Server"),
        "{}",
        none.err
    );
}

#[test]
fn unknown_values_are_listed_with_their_reasons() {
    let run = nixpact(&["check", RIGHT, "--show-unknown"]);
    assert_eq!(run.status, 0);
    let lines = run.lines();
    let (summary, unknown) = lines.split_last().unwrap();
    assert!(summary.starts_with("no findings in "), "{summary}");
    let package = "modules/server/media/navidrome/default.nix:20:19: unknown: \
                   qgroget.serviceModules.navidrome.package on Server: pkgs.navidrome comes from \
                   outside of the repository";
    assert!(unknown.contains(&package), "{}", run.out);
    for line in unknown {
        let (place, rest) = line.split_once(": unknown: ").unwrap();
        assert_eq!(place.split(':').count(), 3, "{line}");
        assert!(rest.contains(": "), "no reason: {line}");
    }
}

#[test]
fn what_is_unknown_of_an_option_is_named_with_its_cause() {
    let flake = "{ outputs = { nixpkgs, ... }: { nixosConfigurations.a = nixpkgs.lib.nixosSystem {
      modules = [ ./module.nix ];
    }; }; }";
    let module =
        "{ lib, ... }: { options.a = lib.mkOption { }; config.a = lib.lists.frobnicate 1; }";
    let directory = repository(&[("flake.nix", flake), ("module.nix", module)]);
    let run = nixpact(&["config", "a", "--root", shown(directory.path())]);
    let unknown =
        "«unknown: a condition on it is unknown: lib.lists.frobnicate is not supported»\n";
    assert_eq!((run.status, run.out.as_str()), (0, unknown));
}

// --- the other commands ----------------------------------------------------------------------------

#[test]
fn services_as_a_table() {
    let run = nixpact(&["services", BROKEN]);
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    assert_data_eq!(run.out, file!["cli/services.txt"].raw());
}

#[test]
fn services_as_json() {
    let run = nixpact(&["services", RIGHT, "--format", "json"]);
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    let report = run.json();
    keys(&report, &["version", "services"]);
    let services = report["services"].as_array().unwrap();
    assert_eq!(services.len(), 21);
    for service in services {
        keys(service, &["host", "service", "contract", "enabled", "place", "fields"]);
        keys(&service["place"], &["file", "line", "column"]);
    }
    let jellyfin = services.iter().find(|service| service["service"] == "jellyfin").unwrap();
    assert_eq!(jellyfin["host"], "Server");
    assert_eq!(jellyfin["enabled"], true);
    let port = &jellyfin["fields"]["port"];
    assert_eq!((&port["state"], &port["value"]), (&"defined".into(), &8096.into()));
    assert_eq!(port["place"]["file"], "modules/server/media/jellyfin/default.nix");
    let unknown = &jellyfin["fields"]["persistedData"]["value"];
    assert!(unknown.to_string().contains("$unknown"), "{unknown}");
}

#[test]
fn services_of_a_repository_without_any() {
    let empty = repository(&[]);
    let run = nixpact(&["services", shown(empty.path())]);
    assert_eq!((run.status, run.out.as_str()), (0, "no services found\n"));
}

#[test]
fn explain_prints_the_page() {
    for lint in nixpact_lints::CATALOGUE {
        let run = nixpact(&["explain", lint.name]);
        assert_eq!((run.status, run.out.as_str()), (0, lint.explanation));
    }
}

#[test]
fn explain_knows_what_was_meant() {
    let run = nixpact(&["explain", "duplicate-prot"]);
    assert_eq!(
        run.failure(),
        "nixpact: there is no lint 'duplicate-prot'; did you mean 'duplicate-port'?\n"
    );
    let run = nixpact(&["explain", "nonsense"]);
    assert!(run.failure().contains("'nixpact lints' lists them"), "{}", run.err);
}

#[test]
fn every_lint_that_is_reported_can_be_explained() {
    let empty = repository(&[]);
    for root in [BROKEN, shown(empty.path())] {
        for lint in nixpact(&["check", root, "--format", "json"]).lints().into_keys() {
            assert_eq!(nixpact(&["explain", &lint]).status, 0, "{lint}");
        }
    }
}

#[test]
fn lints_are_listed() {
    let run = nixpact(&["lints"]);
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    assert_data_eq!(run.out, file!["cli/lints.txt"].raw());
    let run = nixpact(&["lints", "--format", "json"]);
    let rows = run.json();
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), nixpact_lints::CATALOGUE.len());
    for row in rows {
        keys(row, &["name", "group", "level", "summary"]);
    }
}

#[test]
fn the_published_schema_is_the_programs() {
    let run = nixpact(&["schema"]);
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    assert_data_eq!(run.out, file!["../docs/nixpact.schema.json"].raw());
}

// --- what cannot be done ---------------------------------------------------------------------------

#[test]
fn a_missing_path() {
    let run = nixpact(&["check", "test-flakes/no-such-directory"]);
    assert!(run.failure().contains("no-such-directory: no such file or directory"), "{}", run.err);
}

#[test]
fn wrong_arguments() {
    let runs =
        [nixpact(&["check", "--format", "xml"]), nixpact(&["explain"]), nixpact(&["--nope"])];
    for run in runs {
        run.failure();
    }
}

#[test]
fn a_wrong_configuration_is_refused_with_its_key_and_line() {
    let cases = [
        ("[lints]\n\nduplicate-prt = \"warn\"\n", ":3: unknown lint 'duplicate-prt'; did you mean"),
        ("[lints]\nduplicate-port = \"loud\"\n", ":2: unknown level 'loud'"),
        ("\n[contract]\noptoin = \"x\"\n", ":3: unknown key 'optoin'; did you mean 'option'?"),
        ("[contract]\noption = 5\n", ":2: option: invalid type: integer `5`"),
        ("[roles]\nprot = \"port\"\n", ":2: unknown role 'prot'"),
        ("[files]\nexclude = [\"a[\"]\n", ":2: invalid glob"),
        ("[contract\n", ":1: "),
    ];
    for (text, expected) in cases {
        let directory = repository(&[("nixpact.toml", text)]);
        let run = nixpact(&["check", shown(directory.path())]);
        let message = run.failure();
        assert!(message.contains(&format!("nixpact.toml{expected}")), "{message}");
    }
    let run = nixpact(&["check", BROKEN, "--config", "no-such.toml"]);
    assert!(run.failure().contains("no-such.toml: cannot be read"), "{}", run.err);
}

// --- repositories that are not as they should be ---------------------------------------------------

#[test]
fn a_syntax_error_costs_its_own_file_only() {
    let directory = copy(BROKEN);
    let path = directory.path().join("modules/server/misc/obsidian/default.nix");
    let text = std::fs::read_to_string(&path).unwrap();
    write(&path, text.replacen("enable = ", "enable ", 1).replacen("port = ", "port ", 1));
    let run = nixpact(&["check", shown(directory.path()), "--format", "json"]);
    assert_eq!(run.status, 1);
    let mut expected = nixpact(&["check", BROKEN, "--format", "json"]).lints();
    // What obsidian defines is not known: its wrong type goes, and nothing is said to be missing.
    *expected.get_mut("wrong-field-type").unwrap() -= 1;
    expected.insert("syntax-error".to_owned(), 1);
    assert_eq!(run.lints(), expected);
}

#[test]
fn a_repository_without_files() {
    let directory = repository(&[]);
    let run = nixpact(&["check", shown(directory.path()), "--format", "json"]);
    assert_eq!(run.status, 0);
    assert_eq!(run.json()["summary"]["notes"], 1);
    let run = nixpact(&["check", shown(directory.path())]);
    assert!(run.out.contains("no service contract found"), "{}", run.out);
}

#[test]
fn a_repository_without_a_contract_still_gets_the_lints_about_nix() {
    let directory = repository(&[
        ("configuration.nix", "{\n  a = 1;\n  a = 2;\n}\n"),
        ("broken.nix", "{ x = ; }\n"),
    ]);
    let run = nixpact(&["check", shown(directory.path()), "--format", "short", "-q"]);
    assert_eq!(run.status, 1);
    let places: Vec<&str> = run.lines().iter().filter_map(|it| it.split(": ").next()).collect();
    assert_eq!(places.len(), 3, "{}", run.out);
    assert!(run.out.contains("broken.nix:1:7: error[syntax-error]"), "{}", run.out);
    assert!(run.out.contains("configuration.nix:3:3: error[duplicate-attribute]"), "{}", run.out);
    assert!(run.out.contains("note[no-contract]"), "{}", run.out);
}

// --- the same input, the same output ---------------------------------------------------------------

#[test]
fn what_is_unknown_alike_on_several_hosts_is_said_once() {
    let host = "nixpkgs.lib.nixosSystem { modules = [ ./common.nix ]; specialArgs = { inherit inputs; }; }";
    let flake = format!(
        "{{ inputs.theirs.url = \"github:a/theirs\"; outputs = {{ nixpkgs, ... }}@inputs: {{ nixosConfigurations = {{
          a = {host};
          b = {host};
          c = nixpkgs.lib.nixosSystem {{ modules = [ inputs.theirs.nixosModules.b ]; }};
        }}; }}; }}"
    );
    let directory = repository(&[
        ("flake.nix", &flake),
        ("common.nix", "{ inputs, ... }: { imports = [ inputs.theirs.nixosModules.a ]; }"),
    ]);
    let unknown = |option| {
        let run = nixpact(&["check", option, shown(directory.path())]);
        let lines = run.lines().into_iter().filter(|line| line.contains("unknown: "));
        let told = run.lines().into_iter().filter(|line| line.ends_with("is not known"));
        lines.chain(told).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        unknown("--show-unknown"),
        [
            "common.nix:1:32: unknown: a module on a, b: \
             theirs.nixosModules.a comes from outside of the repository",
            "flake.nix:4:53: unknown: a module on c: \
             theirs.nixosModules.b comes from outside of the repository",
        ]
    );
    assert_eq!(
        unknown("--explain-unknown"),
        ["a module on a, b is not known", "a module on c is not known"]
    );
}

#[test]
fn the_number_of_threads_changes_nothing() {
    for arguments in [
        &["check", BROKEN][..],
        &["check", BROKEN, "--format", "json"],
        &["check", RIGHT, "--show-unknown"],
        &["services", RIGHT, "--format", "json"],
    ] {
        let with =
            |threads: &str| run(command().env("RAYON_NUM_THREADS", threads).args(arguments)).out;
        let one = with("1");
        for _ in 0..3 {
            assert_eq!(with("4"), one);
        }
    }
}

#[test]
fn a_reader_may_stop_reading() {
    for arguments in [
        &["check", BROKEN][..],
        &["check", BROKEN, "--format", "json"],
        &["services", RIGHT],
        &["services", RIGHT, "--format", "json"],
        &["lints"],
        &["lints", "--format", "json"],
        &["explain", "duplicate-port"],
    ] {
        let mut command = command();
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        // The findings are there, whether they are read or not.
        let status = i32::from(arguments[0] == "check");
        assert_eq!((output.status.code(), err.as_str()), (Some(status), ""), "{arguments:?}");
    }
}
