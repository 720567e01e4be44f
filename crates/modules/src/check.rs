//! Whether values are of a type.

use nixpact_eval::{Attrs, Eval, Evaluator, Piece, Reason, Stop, Thunk, Unknown, Value};
use nixpact_syntax::Symbol;

use crate::discharge::discharge;
use crate::names;
use crate::path::Path;
use crate::property::{Definition, RawDefinition};
use crate::slot::Slot;
use crate::types::{Tag, Type, TypeRef};

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
        Type::AttrTag(tags) => match value {
            Value::Attrs(attrs) => match (attrs.unordered(), attrs.rest) {
                ([one], None) => tags.get(one.name).is_some(),
                ([] | [_], Some(rest)) => return Err(Stop::Unknown(rest)),
                _ => false,
            },
            _ => false,
        },
        Type::Bool | Type::BoolByOr => matches!(value, Value::Bool(_)),
        Type::CoercedTo { from, coerce, to } => {
            let to = to.get(ev);
            let coerced = inside(ev, from.get(ev), value)? && {
                let argument = ev.value(value);
                let result = ev.call(ev.force(coerce)?, argument)?;
                inside(ev, to, result)?
            };
            coerced || inside(ev, to, value)?
        }
        Type::DeferredModule(_) | Type::Submodule(_) => match value {
            Value::Attrs(_) => true,
            other if other.is_function() => true,
            other => is_path(ev, other, Some(true), None)?,
        },
        Type::Either(left, right) => {
            check_either(inside(ev, left.get(ev), value), || inside(ev, right.get(ev), value))?
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
        Type::FunctionTo(_) => is_function(value),
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
        Type::NullOr(inner) => matches!(value, Value::Null) || inside(ev, inner.get(ev), value)?,
        Type::Number => matches!(value, Value::Int(_) | Value::Float(_)),
        Type::Package => match value {
            Value::Attrs(attrs) if is_derivation(ev, attrs)? => true,
            _ => is_store_path(ev, value)?,
        },
        Type::Path { absolute, in_store } => is_path(ev, value, *absolute, *in_store)?,
        Type::SeparatedString(_) | Type::Str => is_str,
        Type::SingleLineStr => match value {
            Value::Str(text) => !text.strip_suffix('\n').unwrap_or(text).contains(['\n', '\r']),
            Value::Template(_) => return unknown(ev, "a partly known string's pattern"),
            _ => false,
        },
        Type::StrMatching(_) if !is_str => false,
        Type::StrMatching(pattern) => {
            let pattern = ev.value(Value::Str(pattern));
            let text = ev.value(value);
            !matches!(ev.builtin("match", &[pattern, text])?, Value::Null)
        }
        Type::Tagged(tag) => {
            // An option of `options` is no declaration any more.
            let is_evaluated = |value| match (tag, value) {
                (Tag::OptionDeclaration, Value::Attrs(attrs)) => attrs.get(*names::VALUE).is_some(),
                _ => false,
            };
            is_tagged(ev, value, tag.text())? && !is_evaluated(value)
        }
        Type::Unique(inner) => inside(ev, inner.get(ev), value)?,
        Type::Checked { base, check: predicate, alone } => {
            (*alone || inside(ev, base, value)?) && {
                match ev.call(ev.force(predicate)?, ev.value(value))? {
                    Value::Bool(answer) => answer,
                    other => return ev.type_error(other, "a Boolean"),
                }
            }
        }
        Type::Described { base, .. } | Type::Merged { base, .. } => inside(ev, base, value)?,
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

/// Whether a member of a list is its own merged value, as nearly all are: what is no set has no
/// properties, and a type that is made of no other one leaves it as it is.
pub(crate) fn is_whole<'a>(ev: &Evaluator<'a>, element: &TypeRef<'a>, item: &'a Thunk<'a>) -> bool {
    // Nix does not look at the type for how many members there are.
    let Some(ty) = element.peek(ev) else { return false };
    matches!(
        (ty, ev.force(item)),
        (Type::Str | Type::SeparatedString(_), Ok(Value::Str(_) | Value::Template(_)))
            | (Type::Bool, Ok(Value::Bool(_)))
            | (Type::Int, Ok(Value::Int(_)))
    )
}

