//! Every `cases/<group>/<name>.nix` is a function of `lib`; beside it stands in `<name>.exp` what real
//! Nix prints for it, or `error` where it fails. `goldens.sh` makes those files again.
//! `NIXPACT_CASES` names another folder of cases.

mod support;

use std::fmt::Write;

use bumpalo::Bump;
use nixpact_eval::{Evaluator, Limits, STACK_BYTES, Stop, Value, print};
use nixpact_source::Sources;
use nixpact_syntax::Asts;

/// What the evaluator prints for the case, in the form of an `.exp` file.
fn evaluate(name: String, text: String) -> String {
    let run = move || {
        // What a flake holds is evaluated in the store.
        let flake = ("flake.nix".to_owned(), "{ }".to_owned());
        let sources = Sources::from_memory([(name.clone(), text), flake]);
        let asts = Asts::of(&sources);
        let arena = Bump::new();
        let evaluator = Evaluator::new(&arena, &sources, &asts, &[], Limits::default());
        let lib = evaluator.attr("lib", evaluator.value(evaluator.lib()));
        let argument = evaluator.value(Value::Attrs(evaluator.attrs(vec![lib])));
        let function = evaluator.force(evaluator.file(sources.id(&name).unwrap()));
        let result = match evaluator.call_result(function, argument) {
            Ok(value) => print(&evaluator, evaluator.value(value)),
            Err(stop) => Err(stop),
        };
        match result {
            Ok(text) => text,
            Err(Stop::Error(error)) => format!("error ({:?}: {})", error.kind, error.message),
            Err(Stop::Unknown(unknown)) => format!("unknown: {}", unknown.reason),
        }
    };
    std::thread::Builder::new().stack_size(STACK_BYTES).spawn(run).unwrap().join().unwrap()
}

/// The place where two texts part, with some text around it.
fn difference(expected: &str, found: &str) -> String {
    let same = expected.bytes().zip(found.bytes()).take_while(|(a, b)| a == b).count();
    let around = |text: &str| {
        let start = (0..=same.saturating_sub(60).min(text.len()))
            .rev()
            .find(|at| text.is_char_boundary(*at))
            .unwrap_or(0);
        text[start..].chars().take(140).collect::<String>()
    };
    format!("  Nix:     …{}\n  nixpact: …{}\n", around(expected), around(found))
}

#[test]
fn values_are_those_of_real_nix() {
    let (root, all) = support::cases();
    let mut report = String::new();
    for case in &all {
        let expected = std::fs::read_to_string(case.with_extension("exp")).unwrap_or_default();
        let expected = expected.trim_end();
        let name = case.file_name().unwrap().to_str().unwrap().to_owned();
        let found = evaluate(name, std::fs::read_to_string(case).unwrap());
        let agree = match expected {
            "error" => found.starts_with("error"),
            _ => expected == found,
        };
        if !agree {
            let name = case.strip_prefix(&root).unwrap().display();
            write!(report, "{name}\n{}", difference(expected, &found)).unwrap();
        }
    }
    assert!(report.is_empty(), "\n{report}");
    assert!(!all.is_empty(), "the cases are not there");
}
