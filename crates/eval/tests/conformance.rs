//! Runs Nix's own tests of its language, where `NIXPACT_NIX_TESTS` names the folder that holds
//! `eval-okay-*.nix` and `.exp` (`tests/functional/lang` of NixOS/nix). Without it nothing is run.
//!
//! A value may be unknown to nixpact, but never another one than Nix has.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use bumpalo::Bump;
use nixpact_eval::{Evaluator, Limits, STACK_BYTES, Stop, print};
use nixpact_source::Sources;
use nixpact_syntax::Asts;

enum Outcome {
    Value(String),
    Error(String),
    Unknown(String),
}

fn evaluate(sources: Arc<Sources>, name: String) -> Outcome {
    let run = move || {
        let asts = Asts::of(&sources);
        let file = sources.id(&name).unwrap();
        let ast = asts.get(file).unwrap();
        if !ast.errors.is_empty() {
            return Outcome::Error("a syntax error".to_owned());
        }
        let arena = Bump::new();
        let evaluator = Evaluator::new(&arena, &sources, &asts, &[], Limits::default());
        match print(&evaluator, evaluator.file(file)) {
            Ok(text) if text.contains("«unknown") || text.contains("«repository»") => {
                Outcome::Unknown(text)
            }
            Ok(text) => Outcome::Value(text),
            Err(Stop::Error(error)) => Outcome::Error(error.message.to_owned()),
            Err(Stop::Unknown(unknown)) => Outcome::Unknown(unknown.reason.to_string()),
        }
    };
    std::thread::Builder::new().stack_size(STACK_BYTES).spawn(run).unwrap().join().unwrap()
}

#[test]
fn the_tests_of_nix_pass() {
    let Some(root) = std::env::var_os("NIXPACT_NIX_TESTS") else { return };
    let root = Path::new(&root);
    let unreadable = |path: &str| std::fs::read_to_string(root.join(path)).is_err();
    let sources = Arc::new(Sources::load(root, unreadable).unwrap());
    let (mut passed, mut unknown, mut wrong) = (0, String::new(), String::new());
    for file in sources.files() {
        let name = &file.path;
        let expected = |ending: &str| {
            std::fs::read_to_string(root.join(name).with_extension(ending))
                .map(|text| text.trim_end().to_owned())
                .ok()
        };
        if expected("flags").is_some() {
            continue;
        }
        let fails = name.starts_with("eval-fail-");
        let value = if name.starts_with("eval-okay-") { expected("exp") } else { None };
        if value.as_ref().is_none_or(|value| value.contains("«repeated»")) && !fails {
            continue;
        }
        match evaluate(sources.clone(), name.clone()) {
            Outcome::Value(found) if value.as_ref() == Some(&found) => passed += 1,
            Outcome::Error(_) if fails => passed += 1,
            Outcome::Unknown(why) => writeln!(unknown, "  {name}: {why:.200}").unwrap(),
            Outcome::Value(found) => {
                let wanted = value.as_deref().unwrap_or("an error");
                writeln!(wrong, "{name}\n  Nix:     {wanted}\n  nixpact: {found}").unwrap();
            }
            Outcome::Error(found) => writeln!(wrong, "{name}\n  nixpact fails: {found}").unwrap(),
        }
    }
    let count = unknown.lines().count();
    std::io::stderr()
        .write_all(format!("{passed} passed, {count} unknown:\n{unknown}").as_bytes())
        .unwrap();
    assert!(wrong.is_empty(), "\n{wrong}");
}
