//! The repositories of `test-flakes` with a [doubt](doubts) in one place: nothing is found that was not found without
//! it, and what is known of a service is as it was.
//!
//! `DOUBTED=a:b` adds repositories.
#![allow(clippy::unwrap_used, reason = "a test")]

#[path = "../crates/eval/tests/support/doubts.rs"]
mod doubts;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use nixpact_contract::Datum;
use nixpact_engine::{Analysis, Options, Session};

/// Lints that say what is not known, or of how many services something is true.
const ABOUT_DOUBTS: &[&str] = &["dead-field", "no-contract", "unknown-hosts"];

/// What each finding says, by its lint.
fn findings(analysis: &Analysis) -> BTreeSet<(&'static str, String)> {
    let findings = analysis.diagnostics.iter().filter(|it| !ABOUT_DOUBTS.contains(&it.lint));
    findings.map(|finding| (finding.lint, finding.message.clone())).collect()
}

/// The plain values that are known, by host, service and field.
fn values(analysis: &Analysis) -> BTreeMap<(String, String, String), String> {
    let model = &analysis.model;
    let mut known = BTreeMap::new();
    for host in &model.hosts {
        for service in &host.services {
            let contract = &model.contracts[service.contract];
            for (field, described) in service.fields.iter().zip(&contract.fields) {
                let name = host.name.clone().unwrap_or_default();
                let value = match &field.value.datum {
                    plain @ (Datum::Bool(_) | Datum::Int(_) | Datum::Str(_)) => {
                        format!("{plain:?}")
                    }
                    _ => continue,
                };
                known.insert((name, service.name.clone(), described.name.clone()), value);
            }
        }
    }
    known
}

/// What is wrong with doubts about the files of a repository, and how many were tried.
fn check(root: &Path, every: usize) -> (Vec<String>, usize) {
    let options = Options { root: root.to_owned(), ..Options::default() };
    let session = Session::open(options).unwrap();
    let certain = session.with_texts(&BTreeMap::new()).unwrap();
    let (known_findings, known_values) = (findings(&certain), values(&certain));
    let (mut number, mut wrong) = (0, Vec::new());
    for file in certain.sources.files() {
        for doubted in doubts::doubts(&file.text) {
            number += 1;
            if number % every != 0 || !doubted.parses() {
                continue;
            }
            let texts = BTreeMap::from([(file.path.clone(), doubted.text.clone())]);
            let analysis = session.with_texts(&texts).unwrap();
            let place = || format!("{} {} {doubted}", root.display(), file.path);
            for (lint, message) in findings(&analysis).difference(&known_findings) {
                wrong.push(format!("{}\n  {lint}: {message}", place()));
            }
            for (name, value) in values(&analysis) {
                if known_values.get(&name).is_some_and(|known| *known != value) {
                    let known = &known_values[&name];
                    wrong.push(format!("{}\n  {name:?}: {value} in place of {known}", place()));
                }
            }
        }
    }
    (wrong, number / every)
}

#[test]
fn nothing_is_found_in_doubt() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("test-flakes");
    let mut roots = vec![own.join("homelab"), own.join("shape-b"), own.join("flake-parts")];
    let given = std::env::var_os("DOUBTED");
    roots.extend(given.iter().flat_map(std::env::split_paths));
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for root in roots {
        let (found, number) = check(&root, doubts::every(499));
        wrong.extend(found);
        tried += number;
    }
    assert!(wrong.is_empty(), "{tried} tried, {} wrong\n{}", wrong.len(), wrong.join("\n"));
    assert!(tried > 0, "nothing was tried");
}
