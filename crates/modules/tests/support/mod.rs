//! Compares values with what real Nix computed.

#![allow(dead_code, reason = "each test uses a part of it")]

pub mod cases;
#[path = "../../../eval/tests/support/holds.rs"]
mod holds;

use nixpact_eval::{Evaluator, Piece, Stop, Thunk, Value};
use nixpact_syntax::Symbol;
use serde_json::Value as Json;

/// What stands in expected data where Nix gives an error.
const ERROR: &str = "«error»";
const FUNCTION: &str = "«function»";
const PATH: &str = "«path»";

#[derive(Default)]
pub struct Tally {
    pub known: usize,
    pub unknown: usize,
    pub wrong: Vec<String>,
}

/// How `golden.nix` shows a name.
fn json_name(name: Symbol) -> String {
    match name.as_str() {
        special @ ("outPath" | "__toString") => format!("«{special}»"),
        name => name.to_owned(),
    }
}

/// Whether nothing in a value is unknown or an error.
fn is_known<'a>(ev: &Evaluator<'a>, thunk: &'a Thunk<'a>, depth: usize) -> bool {
    match ev.force(thunk) {
        Ok(Value::Attrs(attrs)) => {
            let mut values = attrs.unordered().iter();
            attrs.rest.is_none() && depth < 20 && values.all(|a| is_known(ev, a.value, depth + 1))
        }
        Ok(Value::List(list)) => {
            list.rest.is_none() && list.items.iter().all(|item| is_known(ev, item, depth + 1))
        }
        Ok(_) => true,
        Err(_) => false,
    }
}

/// Adds what is known of `thunk` to the tally: it must be as `expected`.
pub fn compare<'a>(
    ev: &Evaluator<'a>,
    thunk: &'a Thunk<'a>,
    expected: &Json,
    path: &str,
    tally: &mut Tally,
) {
    let value = match ev.force(thunk) {
        Ok(value) => value,
        Err(Stop::Unknown(_)) => {
            tally.unknown += 1;
            return;
        }
        Err(Stop::Error(_)) if expected == ERROR => {
            tally.known += 1;
            return;
        }
        Err(error) => {
            tally.wrong.push(format!("{path}: {error:?}, expected {expected}"));
            return;
        }
    };
    match (value, expected) {
        (Value::Attrs(_) | Value::List(_), expected) if expected == ERROR => {
            // What Nix refuses as a whole may be known in part.
            match is_known(ev, thunk, 0) {
                true => {
                    let shown = nixpact_eval::print(ev, thunk).unwrap_or_default();
                    tally.wrong.push(format!("{path}: {shown}, expected an error"));
                }
                false => tally.unknown += 1,
            }
        }
        (Value::Attrs(attrs), Json::Object(object)) => {
            for attr in attrs.sorted() {
                let path = format!("{path}.{}", attr.name);
                match object.get(&json_name(attr.name)) {
                    Some(expected) => compare(ev, attr.value, expected, &path, tally),
                    None => tally.wrong.push(format!("{path}: present, expected nothing")),
                }
            }
            let names: Vec<_> = attrs.sorted().iter().map(|attr| json_name(attr.name)).collect();
            let missing = object.keys().filter(|key| !names.contains(key));
            match attrs.rest {
                Some(_) => tally.unknown += missing.count(),
                None => {
                    let missing = missing.map(|key| format!("{path}.{key}: missing"));
                    tally.wrong.extend(missing);
                }
            }
            // An empty set is a value as well.
            tally.known += usize::from(object.is_empty());
        }
        (Value::List(list), Json::Array(items)) if list.rest.is_none() => {
            if list.items.len() != items.len() {
                let shown = nixpact_eval::print(ev, thunk).unwrap_or_default();
                tally.wrong.push(format!("{path}: {shown}, expected {expected}"));
                return;
            }
            for (at, (item, expected)) in list.items.iter().zip(items).enumerate() {
                compare(ev, item, expected, &format!("{path}[{at}]"), tally);
            }
            tally.known += usize::from(items.is_empty());
        }
        // Members may stand anywhere among those that are not known, but in their order.
        (Value::List(list), Json::Array(items)) => {
            let mut rest = items.iter();
            let found = |item: &'a Thunk<'a>, expected: &Json| {
                let mut attempt = Tally::default();
                compare(ev, item, expected, path, &mut attempt);
                attempt.wrong.is_empty()
            };
            for item in list.items {
                if !rest.any(|expected| found(item, expected)) {
                    let shown = nixpact_eval::print(ev, item).unwrap_or_default();
                    tally.wrong.push(format!("{path}: {shown} is not in {expected}"));
                }
            }
            tally.unknown += 1;
        }
        (Value::Template(pieces), Json::String(text)) => {
            let mut rest = text.as_str();
            for piece in pieces {
                if let Piece::Known(known) = piece {
                    match rest.find(known) {
                        Some(at) => rest = &rest[at + known.len()..],
                        None => {
                            tally.wrong.push(format!("{path}: {known}, expected {expected}"));
                            return;
                        }
                    }
                }
            }
            tally.unknown += 1;
        }
        (value, expected) => {
            let same = match (value, expected) {
                (Value::Null, Json::Null) => true,
                (Value::Bool(a), Json::Bool(b)) => a == *b,
                (Value::Int(a), Json::Number(b)) => b.as_i64() == Some(a),
                (Value::Float(a), Json::Number(b)) => b.as_f64() == Some(a),
                (Value::Str(a), Json::String(b)) => a == b,
                (Value::Lambda(_) | Value::Builtin(_), Json::String(b)) => b == FUNCTION,
                // A path in the repository: JSON holds its place in the store.
                (Value::Path(a), Json::String(b)) => b == PATH || b.ends_with(a),
                _ => false,
            };
            match same {
                true => tally.known += 1,
                false => {
                    let shown = nixpact_eval::print(ev, thunk);
                    let shown = shown.unwrap_or_else(|stop| format!("{stop:?}"));
                    tally.wrong.push(format!("{path}: {shown}, expected {expected}"));
                }
            }
        }
    }
}
