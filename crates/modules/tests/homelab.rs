//! What the homelab's own collector computes, against real Nix.
//!
//! `test-flakes/homelab/expected/` holds the values of the options that real Nix gave. Whatever is
//! known here must be the same there; what is not known is counted.

use std::collections::BTreeMap;
use std::path::Path;

use bumpalo::Bump;
use nixpact_eval::{Evaluator, Limits, Piece, Thunk, Value};
use nixpact_source::Sources;
use nixpact_syntax::Asts;
use nixpact_syntax::Symbol;
use serde_json::Value as Json;

#[derive(Default)]
struct Tally {
    known: usize,
    unknown: usize,
    wrong: Vec<String>,
}

struct Comparison<'e, 'a> {
    ev: &'e Evaluator<'a>,
    tally: Tally,
}

impl<'a> Comparison<'_, 'a> {
    fn compare(&mut self, thunk: &'a Thunk<'a>, expected: &Json, path: &str) {
        let value = match self.ev.force(thunk) {
            Ok(value) => value,
            Err(nixpact_eval::Stop::Unknown(_)) => {
                self.tally.unknown += 1;
                return;
            }
            Err(error) => return self.wrong(path, &format!("{error:?}"), expected),
        };
        match (value, expected) {
            (Value::Attrs(attrs), Json::Object(object)) => {
                for attr in attrs.sorted() {
                    let path = format!("{path}.{}", attr.name);
                    match object.get(attr.name.as_str()) {
                        Some(expected) => self.compare(attr.value, expected, &path),
                        None => self.wrong(&path, "present", &Json::Null),
                    }
                }
                let missing = object.keys().filter(|key| attrs.get(Symbol::new(key)).is_none());
                match attrs.rest {
                    Some(_) => self.tally.unknown += missing.count(),
                    None => missing
                        .for_each(|key| self.wrong(path, "missing", &Json::from(key.as_str()))),
                }
            }
            (Value::List(list), Json::Array(items)) if list.rest.is_none() => {
                if list.items.len() != items.len() {
                    return self.wrong(path, &format!("{} members", list.items.len()), expected);
                }
                for (at, (item, expected)) in list.items.iter().zip(items).enumerate() {
                    self.compare(item, expected, &format!("{path}[{at}]"));
                }
            }
            // Members may stand anywhere among those that are not known.
            (Value::List(list), Json::Array(items)) if list.items.len() <= items.len() => {
                self.tally.unknown += 1;
            }
            (Value::Template(pieces), Json::String(text)) => {
                let mut rest = text.as_str();
                for piece in pieces {
                    if let Piece::Known(known) = piece {
                        match rest.find(known) {
                            Some(at) => rest = &rest[at + known.len()..],
                            None => return self.wrong(path, known, expected),
                        }
                    }
                }
                self.tally.unknown += 1;
            }
            (value, expected) => {
                let same = match (value, expected) {
                    (Value::Null, Json::Null) => true,
                    (Value::Bool(a), Json::Bool(b)) => a == *b,
                    (Value::Int(a), Json::Number(b)) => b.as_i64() == Some(a),
                    (Value::Str(a), Json::String(b)) => a == b,
                    // A path in the repository: JSON holds its place in the store.
                    (Value::Path(a), Json::String(b)) => b.ends_with(a),
                    _ => false,
                };
                match same {
                    true => self.tally.known += 1,
                    false => {
                        let shown = nixpact_eval::print(self.ev, thunk).unwrap_or_default();
                        self.wrong(path, &shown, expected);
                    }
                }
            }
        }
    }

    fn wrong(&mut self, path: &str, found: &str, expected: &Json) {
        self.tally.wrong.push(format!("{path}: {found}, expected {expected}"));
    }
}

fn options(directory: &Path) -> BTreeMap<String, Json> {
    let files = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    files
        .filter(|file| file.extension().is_some_and(|extension| extension == "json"))
        .map(|file| {
            let option = file.file_stem().unwrap().to_str().unwrap().to_owned();
            (option, serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap())
        })
        .collect()
}

#[test]
fn collector_outputs_are_those_of_real_nix() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../test-flakes/homelab");
    let expected = options(&root.join("expected"));
    let run = move || {
        let sources = Sources::load(&root, |_| false).unwrap();
        let asts = Asts::of(&sources);
        let arena = Bump::new();
        let groups = nixpact_modules::GROUPS;
        let ev = Evaluator::new(&arena, &sources, &asts, groups, Limits::default());
        let hosts = nixpact_modules::flake_hosts(&ev, sources.id("flake.nix").unwrap()).unwrap();
        assert_eq!(hosts.known.len(), 1);
        let mut comparison = Comparison { ev: &ev, tally: Tally::default() };
        for (option, expected) in &expected {
            let mut value = hosts.known[0].universe.config(&ev);
            for name in option.split('.') {
                value = match ev.select(ev.force(value).unwrap(), Symbol::new(name)) {
                    Ok(Some(value)) => value,
                    other => panic!("{option}: no {name}: {:?}", other.err()),
                };
            }
            comparison.compare(value, expected, option);
        }
        comparison.tally
    };
    let stack = nixpact_eval::STACK_BYTES;
    let tally = std::thread::Builder::new().stack_size(stack).spawn(run).unwrap().join().unwrap();
    assert!(tally.wrong.is_empty(), "{:#?}", tally.wrong);
    let known = tally.known as f64 / (tally.known + tally.unknown) as f64;
    assert!(known > 0.8, "{} known, {} unknown", tally.known, tally.unknown);
}
