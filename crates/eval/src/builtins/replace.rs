//! `builtins.replaceStrings`

use super::Args;
use crate::coerce::{Coercion, Text};
use crate::evaluator::Evaluator;
use crate::place::Place;
use crate::thunk::Thunk;
use crate::trees::is_outside;
use crate::unknown::{ErrorKind, Eval};
use crate::value::{Piece, Value};

/// A string that is looked for, or in which others are.
enum Part<'a> {
    Known(&'a str),
    Placed(Placed<'a>),
}

/// A string that begins with where a tree, or a copy of a part of it, lies.
struct Placed<'a> {
    start: Piece<'a>,
    rest: String,
}

impl<'a> Part<'a> {
    fn of(ev: &Evaluator<'a>, thunk: &'a Thunk<'a>) -> Eval<'a, Part<'a>> {
        if let Value::Template(pieces) = ev.force(thunk)?
            && let Some(placed) = Placed::of(pieces)
        {
            return Ok(Part::Placed(placed));
        }
        ev.force_str(thunk).map(Part::Known)
    }

    /// Whether `text` begins with this, as far as what is known of the places tells.
    fn begins(&self, text: &Placed<'a>) -> Option<bool> {
        match self {
            // A place begins with a slash.
            Part::Known(part) => (!part.is_empty() && !part.starts_with('/')).then_some(false),
            Part::Placed(part) => {
                part.is_beside(text).then(|| text.rest.starts_with(part.rest.as_str()))
            }
        }
    }
}

impl<'a> Placed<'a> {
    fn of(pieces: &[Piece<'a>]) -> Option<Placed<'a>> {
        match pieces {
            [start @ Piece::Copy(_)] => Some(Placed { start: *start, rest: String::new() }),
            [start @ Piece::Copy(_), Piece::Known(rest)] => {
                Some(Placed { start: *start, rest: (*rest).to_owned() })
            }
            _ => {
                let place = Place::of(pieces)?;
                Some(Placed { start: place.start(), rest: place.rest })
            }
        }
    }

    fn is_beside(&self, other: &Placed<'a>) -> bool {
        match (self.start, other.start) {
            (Piece::Copy(a), Piece::Copy(b)) | (Piece::Location(a), Piece::Location(b)) => a == b,
            _ => false,
        }
    }

    /// Whether it surely stands nowhere in a text.
    fn is_apart(&self, ev: &Evaluator<'a>, text: &str) -> bool {
        if !text.contains('/') {
            return true;
        }
        let is_stored = match self.start {
            Piece::Copy(_) => true,
            // A flake is evaluated in the store.
            Piece::Location(path) => is_outside(path) || ev.sources.id("flake.nix").is_some(),
            _ => false,
        };
        is_stored && !text.contains("/store/")
    }
}

pub(crate) fn replace_strings<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let items = ev.force_items(args[0])?;
    let to = ev.force_items(args[1])?;
    if items.len() != to.len() {
        return ev.error(
            ErrorKind::Other,
            "'from' and 'to' arguments passed to builtins.replaceStrings have different lengths",
        );
    }
    let from = items.iter().map(|item| Part::of(ev, item)).collect::<Result<Vec<_>, _>>()?;
    let mut result = Text::new(ev);
    let replace = |result: &mut Text<'_, 'a>, index: usize| match ev.force(to[index])? {
        value @ (Value::Str(_) | Value::Template(_)) => {
            result.push(Ok(value), Coercion::Interpolation)
        }
        other => ev.type_error(other, "a string"),
    };
    let text = match Part::of(ev, args[2])? {
        Part::Known(text) => text,
        Part::Placed(text) => {
            let mut parts = from.iter().enumerate();
            let first = parts.find(|(_, part)| part.begins(&text) != Some(false));
            match first {
                Some((index, Part::Placed(found))) if found.is_beside(&text) => {
                    replace(&mut result, index)?;
                    ev.arena.alloc_str(&text.rest[found.rest.len()..])
                }
                // What is looked for may stand in the place.
                _ => return ev.force_str(args[2]).map(Value::Str),
            }
        }
    };
    let mut patterns = Vec::with_capacity(from.len());
    for (index, part) in from.iter().enumerate() {
        match part {
            Part::Known(pattern) => patterns.push((*pattern, index)),
            Part::Placed(placed) if placed.is_apart(ev, text) => {}
            Part::Placed(_) => return ev.force_str(items[index]).map(Value::Str),
        }
    }
    if !text.is_ascii() && patterns.iter().any(|(pattern, _)| pattern.is_empty()) {
        return ev.unsupported("replacing between the bytes of a character");
    }
    let mut at = 0;
    // One position past the end, where an empty pattern matches too.
    while at <= text.len() {
        let rest = &text[at..];
        if let Some((pattern, index)) = patterns.iter().find(|(it, _)| rest.starts_with(it)) {
            replace(&mut result, *index)?;
            at += pattern.len();
            if !pattern.is_empty() {
                continue;
            }
        }
        // Nix moves on by a byte; between the bytes of one character nothing can match.
        match text[at..].chars().next() {
            Some(c) => {
                result.push_str(c.encode_utf8(&mut [0; 4]));
                at += c.len_utf8();
            }
            None => break,
        }
    }
    Ok(result.finish())
}