/// The check of a type inside of another, which may be that very type.
fn inside<'a>(ev: &Evaluator<'a>, ty: &'a Type<'a>, value: Value<'a>) -> Eval<'a, bool> {
    ev.nested(|| check(ev, ty, value))
}

/// `lib.isDerivation`
fn is_derivation<'a>(ev: &Evaluator<'a>, attrs: &'a Attrs<'a>) -> Eval<'a, bool> {
    match (attrs.get(*names::TYPE), attrs.rest) {
        (Some(tag), _) => ev.equal(ev.force(tag.value)?, Value::Str("derivation")),
        (None, Some(rest)) => Err(Stop::Unknown(rest)),
        (None, None) => Ok(false),
    }
}

/// `lib.isStorePath`, as far as it can be told without a store.
fn is_store_path<'a>(ev: &Evaluator<'a>, value: Value<'a>) -> Eval<'a, bool> {
    match text_of(ev, value)? {
        Some(text) if begins_with(ev, text, "/")? => {
            unknown(ev, "whether a string is a store path")
        }
        _ => Ok(false),
    }
}

/// Whether a set's `_type` is the given one.
fn is_tagged<'a>(ev: &Evaluator<'a>, value: Value<'a>, tag: &str) -> Eval<'a, bool> {
    let Value::Attrs(_) = value else { return Ok(false) };
    match ev.select(value, *names::TYPE_TAG)? {
        Some(own) => ev.equal(ev.force(own)?, Value::Str(ev.arena.alloc_str(tag))),
        None => Ok(false),
    }
}

/// The check of `types.pathWith`.
fn is_path<'a>(
    ev: &Evaluator<'a>,
    value: Value<'a>,
    absolute: Option<bool>,
    in_store: Option<bool>,
) -> Eval<'a, bool> {
    // A true path could be copied to the store later on.
    if in_store == Some(false) && !matches!(value, Value::Str(_) | Value::Template(_)) {
        return Ok(false);
    }
    let Some(text) = text_of(ev, value)? else { return Ok(false) };
    let is_absolute = begins_with(ev, text, "/")?;
    if absolute.is_some_and(|absolute| absolute != is_absolute) {
        return Ok(false);
    }
    match in_store {
        None => Ok(true),
        Some(in_store) => Ok(is_in_store(ev, text)? == in_store),
    }
}

/// `lib.path.hasStorePathPrefix`, as far as it can be told without a store.
fn is_in_store<'a>(ev: &Evaluator<'a>, text: Value<'a>) -> Eval<'a, bool> {
    match text {
        Value::Str(text) if !text.starts_with("/nix/store") && !is_placeholder(text) => Ok(false),
        _ => unknown(ev, "whether a path is in the store"),
    }
}

/// Whether a path looks as what Nix writes for a store path before that is known.
fn is_placeholder(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    first.len() == 52 && first.bytes().all(|c| c.is_ascii_digit() || c.is_ascii_lowercase())
}

/// The text of what `lib.isStringLike` holds for.
fn text_of<'a>(ev: &Evaluator<'a>, value: Value<'a>) -> Eval<'a, Option<Value<'a>>> {
    match value {
        Value::Str(_) | Value::Template(_) | Value::Path(_) => Ok(Some(value)),
        Value::Attrs(attrs) if is_string_like(attrs) => {
            ev.builtin("toString", &[ev.value(value)]).map(Some)
        }
        Value::Attrs(attrs) => match attrs.rest {
            Some(rest) => Err(Stop::Unknown(rest)),
            None => Ok(None),
        },
        _ => Ok(None),
    }
}

/// Whether a set stands for a string.
pub(crate) fn is_string_like(attrs: &Attrs<'_>) -> bool {
    ["outPath", "__toString"].iter().any(|name| attrs.get(Symbol::new(name)).is_some())
}

