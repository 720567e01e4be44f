//! Strings.

use super::{Args, Builtin, replace};
use crate::coerce::{Coercion, Text};
use crate::evaluator::Evaluator;
use crate::place::Place;
use crate::thunk::Thunk;
use crate::trees::is_tree;
use crate::unknown::{ErrorKind, Eval};
use crate::value::{Piece, Value};

pub(super) const TABLE: &[Builtin] = &[
    Builtin { name: "baseNameOf", arity: 1, run: base_name_of },
    Builtin { name: "concatStringsSep", arity: 2, run: concat_strings_sep },
    Builtin { name: "dirOf", arity: 1, run: dir_of },
    Builtin { name: "replaceStrings", arity: 3, run: replace::replace_strings },
    Builtin { name: "stringLength", arity: 1, run: string_length },
    Builtin { name: "substring", arity: 3, run: substring },
    Builtin { name: "toPath", arity: 1, run: to_path },
    Builtin { name: "toString", arity: 1, run: to_string },
];

fn to_string<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    ev.to_string_value(ev.force(args[0]))
}

/// A path as a string, without `.` and `..`.
fn to_path<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let path = ev.to_path(ev.force(args[0])?)?;
    ev.to_string_value(Ok(Value::Path(path)))
}

pub(crate) fn concat_strings_sep<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let separator = ev.force_str(args[0])?;
    let list = ev.force_list(args[1])?;
    let mut text = Text::new(ev);
    for (at, item) in list.items.iter().enumerate() {
        if at > 0 {
            text.push_str(separator);
        }
        text.push(ev.force(item), Coercion::Interpolation)?;
    }
    if let Some(rest) = list.rest {
        // Members may stand anywhere.
        return Ok(Value::Template(ev.arena.alloc_slice_copy(&[Piece::Unknown(rest)])));
    }
    Ok(text.finish())
}

fn string_length<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    Ok(Value::Int(ev.coerce_str(args[0], Coercion::Interpolation)?.len() as i64))
}

fn substring<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let start = ev.force_int(args[0])?;
    let length = ev.force_int(args[1])?;
    let Ok(start) = usize::try_from(start) else {
        return ev.error(ErrorKind::Other, "negative start position in 'substring'");
    };
    let text = match known_start(ev, args[2])? {
        Some(text) if length >= 0 && start.saturating_add(length as usize) <= text.len() => text,
        _ => ev.coerce_str(args[2], Coercion::Interpolation)?,
    };
    let start = start.min(text.len());
    let end = match usize::try_from(length) {
        Ok(length) => start.saturating_add(length).min(text.len()),
        Err(_) => text.len(),
    };
    match text.get(start..end) {
        Some(part) => Ok(Value::Str(part)),
        // Nix counts bytes and may cut a character in two; such a string cannot be held here.
        None => ev.unsupported("a substring that cuts a character"),
    }
}

/// What a partly known string begins with.
fn known_start<'a>(ev: &Evaluator<'a>, text: &'a Thunk<'a>) -> Eval<'a, Option<&'a str>> {
    match ev.force(text)? {
        Value::Template([Piece::Known(start), ..]) => Ok(Some(start)),
        _ => Ok(None),
    }
}

fn base_name_of<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    if let Value::Template(pieces) = ev.force(args[0])? {
        return ev.name_of(pieces);
    }
    let text = match ev.force(args[0])? {
        Value::Path("") => return ev.unsupported("the name of the repository's directory"),
        Value::Path(path) if is_tree(path) => return Err(ev.where_it_lies(path)),
        Value::Path(path) => path,
        _ => ev.coerce_str(args[0], Coercion::Interpolation)?,
    };
    let text = text.strip_suffix('/').unwrap_or(text);
    Ok(Value::Str(text.rsplit_once('/').map_or(text, |(_, name)| name)))
}

fn dir_of<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    match ev.force(args[0])? {
        Value::Path("") => Err(ev.unknown(crate::Reason::UnresolvedImport(".."), None)),
        Value::Path(path) if is_tree(path) => Err(ev.where_it_lies(path)),
        Value::Path(path) => Ok(Value::Path(match path.rsplit_once('/') {
            Some(("", _)) => "/",
            Some((directory, _)) => directory,
            None => "",
        })),
        Value::Template(pieces) => {
            let directory = Place::of(pieces).and_then(|place| place.directory(ev));
            directory.ok_or_else(|| ev.template_unknown(pieces))
        }
        _ => {
            let text = ev.coerce_str(args[0], Coercion::Interpolation)?;
            Ok(Value::Str(match text.rsplit_once('/') {
                Some(("", _)) => "/",
                Some((directory, _)) => directory,
                None => ".",
            }))
        }
    }
}
