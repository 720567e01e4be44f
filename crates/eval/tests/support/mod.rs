//! Evaluates a few files that are held in memory.
#![allow(dead_code, reason = "each test uses a part of it")]

pub mod doubts;
pub mod holds;

use std::path::{Path, PathBuf};

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

/// The folder of the cases, which `NIXPACT_CASES` may name, and their files in the order of their paths.
pub fn cases() -> (PathBuf, Vec<PathBuf>) {
    let given = std::env::var_os("NIXPACT_CASES").map(PathBuf::from);
    let root = given.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"));
    let mut all = Vec::new();
    nix_files(&root, &mut all);
    (root, all)
}

fn nix_files(directory: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> =
        std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            nix_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "nix") {
            found.push(path);
        }
    }
}
