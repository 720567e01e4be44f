//! `match` and `split`.
//!
//! Nix hands its patterns to `std::regex` in the POSIX extended syntax, and libstdc++ has its own idea of
//! which groups match what. So this is that algorithm, and not the `regex` crate.

mod automaton;
mod pattern;
mod plain;

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::{Args, Builtin};
use crate::evaluator::Evaluator;
use crate::place::{Place, in_store};
use crate::unknown::{ErrorKind, Eval, Limit, Reason, Stop};
use crate::value::Value;
use automaton::{Automaton, Match, Mode};

pub(super) const TABLE: &[Builtin] = &[
    Builtin { name: "match", arity: 2, run: match_whole },
    Builtin { name: "split", arity: 2, run: split },
];

/// Why a pattern cannot be used.
enum Problem {
    /// Nix refuses it too.
    Invalid,
    /// It has something that nixpact does not have.
    Unsupported(&'static str),
    /// It would take too long.
    Limit,
}

/// The patterns that were used last: a type's is asked for once for every value.
#[derive(Default)]
pub(crate) struct Compiled<'a>(RefCell<FxHashMap<&'a str, Rc<Automaton>>>);

/// More patterns at a time are made by a program.
const MAX_COMPILED: usize = 64;

fn compile<'a>(ev: &Evaluator<'a>, pattern: &'a str) -> Eval<'a, Rc<Automaton>> {
    if let Some(known) = ev.patterns.0.borrow().get(pattern) {
        return Ok(known.clone());
    }
    let automaton = pattern::parse(pattern.as_bytes()).and_then(|parsed| Automaton::new(&parsed));
    let automaton = Rc::new(automaton.map_err(|problem| stop(ev, &problem, pattern))?);
    let mut known = ev.patterns.0.borrow_mut();
    if known.len() >= MAX_COMPILED {
        known.clear();
    }
    known.insert(pattern, automaton.clone());
    Ok(automaton)
}

fn stop<'a>(ev: &Evaluator<'a>, problem: &Problem, pattern: &str) -> Stop<'a> {
    match problem {
        Problem::Invalid => {
            let message = format!("invalid regular expression '{pattern}'");
            ev.error_stop(ErrorKind::Other, message)
        }
        Problem::Unsupported(what) => ev.unknown(Reason::Unsupported(what), None),
        Problem::Limit => ev.unknown(Reason::Limit(Limit::Steps), None),
    }
}

fn match_whole<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let pattern = ev.force_str(args[0])?;
    let automaton = compile(ev, pattern)?;
    let run = |text: &[u8]| {
        automaton.run(text, 0, Mode::Whole).map_err(|problem| stop(ev, &problem, pattern))
    };
    let matched = |text: &'a str| {
        let found = run(text.as_bytes())?;
        Ok(found.map_or(Value::Null, |found| groups(ev, text, &found)))
    };
    if let Value::Template(pieces) = ev.force(args[1])?
        && let Some(stored) = in_store(ev, pieces)
    {
        // Wherever it lies, it does not match.
        if run(&stored)?.is_none() {
            return Ok(Value::Null);
        }
        // What `.*` takes at first says nothing of the groups behind it.
        if let Some(place) = Place::of(pieces)
            && automaton.begins_anyhow
            && run(place.rest.as_bytes())?.is_some()
        {
            return matched(ev.arena.alloc_str(&place.rest));
        }
        return Err(ev.template_unknown(pieces));
    }
    matched(ev.force_str(args[1])?)
}

/// Whether a pattern matches itself alone.
fn is_literal(pattern: &str) -> bool {
    !pattern.is_empty() && pattern.bytes().all(|c| c.is_ascii_alphanumeric() || b"/_-".contains(&c))
}

/// What the groups of the pattern matched, `null` for those that took no part.
fn groups<'a>(ev: &Evaluator<'a>, text: &'a str, found: &Match) -> Value<'a> {
    let groups: Vec<_> = found.groups[1..]
        .iter()
        .map(|group| match *group {
            Some((start, end)) => part(ev, text, start, end),
            None => ev.value(Value::Null),
        })
        .collect();
    ev.list(&groups)
}

fn part<'a>(ev: &Evaluator<'a>, text: &'a str, start: usize, end: usize) -> &'a crate::Thunk<'a> {
    match text.get(start..end) {
        Some(part) => ev.value(Value::Str(part)),
        None => ev.lazy(|ev| ev.unsupported("a match that cuts a character")),
    }
}

fn split<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let pattern = ev.force_str(args[0])?;
    let automaton = compile(ev, pattern)?;
    if let Value::Template(pieces) = ev.force(args[1])?
        && is_literal(pattern)
        && let Some(parts) = ev.split_place(pieces, pattern)
    {
        let none = ev.value(ev.list(&[]));
        let between = parts[1..].iter().flat_map(|part| [none, part]);
        return Ok(ev.list(&parts[..1].iter().copied().chain(between).collect::<Vec<_>>()));
    }
    let text = ev.force_str(args[1])?;
    let (mut parts, mut last) = (Vec::new(), 0);
    let mut next = automaton.search(text.as_bytes(), 0);
    loop {
        let found = match next {
            Ok(Some(found)) => found,
            Ok(None) => break,
            Err(problem) => return Err(stop(ev, &problem, pattern)),
        };
        let (start, end) = found.whole();
        parts.push(part(ev, text, last, start));
        parts.push(ev.value(groups(ev, text, &found)));
        last = end;
        next = automaton.search_after(text.as_bytes(), start, end);
    }
    parts.push(part(ev, text, last, text.len()));
    Ok(ev.list(&parts))
}
