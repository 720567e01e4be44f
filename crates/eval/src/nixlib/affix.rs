//! `lib.strings`: what a string begins with, ends with, contains. A string that is known in part may
//! still have a known answer.

use std::borrow::Cow;

use super::common::{attribute, known};
use crate::builtins::{Args, Builtin};
use crate::coerce::{Coercion, Text};
use crate::evaluator::Evaluator;
use crate::place::{Place, contains, in_store, name_of_copy};
use crate::thunk::Thunk;
use crate::unknown::Eval;
use crate::value::{Piece, Value};

/// The pieces of a string; an unknown value is one unknown piece.
pub(super) fn pieces<'a>(
    ev: &Evaluator<'a>,
    text: Eval<'a>,
    coercion: Coercion,
) -> Eval<'a, &'a [Piece<'a>]> {
    let mut all = Text::new(ev);
    all.push(text, coercion)?;
    Ok(match all.finish() {
        Value::Template(pieces) => pieces,
        Value::Str(text) => ev.arena.alloc_slice_copy(&[Piece::Known(text)]),
        _ => &[],
    })
}

/// The string of some pieces.
pub(super) fn text<'a>(ev: &Evaluator<'a>, pieces: &[Piece<'a>]) -> Value<'a> {
    let mut all = Text::new(ev);
    pieces.iter().for_each(|piece| all.push_piece(*piece));
    all.finish()
}

/// The piece that decides about an end of a string, as far as it is known.
fn end<'a>(piece: Option<&Piece<'a>>) -> &'a str {
    match piece {
        Some(Piece::Known(text)) => text,
        _ => "",
    }
}

/// What a string surely ends with. The copy of a path in the store ends with its name, behind a hash.
fn tail<'a>(pieces: &[Piece<'a>]) -> Cow<'a, str> {
    if let Some(place) = Place::of(pieces) {
        return place.rest.into();
    }
    match pieces.last() {
        Some(last @ Piece::Location(_)) => match Place::of(&[*last]) {
            Some(place) => place.rest.into(),
            None => "".into(),
        },
        Some(Piece::Copy(path)) => {
            name_of_copy(path).map_or("".into(), |name| format!("-{name}").into())
        }
        last => end(last).into(),
    }
}

/// Whether `pieces` begin with `prefix`; a [`Stop`](crate::Stop) where that is not known.
fn begins<'a>(ev: &Evaluator<'a>, prefix: &str, pieces: &[Piece<'a>]) -> Eval<'a, bool> {
    let start = match pieces.first() {
        Some(Piece::Location(_) | Piece::Copy(_)) => "/",
        first => end(first),
    };
    let length = prefix.len().min(start.len());
    if start.as_bytes()[..length] != prefix.as_bytes()[..length] {
        return Ok(false);
    }
    if length == prefix.len() {
        return Ok(true);
    }
    if whole(pieces) { Ok(false) } else { Err(ev.template_unknown(pieces)) }
}

fn ends<'a>(ev: &Evaluator<'a>, suffix: &str, pieces: &[Piece<'a>]) -> Eval<'a, bool> {
    let last = tail(pieces);
    let length = suffix.len().min(last.len());
    if last.as_bytes()[last.len() - length..] != suffix.as_bytes()[suffix.len() - length..] {
        return Ok(false);
    }
    if length == suffix.len() {
        return Ok(true);
    }
    if whole(pieces) { Ok(false) } else { Err(ev.template_unknown(pieces)) }
}

/// Whether nothing of the string is unknown.
fn whole(pieces: &[Piece<'_>]) -> bool {
    matches!(pieces, [] | [Piece::Known(_)])
}

/// The first argument. Of a path these functions warn, and answer what depends on the store; a set is never
/// equal to what the other argument begins or ends with.
fn affix<'a>(ev: &Evaluator<'a>, affix: &'a Thunk<'a>) -> Eval<'a, Option<&'a str>> {
    match ev.force(affix)? {
        Value::Path(_) | Value::Attrs(_) => Ok(None),
        _ => ev.coerce_str(affix, Coercion::Interpolation).map(Some),
    }
}

fn is_no_string<'a>(ev: &Evaluator<'a>) -> Eval<'a> {
    ev.unsupported("a path or a set where a string is meant")
}

/// The first argument where it begins where a tree lies, and the second where it begins there, too.
fn places<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a, Option<(Place<'a>, Place<'a>)>> {
    let place = |thunk| {
        Ok(match ev.force(thunk)? {
            Value::Template(pieces) => Place::of(pieces),
            _ => None,
        })
    };
    let Some(affix) = place(args[0])? else { return Ok(None) };
    Ok(place(args[1])?.filter(|text| text.is_beside(&affix)).map(|text| (affix, text)))
}

