//! Random modules: what is known of them must be what a simple model of the module system computes,
//! whatever the unknown conditions are. Where `nix-instantiate` and `NIXPKGS_LIB` are present, real Nix
//! is asked whether the model is right.

mod model;
mod random;
mod support;

use std::io::Write as _;
use std::process::{Command, Stdio};

use bumpalo::Bump;
use nixpact_eval::{Evaluator, Limits, STACK_BYTES};
use nixpact_source::Sources;
use nixpact_syntax::Asts;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use random::{Case, UNKNOWN, case, write_case};
use serde_json::Value as Json;
use support::{Tally, compare};

/// What is known of the case, compared with each of the values.
fn tally(text: String, expected: Vec<Json>) -> Tally {
    let main =
        "{ lib }: (lib.evalModules { modules = import ./case.nix { inherit lib; }; }).config.lab";
    let run = move || {
        let files = [("case.nix".to_owned(), text), ("main.nix".to_owned(), main.to_owned())];
        let sources = Sources::from_memory(files);
        let asts = Asts::of(&sources);
        let arena = Bump::new();
        let groups = nixpact_modules::GROUPS;
        let ev = Evaluator::new(&arena, &sources, &asts, groups, Limits::default());
        let lib = ev
            .value(nixpact_eval::Value::Attrs(ev.attrs(vec![ev.attr("lib", ev.value(ev.lib()))])));
        let config = ev.apply(ev.file(sources.id("main.nix").unwrap()), &[lib]);
        let mut tally = Tally::default();
        for expected in &expected {
            compare(&ev, config, expected, "lab", &mut tally);
        }
        tally
    };
    std::thread::Builder::new().stack_size(STACK_BYTES).spawn(run).unwrap().join().unwrap()
}

/// The values for all truths of the unknown conditions.
fn values(case: &Case) -> Vec<Json> {
    (0..1 << UNKNOWN)
        .map(|bits| {
            let truth: Vec<bool> = (0..UNKNOWN).map(|number| bits >> number & 1 == 1).collect();
            model::evaluate(&case.options, &case.modules, &truth)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(300),
        failure_persistence: None,
        max_shrink_iters: 2000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn known_values_hold_for_every_condition(case in case()) {
        let text = write_case(&case);
        let tally = tally(text, values(&case));
        prop_assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n"));
    }
}

/// Random modules without unknown conditions are known as a whole.
#[test]
fn most_values_are_known() {
    let mut runner = TestRunner::deterministic();
    let (mut known, mut unknown) = (0, 0);
    for _ in 0..100 {
        let case = case().new_tree(&mut runner).unwrap().current();
        let text = write_case(&case).replace("builtins.currentTime", "1");
        let truth = [true, false, true];
        let expected = model::evaluate(&case.options, &case.modules, &truth);
        let tally = tally(text.replace("(1 < 1)", "false"), vec![expected]);
        known += tally.known;
        unknown += tally.unknown;
    }
    assert!(unknown == 0, "{known} known, {unknown} unknown");
}

#[test]
fn the_model_computes_what_real_nix_does() {
    let Some(library) = std::env::var_os("NIXPKGS_LIB") else { return };
    let count = std::env::var("NIXPACT_SAMPLE").ok().and_then(|n| n.parse().ok()).unwrap_or(40);
    let mut runner = TestRunner::deterministic();
    let cases: Vec<Case> =
        (0..count).map(|_| case().new_tree(&mut runner).unwrap().current()).collect();
    let texts: Vec<String> = cases.iter().map(write_case).collect();
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden.nix");
    let library = library.to_str().unwrap();
    let expression = format!(
        "let lib = import {library}; in map (case: import {golden} {{ inherit lib case; }}) [ {} ]",
        texts.iter().map(|text| format!("({text})")).collect::<String>()
    );
    let Some(output) = real_nix(&expression) else { return };
    // On an error it may still print a list that looks complete.
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let real: Vec<Json> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(real.len(), cases.len());
    let truth: Vec<bool> = (0..UNKNOWN).map(|number| number % 2 == 0).collect();
    for ((case, text), real) in cases.iter().zip(&texts).zip(&real) {
        let model = model::evaluate(&case.options, &case.modules, &truth);
        assert_eq!(&model, real, "{text}");
    }
}

/// What `nix-instantiate` says to an expression, which may be too long for an argument; none where it is
/// not installed.
#[allow(clippy::disallowed_methods, reason = "real Nix is the judge")]
fn real_nix(expression: &str) -> Option<std::process::Output> {
    let nix = Command::new("nix-instantiate")
        .args(["--eval", "--strict", "--json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut nix = match nix {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        nix => nix.unwrap(),
    };
    // Dropped when all is written, which ends the expression.
    nix.stdin.take().unwrap().write_all(expression.as_bytes()).unwrap();
    Some(nix.wait_with_output().unwrap())
}