fn begins_with<'a>(ev: &Evaluator<'a>, text: Value<'a>, prefix: &str) -> Eval<'a, bool> {
    match text {
        Value::Str(text) => Ok(text.starts_with(prefix)),
        Value::Path(_) => Ok(true),
        Value::Template(pieces) => match pieces.first() {
            Some(Piece::Known(text)) => Ok(text.starts_with(prefix)),
            Some(Piece::Location(_) | Piece::Copy(_)) => Ok(true),
            Some(Piece::Unknown(unknown)) if is_package(unknown) => Ok(true),
            _ => unknown(ev, "where a partly known string begins"),
        },
        _ => Ok(false),
    }
}

/// Whether what is not known is, by its name, a package: its text is its path in the store.
fn is_package(unknown: &Unknown<'_>) -> bool {
    const NO_PACKAGES: &[&str] = &["config", "lib", "name", "pname", "system", "version"];
    let Reason::External(_, text) = unknown.reason else { return false };
    let mut names = text.split('.');
    let is_of_set =
        names.by_ref().any(|name| matches!(name, "pkgs" | "packages" | "legacyPackages"));
    let mut names = names.peekable();
    is_of_set && names.peek().is_some() && !names.any(|name| NO_PACKAGES.contains(&name))
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

impl<'a> Slot<'a> {
    /// The values that modules give and that are surely not of the option's type, and for which Nix refuses
    /// it; those of members of a set, at their own paths. Nothing is found where it is not known which
    /// definitions count.
    pub fn refused_values(
        &'a self,
        ev: &Evaluator<'a>,
        out: &mut Vec<(&'a Path<'a>, Mismatch<'a>)>,
    ) {
        self.refused_below(ev, out, 0);
    }

    fn refused_below(
        &'a self,
        ev: &Evaluator<'a>,
        out: &mut Vec<(&'a Path<'a>, Mismatch<'a>)>,
        depth: usize,
    ) {
        let state = self.state(ev);
        let is_decided = state.undecided.is_none() && state.failure.is_none();
        if depth > MAX_DEPTH || !is_decided || state.is_default {
            return;
        }
        let ty = self.ty.get(ev);
        let whole = |definition: &Definition<'a>| {
            let fits = ev.force(definition.value).and_then(|value| check(ev, ty, value));
            matches!(fits, Ok(false)).then(|| Mismatch::whole(definition, ty))
        };
        let mut found = Vec::new();
        match ty.unchecked() {
            Type::AttrsOf { .. } => {
                // Members merge with those of other definitions.
                found.extend(state.active.iter().filter_map(whole));
                if found.is_empty() {
                    let members = self.elements(ev).map_or(&[][..], |it| it.entries);
                    for (_, member) in members {
                        member.refused_below(ev, out, depth + 1);
                    }
                }
            }
            // So do those of a set in another type, where there are several definitions.
            Type::NullOr(_) | Type::Unique(_) | Type::Either(..) if state.active.len() > 1 => {
                found.extend(state.active.iter().filter_map(whole));
            }
            _ => state.active.iter().for_each(|it| mismatches(ev, self.ty, it, &mut found)),
        }
        let certain = found.into_iter().filter(|it| it.definition.condition.is_none());
        out.extend(certain.map(|mismatch| (self.path, mismatch)));
    }
}

impl<'a> Mismatch<'a> {
    fn whole(definition: &Definition<'a>, expected: &'a Type<'a>) -> Mismatch<'a> {
        Mismatch { value: definition.value, expected, definition: *definition }
    }
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
            out.push(Mismatch::whole(definition, ty));
            return;
        }
        Err(_) => return,
    }
    let mut member = |element: &'a TypeRef<'a>, value, span| {
        if is_whole(ev, element, value) {
            return;
        }
        let raw = RawDefinition { span, ..RawDefinition::new(value, definition.file) };
        let mut inner = Vec::new();
        let _ = discharge(ev, &raw, &mut inner);
        let decided = inner.iter().filter(|inner| inner.condition.is_none());
        let priority = decided.map(|inner| inner.priority).min();
        let counts = |it: &&Definition<'a>| priority.is_none_or(|lowest| it.priority <= lowest);
        for inner in inner.iter().filter(counts) {
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
