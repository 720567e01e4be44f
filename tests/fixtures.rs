//! The repositories of `test-flakes`: what nixpact finds in them, and whether its values are those of
//! real Nix.
#![allow(clippy::disallowed_methods, reason = "a test reads its expected data")]
#![allow(clippy::print_stderr, reason = "the counts are shown by `cargo test -- --nocapture`")]

use std::path::PathBuf;

use nixpact_contract::{Datum, FieldState, Located};
use nixpact_diagnostics::Label;
use nixpact_engine::{Analysis, Options};
use pretty_assertions::assert_eq;
use serde_json::{Map, Value, json};

#[test]
fn homelab_broken_has_exactly_the_listed_findings() {
    let analysis = analyse("homelab-broken");
    let expected: Vec<Value> = serde_json::from_value(read("homelab-broken", "findings")).unwrap();
    let mut expected = expected;
    sort(&mut expected);
    let place = |label: &Label| {
        let file = analysis.sources.file(label.span.file);
        let at = file.line_column(label.span.start);
        json!({ "file": file.path, "line": at.line, "column": at.column })
    };
    let mut found: Vec<Value> = Vec::new();
    for diagnostic in &analysis.diagnostics {
        let primary = diagnostic.primary.as_ref().expect("every mistake has a place");
        let at = place(primary);
        let wanted = expected.iter().find(|wanted| {
            wanted["lint"] == diagnostic.lint
                && ["file", "line", "column"].iter().all(|key| wanted[key] == at[key])
        });
        let mut object = json!({
            "lint": diagnostic.lint,
            "file": at["file"],
            "line": at["line"],
            "column": at["column"],
            "text": analysis.sources.text(primary.span),
            "message": diagnostic.message,
            "services": diagnostic.services,
        });
        // The list holds the beginning of the message, and some of the other parties.
        if let Some(wanted) = wanted {
            let beginning = wanted["message"].as_str().unwrap();
            if diagnostic.message.starts_with(beginning) {
                object["message"] = json!(beginning);
            }
            let secondary: Vec<Value> = diagnostic.secondary.iter().map(place).collect();
            if let Some(also) = wanted.get("also").and_then(Value::as_array) {
                let seen: Vec<&Value> =
                    also.iter().filter(|party| secondary.contains(party)).collect();
                object["also"] = json!(seen);
            }
        }
        found.push(object);
    }
    sort(&mut found);
    assert_eq!(Value::from(found), Value::from(expected));
}

fn sort(findings: &mut [Value]) {
    findings.sort_by_key(|it| {
        let text = |key: &str| it[key].as_str().unwrap().to_owned();
        (text("file"), it["line"].as_u64(), it["column"].as_u64(), text("lint"))
    });
}

#[test]
fn the_readme_of_homelab_broken_lists_the_same_findings() {
    let readme = std::fs::read_to_string(fixture("homelab-broken").join("README.md")).unwrap();
    let expected = read("homelab-broken", "findings");
    let mut missing = Vec::new();
    for finding in expected.as_array().unwrap() {
        let text = |key: &str| finding[key].as_str().unwrap();
        let (file, line, column) = (text("file"), &finding["line"], &finding["column"]);
        let row = format!("| `{file}:{line}:{column}` | `{}` |", text("lint"));
        if !readme.contains(&row) {
            missing.push(row);
        }
    }
    assert!(missing.is_empty(), "not in README.md:\n{}", missing.join("\n"));
    let rows = readme.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(rows, expected.as_array().unwrap().len());
}

#[test]
fn homelab_is_right_and_its_values_are_those_of_nix() {
    right("homelab", "qgroget.serviceModules", Bounds { known: 436, unknown: 5 });
}

#[test]
fn shape_b_is_right_and_its_values_are_those_of_nix() {
    right("shape-b", "lab.serviceModules", Bounds { known: 60, unknown: 0 });
}

/// At least as many values must be known, and at most as many unknown.
struct Bounds {
    known: usize,
    unknown: usize,
}

fn right(name: &str, option: &str, bounds: Bounds) {
    let analysis = analyse(name);
    assert!(analysis.diagnostics.is_empty(), "{:#?}", analysis.diagnostics);
    let expected = read(name, option);
    let expected = expected.as_object().unwrap();
    let [host] = &analysis.model.hosts[..] else { panic!("{name} has one host") };
    let contracts = &analysis.model.contracts;
    let services: Vec<&str> = host.services.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(services, expected.keys().map(String::as_str).collect::<Vec<_>>());

    let (mut known, mut unknown, mut wrong) = (0, 0, Vec::new());
    for service in &host.services {
        let contract = &contracts[service.contract];
        assert_eq!(contract.option, option);
        for (decl, field) in contract.fields.iter().zip(&service.fields) {
            let path = format!("{}.{}", service.name, decl.name);
            let real = expected[&service.name].get(&decl.name);
            match (field.state, field.value.unknown()) {
                (FieldState::Missing, _) => {
                    if let Some(real) = real {
                        wrong.push(format!("{path}: nothing defines it; Nix says {real}"));
                    }
                }
                (_, Some(_)) => unknown += 1,
                (_, None) => {
                    known += 1;
                    let value = json(&field.value);
                    if Some(&value) != real {
                        wrong.push(format!("{path}: {value}; Nix says {real:?}"));
                    }
                }
            }
        }
    }
    eprintln!("{name}: {known} known, {unknown} unknown, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(known >= bounds.known, "only {known} values are known, {} were", bounds.known);
    assert!(unknown <= bounds.unknown, "{unknown} values are unknown, {} were", bounds.unknown);
    assert_eq!((analysis.values.known, analysis.values.unknown), (known, unknown));
}

/// A value as `nix-instantiate --eval --json` prints it.
fn json(value: &Located) -> Value {
    match &value.datum {
        Datum::Null => Value::Null,
        Datum::Bool(value) => json!(value),
        Datum::Int(value) => json!(value),
        Datum::Float(value) => json!(value),
        Datum::Str(text) | Datum::Path(text) => json!(text),
        Datum::List { items, .. } => items.iter().map(json).collect(),
        Datum::Attrs { entries, .. } => {
            let entries = entries.iter().map(|(name, value)| (name.to_string(), json(value)));
            Value::Object(entries.collect::<Map<String, Value>>())
        }
        other => json!(format!("{other:?}")),
    }
}

fn analyse(name: &str) -> Analysis {
    Analysis::run(&Options { root: fixture(name), ..Options::default() }).unwrap()
}

fn fixture(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "test-flakes", name].iter().collect()
}

fn read(name: &str, expected: &str) -> Value {
    let path = fixture(name).join("expected").join(format!("{expected}.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}
