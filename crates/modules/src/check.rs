//! Whether values are of a type.

use nixpact_eval::{Eval, Evaluator, Reason, Stop, Thunk, Value};
use nixpact_syntax::Symbol;

use crate::names;
use crate::property::{Definition, RawDefinition, discharge};
use crate::types::{Type, TypeRef};

/// A value that is surely not of its type.
pub struct Mismatch<'a> {
    /// The value itself, deep in a list or set where it stands there.
    pub value: &'a Thunk<'a>,
    pub expected: &'a Type<'a>,
    pub definition: Definition<'a>,
}

/// `type.check value`: like nixpkgs' it looks at lists and sets only from outside.
pub(crate) fn check<'a>(ev: &Evaluator<'a>, ty: &'a Type<'a>, value: Value<'a>) -> Eval<'a, bool> {
    let is_str = matches!(value, Value::Str(_) | Value::Template(_));
    Ok(match ty {
        Type::Anything | Type::Raw | Type::Unspecified => true,
        Type::Attrs | Type::AttrsOf { .. } => matches!(value, Value::Attrs(_)),
        Type::Bool | Type::BoolByOr => matches!(value, Value::Bool(_)),
        Type::CoercedTo { from, coerce, to } => {
            let to = to.get(ev);
            let coerced = check(ev, from.get(ev), value)? && {
                let argument = ev.value(value);
                let result = ev.call(ev.force(coerce)?, argument)?;
                check(ev, to, result)?
            };
            coerced || check(ev, to, value)?
        }
        Type::DeferredModule | Type::Submodule(_) => match value {
            Value::Attrs(_) | Value::Path(_) => true,
            Value::Str(text) => text.starts_with('/'),
            other => other.is_function(),
        },
        Type::Either(left, right) => {
            check_either(check(ev, left.get(ev), value), || check(ev, right.get(ev), value))?
        }
        Type::Enum(members) => {
            let items = ev.force_list(members)?;
            let mut unknown = items.rest;
            for item in items.items {
                match ev.force(item).and_then(|item| ev.equal(item, value)) {
                    Ok(true) => return Ok(true),
                    Ok(false) => {}
                    Err(Stop::Unknown(reason)) => unknown = unknown.or(Some(reason)),
                    Err(error) => return Err(error),
                }
            }
            return unknown.map_or(Ok(false), |reason| Err(Stop::Unknown(reason)));
        }
        Type::Float => matches!(value, Value::Float(_)),
        Type::FunctionTo => is_function(value),
        Type::Int => matches!(value, Value::Int(_)),
        Type::IntBetween { low, high, .. } => match value {
            Value::Int(number) => {
                low.is_none_or(|low| low <= number) && high.is_none_or(|high| number <= high)
            }
            _ => false,
        },
        Type::ListOf { non_empty, .. } => match value {
            Value::List(list) => !non_empty || list.rest.is_some() || !list.items.is_empty(),
            _ => false,
        },
        Type::NonEmptyStr => match value {
            Value::Str(text) => !text.trim_matches([' ', '\t', '\n']).is_empty(),
            Value::Template(_) => return unknown(ev, "a partly known string's pattern"),
            _ => false,
        },
        Type::NullOr(inner) => matches!(value, Value::Null) || check(ev, inner.get(ev), value)?,
        Type::Number => matches!(value, Value::Int(_) | Value::Float(_)),
        Type::Package => match value {
            Value::Attrs(attrs) => match (attrs.get(*names::TYPE), attrs.rest) {
                (Some(tag), _) => matches!(ev.force(tag.value)?, Value::Str("derivation")),
                (None, Some(rest)) => return Err(Stop::Unknown(rest)),
                (None, None) => attrs.get(Symbol::new("outPath")).is_some(),
            },
            // A store path, which only Nix knows.
            Value::Str(text) if text.starts_with("/nix/store/") => {
                return unknown(ev, "whether a string is a store path");
            }
            Value::Template(_) | Value::Path(_) => {
                return unknown(ev, "whether a string is a store path");
            }
            _ => false,
        },
        Type::Path => match value {
            Value::Path(_) => true,
            Value::Str(text) => text.starts_with('/'),
            Value::Template(pieces) => match pieces.first() {
                Some(nixpact_eval::Piece::Known(text)) => text.starts_with('/'),
                Some(nixpact_eval::Piece::Location(_)) => true,
                _ => return unknown(ev, "where a partly known string begins"),
            },
            Value::Attrs(attrs) => match (attrs.get(Symbol::new("outPath")), attrs.rest) {
                (Some(_), _) => true,
                (None, Some(rest)) => return Err(Stop::Unknown(rest)),
                (None, None) => false,
            },
            _ => false,
        },
        Type::SeparatedString(_) | Type::Str => is_str,
        Type::SingleLineStr => match value {
            Value::Str(text) => !text.strip_suffix('\n').unwrap_or(text).contains('\n'),
            Value::Template(_) => return unknown(ev, "a partly known string's pattern"),
            _ => false,
        },
        Type::StrMatching(_) if !is_str => false,
        Type::StrMatching(pattern) => {
            let pattern = ev.value(Value::Str(ev.arena.alloc_str(pattern)));
            let text = ev.value(value);
            !matches!(ev.builtin("match", &[pattern, text])?, Value::Null)
        }
        Type::Unique(inner) => check(ev, inner.get(ev), value)?,
        Type::Checked { base, check: predicate } => {
            check(ev, base, value)? && {
                match ev.call(ev.force(predicate)?, ev.value(value))? {
                    Value::Bool(answer) => answer,
                    other => return ev.type_error(other, "a Boolean"),
                }
            }
        }
        Type::Custom(attrs) => match attrs.get(*names::CHECK) {
            Some(predicate) => match ev.call(ev.force(predicate.value)?, ev.value(value))? {
                Value::Bool(answer) => answer,
                other => return ev.type_error(other, "a Boolean"),
            },
            None => true,
        },
        Type::Unknown(reason) => return Err(Stop::Unknown(reason)),
    })
}

