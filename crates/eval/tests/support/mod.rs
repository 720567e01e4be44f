//! Evaluates a few files that are held in memory.
#![allow(dead_code, reason = "each test uses a part of it")]

pub mod doubts;
pub mod holds;

use bumpalo::Bump;
use nixpact_eval::{Evaluator, Limits, STACK_BYTES, Stop, Thunk, print};
use nixpact_source::Sources;
use nixpact_syntax::Asts;

/// The value as it is printed; an error as its message.
pub fn printed(files: Vec<(String, String)>, limits: Limits) -> String {
    with_value(files, limits, |ev, value| match print(ev, value) {
        Ok(text) => text,
        Err(Stop::Error(error)) => format!("error: {}", error.message),
        Err(Stop::Unknown(unknown)) => format!("unknown: {}", unknown.reason),
    })
}

/// What `ask` finds out about the value of the file `default.nix` among `files`.
pub fn with_value<T: Send + 'static>(
    files: Vec<(String, String)>,
    limits: Limits,
    ask: impl for<'a> FnOnce(&Evaluator<'a>, &'a Thunk<'a>) -> T + Send + 'static,
) -> T {
    let run = move || {
        let sources = Sources::from_memory(files);
        let asts = Asts::of(&sources);
        let arena = Bump::new();
        let evaluator = Evaluator::new(&arena, &sources, &asts, &[], limits);
        ask(&evaluator, evaluator.file(sources.id("default.nix").unwrap()))
    };
    std::thread::Builder::new().stack_size(STACK_BYTES).spawn(run).unwrap().join().unwrap()
}
