//! The cases of the language and of `lib` with a [doubt](support::doubts) in one place: what is known all the same must
//! be the value of the text without one. `NIXPACT_CASES` names another folder of cases.

mod support;

use bumpalo::Bump;
use nixpact_eval::{Eval, Evaluator, Limits, STACK_BYTES, Value};
use nixpact_source::Sources;
use nixpact_syntax::Asts;
use support::doubts;
use support::holds::{self, holds};

/// Fails where `tryEval` says that something did: what is not known is taken not to fail.
const NO_TRY: &str = "(value: builtins.seq value { success = true; inherit value; })";

/// What does not hold of the value of a text, if something does not that is known of the other one's.
fn difference(certain: &str, doubted: &str) -> Option<String> {
    let text = |text: &str| text.replace("builtins.tryEval", NO_TRY);
    let sources = Sources::from_memory([
        ("certain/default.nix".to_owned(), text(certain)),
        ("doubted/default.nix".to_owned(), text(doubted)),
    ]);
    let asts = Asts::of(&sources);
    let arena = Bump::new();
    let ev = Evaluator::new(&arena, &sources, &asts, &[], Limits::default());
    let value = |name: &str| -> Eval<'_> {
        let value = ev.force(ev.file(sources.id(name).unwrap()))?;
        if !value.is_function() {
            return Ok(value);
        }
        let lib = ev.attr("lib", ev.value(ev.lib()));
        ev.call(value, ev.value(Value::Attrs(ev.attrs(vec![lib]))))
    };
    let (certain, doubted) = (value("certain/default.nix"), value("doubted/default.nix"));
    (!holds(&ev, doubted, certain)).then(|| holds::difference(&ev, doubted, certain))
}

fn check() -> Vec<String> {
    let (root, all) = support::cases();
    let every = doubts::every(97);
    let (mut number, mut wrong) = (0, Vec::new());
    for case in &all {
        let text = std::fs::read_to_string(case).unwrap();
        for doubted in doubts::doubts(&text) {
            number += 1;
            if number % every != 0 || !doubted.parses() {
                continue;
            }
            if let Some(difference) = difference(&text, &doubted.text) {
                let name = case.strip_prefix(&root).unwrap().display();
                wrong.push(format!("{name} {doubted}\n  {difference}"));
            }
        }
    }
    assert!(number > 0, "the cases are not there");
    wrong
}

#[test]
fn what_is_known_in_doubt_is_true() {
    let wrong = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(check).unwrap().join();
    let wrong = wrong.unwrap();
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