pub(super) fn has_prefix<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    if let Some((prefix, text)) = places(ev, args)? {
        return Ok(Value::Bool(text.rest.starts_with(&prefix.rest)));
    }
    let Some(prefix) = affix(ev, args[0])? else { return is_no_string(ev) };
    let pieces = pieces(ev, ev.force(args[1]), Coercion::Interpolation)?;
    Ok(Value::Bool(begins(ev, prefix, pieces)?))
}

pub(super) fn has_suffix<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let Some(suffix) = affix(ev, args[0])? else { return is_no_string(ev) };
    let pieces = pieces(ev, ev.force(args[1]), Coercion::Interpolation)?;
    Ok(Value::Bool(ends(ev, suffix, pieces)?))
}

pub(super) fn has_infix<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let Some(infix) = affix(ev, args[0])? else { return is_no_string(ev) };
    let pieces = pieces(ev, ev.force(args[1]), Coercion::Interpolation)?;
    let found =
        pieces.iter().any(|piece| end(Some(piece)).contains(infix)) || tail(pieces).contains(infix);
    if !found && !whole(pieces) {
        let decided = in_store(ev, pieces).and_then(|bytes| contains(&bytes, infix.as_bytes()));
        return decided.map(Value::Bool).ok_or_else(|| ev.template_unknown(pieces));
    }
    Ok(Value::Bool(found))
}

pub(super) fn remove_prefix<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    if let Some((prefix, text)) = places(ev, args)? {
        return match text.rest.strip_prefix(&prefix.rest) {
            Some(rest) => Ok(ev.str(rest)),
            None => ev.force(args[1]),
        };
    }
    let Some(prefix) = affix(ev, args[0])? else { return is_no_string(ev) };
    let pieces = pieces(ev, Ok(ev.force(args[1])?), Coercion::Interpolation)?;
    if !begins(ev, prefix, pieces)? {
        return ev.force(args[1]);
    }
    match pieces {
        [Piece::Known(first), others @ ..] => {
            Ok(text(ev, &[&[Piece::Known(&first[prefix.len()..])], others].concat()))
        }
        _ if prefix.is_empty() => Ok(text(ev, pieces)),
        _ => Err(ev.template_unknown(pieces)),
    }
}

pub(super) fn remove_suffix<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let Some(suffix) = affix(ev, args[0])? else { return is_no_string(ev) };
    let pieces = pieces(ev, Ok(ev.force(args[1])?), Coercion::Interpolation)?;
    if !ends(ev, suffix, pieces)? {
        return ev.force(args[1]);
    }
    match pieces {
        [others @ .., Piece::Known(last)] => {
            let kept = &last[..last.len() - suffix.len()];
            Ok(text(ev, &[others, &[Piece::Known(kept)]].concat()))
        }
        _ if suffix.is_empty() => Ok(text(ev, pieces)),
        _ => {
            let kept =
                |place: Place<'a>| Some(place.with_rest(ev, place.rest.strip_suffix(suffix)?));
            Place::of(pieces).and_then(kept).ok_or_else(|| ev.template_unknown(pieces))
        }
    }
}

/// The sides are looked at with the first argument.
pub(super) fn trim_with<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    static TRIM: Builtin = Builtin { name: "trimWith", arity: 2, run: trim_sides };
    ev.refuse_others(ev.force_attrs(args[0])?, "trimWith", &["start", "end"])?;
    Ok(ev.partial(&TRIM, args))
}

fn trim_sides<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let options = Value::Attrs(ev.force_attrs(args[0])?);
    let side = |name| match attribute(ev, options, name)? {
        Some(side) => ev.force_bool(side),
        None => Ok(false),
    };
    trim(ev, args[1], side("start")?, side("end")?)
}

pub(super) fn trim<'a>(
    ev: &Evaluator<'a>,
    text: &'a Thunk<'a>,
    start: bool,
    end: bool,
) -> Eval<'a> {
    const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];
    let mut text = match known(ev.force_str(text))? {
        Ok(text) => text,
        Err(unknown) => return Err(crate::Stop::Unknown(unknown)),
    };
    if start {
        text = text.trim_start_matches(SPACE);
    }
    if end {
        text = text.trim_end_matches(SPACE);
    }
    Ok(Value::Str(text))
}