fn is_function(value: Value<'_>) -> bool {
    value.is_function()
        || matches!(value, Value::Attrs(attrs) if attrs.get(Symbol::new("__functor")).is_some())
}

/// `left || right`, where a sure "yes" of the right side outweighs an unknown left one.
fn check_either<'a>(
    left: Eval<'a, bool>,
    right: impl FnOnce() -> Eval<'a, bool>,
) -> Eval<'a, bool> {
    match left {
        Ok(true) => Ok(true),
        Ok(false) => right(),
        Err(stop) => match right() {
            Ok(true) => Ok(true),
            _ => Err(stop),
        },
    }
}

fn unknown<'a, T>(ev: &Evaluator<'a>, what: &'a str) -> Eval<'a, T> {
    Err(ev.unknown(Reason::Unsupported(what), None))
}

/// Finds all values in a definition that are surely not of the type, as deep as they stand.
///
/// Values inside of submodules are left to the submodule's own options.
pub fn mismatches<'a>(
    ev: &Evaluator<'a>,
    ty: &'a TypeRef<'a>,
    definition: &Definition<'a>,
    out: &mut Vec<Mismatch<'a>>,
) {
    descend(ev, ty.get(ev), definition, out, 0);
}

/// Deeper values are not looked at.
const MAX_DEPTH: usize = 16;

fn descend<'a>(
    ev: &Evaluator<'a>,
    ty: &'a Type<'a>,
    definition: &Definition<'a>,
    out: &mut Vec<Mismatch<'a>>,
    depth: usize,
) {
    let Ok(value) = ev.force(definition.value) else { return };
    if depth > MAX_DEPTH {
        return;
    }
    match check(ev, ty, value) {
        Ok(true) => {}
        Ok(false) => {
            out.push(Mismatch { value: definition.value, expected: ty, definition: *definition });
            return;
        }
        Err(_) => return,
    }
    let mut member = |element: &'a TypeRef<'a>, value, span| {
        let raw = RawDefinition { span, ..RawDefinition::new(value, definition.file) };
        let mut inner = Vec::new();
        discharge(ev, &raw, &mut inner);
        for inner in &inner {
            descend(ev, element.get(ev), inner, out, depth + 1);
        }
    };
    match (ty.unchecked(), value) {
        (Type::ListOf { element, .. }, Value::List(list)) => {
            list.items.iter().for_each(|item| member(element, item, definition.span));
        }
        (Type::AttrsOf { element, .. }, Value::Attrs(attrs)) => {
            for attr in attrs.sorted() {
                member(element, attr.value, attr.span);
            }
        }
        (Type::NullOr(inner) | Type::Unique(inner), value) if !matches!(value, Value::Null) => {
            descend(ev, inner.get(ev), definition, out, depth + 1);
        }
        (Type::Either(left, right), value) => {
            let side = match check(ev, left.get(ev), value) {
                Ok(true) => left,
                Ok(false) => right,
                Err(_) => return,
            };
            descend(ev, side.get(ev), definition, out, depth + 1);
        }
        _ => {}
    }
}
