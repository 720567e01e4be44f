//! How the definitions of a type become one value (`type.merge`).

use nixpact_eval::{ErrorKind, Eval, Evaluator, Reason, Stop, Thunk, Value};

use crate::check::check;
use crate::names;
use crate::property::{Definition, RawDefinition};
use crate::slot::{self, Slot};
use crate::types::{Type, TypeRef};

/// Merges definitions of one priority, of which there is at least one unless the type can do without.
pub(crate) fn merge<'a>(
    ev: &Evaluator<'a>,
    slot: &'a Slot<'a>,
    ty: &'a Type<'a>,
    definitions: &[Definition<'a>],
) -> Eval<'a> {
    for definition in definitions {
        if !check(ev, ty, ev.force(definition.value)?)? {
            return ev.error(
                ErrorKind::Type,
                format!("a definition for '{}' is not of type '{}'", slot.path, ty.describe(ev)),
            );
        }
    }
    merge_checked(ev, slot, ty, definitions)
}

fn merge_checked<'a>(
    ev: &Evaluator<'a>,
    slot: &'a Slot<'a>,
    ty: &'a Type<'a>,
    definitions: &[Definition<'a>],
) -> Eval<'a> {
    match ty {
        Type::AttrsOf { lazy, .. } => attrs_of(ev, slot, *lazy),
        Type::Submodule(_) => match slot.universe(ev) {
            Some(universe) => ev.force(universe.config(ev)),
            None => Err(ev.unknown(Reason::Recursion, None)),
        },
        Type::ListOf { element, .. } => list_of(ev, slot, element, definitions),
        Type::NullOr(inner) => null_or(ev, slot, inner, definitions),
        Type::Either(left, right) => either(ev, slot, (left, right), definitions),
        Type::Unique(inner) => {
            one(ev, slot, definitions)?;
            inner_value(ev, slot, inner, definitions)
        }
        Type::CoercedTo { from, coerce, to } => {
            let coerced = coerce_all(ev, from, coerce, definitions)?;
            inner_value(ev, slot, to, &coerced)
        }
        Type::Checked { base, .. } => merge_checked(ev, slot, base, definitions),
        Type::SeparatedString(separator) => separated(ev, separator, definitions),
        Type::Attrs => {
            let mut merged = ev.attrs(Vec::new());
            for definition in definitions {
                merged = ev.update_attrs(merged, ev.force_attrs(definition.value)?);
            }
            Ok(Value::Attrs(merged))
        }
        Type::BoolByOr => {
            for definition in definitions {
                if ev.force_bool(definition.value)? {
                    return Ok(Value::Bool(true));
                }
            }
            Ok(Value::Bool(false))
        }
        Type::Anything => anything(ev, slot, definitions),
        Type::Unspecified => unspecified(ev, slot, definitions),
        Type::Package | Type::Raw => one(ev, slot, definitions),
        Type::DeferredModule | Type::FunctionTo => match definitions {
            [_, _, ..] => ev.unsupported("merging several functions"),
            _ => one(ev, slot, definitions),
        },
        Type::Custom(attrs) => custom(ev, slot, attrs, definitions),
        Type::Unknown(reason) => Err(Stop::Unknown(reason)),
        Type::Bool
        | Type::Enum(_)
        | Type::Float
        | Type::Int
        | Type::IntBetween { .. }
        | Type::NonEmptyStr
        | Type::Number
        | Type::Path
        | Type::SingleLineStr
        | Type::Str
        | Type::StrMatching(_) => equal(ev, slot, definitions),
    }
}

/// Merges with another type, where `universe` and `elements` of the slot are not asked for.
fn inner_value<'a>(
    ev: &Evaluator<'a>,
    slot: &'a Slot<'a>,
    ty: &'a TypeRef<'a>,
    definitions: &[Definition<'a>],
) -> Eval<'a> {
    let decoded = ty.get(ev);
    if matches!(decoded, Type::Submodule(_)) && slot.universe(ev).is_some() {
        return merge(ev, slot, decoded, definitions);
    }
    let raw: Vec<RawDefinition<'a>> = definitions
        .iter()
        .map(|d| RawDefinition { span: d.span, ..RawDefinition::new(d.value, d.file) })
        .collect();
    let raw = ev.arena.alloc_slice_copy(&raw);
    ev.force(Slot::new(ev, slot.path, ty, raw, None, None).value)
}

fn attrs_of<'a>(ev: &Evaluator<'a>, slot: &'a Slot<'a>, lazy: bool) -> Eval<'a> {
    let Some(elements) = slot.elements(ev) else {
        return Err(ev.unknown(Reason::Recursion, None));
    };
    let mut rest = elements.rest;
    let mut entries = Vec::with_capacity(elements.entries.len());
    for (name, element) in elements.entries {
        if !lazy {
            let state = element.state(ev);
            if state.active.is_empty() {
                rest = rest.or(state.undecided);
                continue;
            }
        }
        entries.push(slot::attr(*name, element));
    }
    Ok(Value::Attrs(ev.open_attrs(entries, rest)))
}

fn list_of<'a>(
    ev: &Evaluator<'a>,
    slot: &'a Slot<'a>,
    element: &'a TypeRef<'a>,
    definitions: &[Definition<'a>],
) -> Eval<'a> {
    let mut items = Vec::new();
    let mut rest = None;
    for definition in definitions {
        let list = ev.force_list(definition.value)?;
        rest = rest.or(list.rest);
        for item in list.items {
            let member = Slot::member(ev, slot.path, element, item, definition);
            let state = member.state(ev);
            match (state.active, state.undecided) {
                ([], Some(unknown)) => rest = rest.or(Some(unknown)),
                ([], None) => {}
                _ => items.push(member.value),
            }
        }
    }
    Ok(ev.open_list(&items, rest))
}

fn null_or<'a>(
    ev: &Evaluator<'a>,
    slot: &'a Slot<'a>,
    inner: &'a TypeRef<'a>,
    definitions: &[Definition<'a>],
) -> Eval<'a> {
    let mut nulls = 0;
    for definition in definitions {
        nulls += usize::from(matches!(ev.force(definition.value)?, Value::Null));
    }
    if nulls == definitions.len() {
        return Ok(Value::Null);
    }
    if nulls > 0 {
        let message = format!("the option '{}' is defined both null and not null", slot.path);
        return ev.error(ErrorKind::Other, message);
    }
    inner_value(ev, slot, inner, definitions)
}

fn either<'a>(
    ev: &Evaluator<'a>,
    slot: &'a Slot<'a>,
    (left, right): (&'a TypeRef<'a>, &'a TypeRef<'a>),
    definitions: &[Definition<'a>],
) -> Eval<'a> {
    for side in [left, right] {
        let ty = side.get(ev);
        let mut all = true;
        for definition in definitions {
            all = all && check(ev, ty, ev.force(definition.value)?)?;
        }
        if all {
            return inner_value(ev, slot, side, definitions);
        }
    }
    one(ev, slot, definitions)
}

fn coerce_all<'a>(
    ev: &Evaluator<'a>,
    from: &'a TypeRef<'a>,
    coerce: &'a Thunk<'a>,
    definitions: &[Definition<'a>],
) -> Eval<'a, Vec<Definition<'a>>> {
    let mut coerced = Vec::with_capacity(definitions.len());
    for definition in definitions {
        let convertible = check(ev, from.get(ev), ev.force(definition.value)?)?;
        let value =
            if convertible { ev.apply(coerce, &[definition.value]) } else { definition.value };
        coerced.push(Definition { value, ..*definition });
    }
    Ok(coerced)
}

fn separated<'a>(ev: &Evaluator<'a>, separator: &str, definitions: &[Definition<'a>]) -> Eval<'a> {
    let separator = ev.value(ev.str(separator));
    let values: Vec<_> = definitions.iter().map(|definition| definition.value).collect();
    ev.builtin("concatStringsSep", &[separator, ev.value(ev.list(&values))])
}

/// `mergeOneOption`
fn one<'a>(ev: &Evaluator<'a>, slot: &Slot<'a>, definitions: &[Definition<'a>]) -> Eval<'a> {
    match definitions {
        [only] => ev.force(only.value),
        _ => ev.error(
            ErrorKind::Other,
            format!("the option '{}' is defined several times", slot.path),
        ),
    }
}

/// `mergeEqualOption`
fn equal<'a>(ev: &Evaluator<'a>, slot: &Slot<'a>, definitions: &[Definition<'a>]) -> Eval<'a> {
    let [first, others @ ..] = definitions else { return one(ev, slot, definitions) };
    let value = ev.force(first.value)?;
    for other in others {
        if !ev.equal(value, ev.force(other.value)?)? {
            let message = format!("the option '{}' has conflicting definition values", slot.path);
            return ev.error(ErrorKind::Other, message);
        }
    }
    Ok(value)
}

/// `types.anything`: sets merge, everything else must be equal.
fn anything<'a>(
    ev: &Evaluator<'a>,
    slot: &'a Slot<'a>,
    definitions: &[Definition<'a>],
) -> Eval<'a> {
    let mut sets = 0;
    for definition in definitions {
        sets += usize::from(is_plain_set(ev.force(definition.value)?));
    }
    if sets == definitions.len() {
        return merge_sets(ev, slot, definitions);
    }
    if sets > 0 {
        let message = format!("the option '{}' has conflicting definition types", slot.path);
        return ev.error(ErrorKind::Other, message);
    }
    match definitions {
        [only] => ev.force(only.value),
        [first, ..] if ev.force(first.value)?.is_function() => {
            ev.unsupported("merging several functions")
        }
        _ => equal(ev, slot, definitions),
    }
}

fn is_plain_set(value: Value<'_>) -> bool {
    matches!(value, Value::Attrs(attrs)
        if attrs.get(nixpact_syntax::Symbol::new("outPath")).is_none()
        && attrs.get(nixpact_syntax::Symbol::new("__toString")).is_none())
}

/// Merges sets as `lazyAttrsOf anything` does.
fn merge_sets<'a>(
    ev: &Evaluator<'a>,
    slot: &'a Slot<'a>,
    definitions: &[Definition<'a>],
) -> Eval<'a> {
    let raw: Vec<RawDefinition<'a>> = definitions
        .iter()
        .map(|d| RawDefinition { span: d.span, ..RawDefinition::new(d.value, d.file) })
        .collect();
    let raw = ev.arena.alloc_slice_copy(&raw);
    let element = TypeRef::known(ev, ev.arena.alloc(Type::Anything));
    let ty = ev.arena.alloc(Type::AttrsOf { element, lazy: true });
    ev.force(Slot::new(ev, slot.path, TypeRef::known(ev, ty), raw, None, None).value)
}

/// `mergeDefaultOption`, for options without a type.
fn unspecified<'a>(
    ev: &Evaluator<'a>,
    slot: &'a Slot<'a>,
    definitions: &[Definition<'a>],
) -> Eval<'a> {
    let [first, _, ..] = definitions else { return one(ev, slot, definitions) };
    match ev.force(first.value)? {
        Value::List(_) | Value::Attrs(_) | Value::Bool(_) | Value::Str(_) | Value::Template(_) => {
            ev.unsupported("merging several definitions of an option without a type")
        }
        _ => equal(ev, slot, definitions),
    }
}

/// `mkOptionType { merge = …; }`
fn custom<'a>(
    ev: &Evaluator<'a>,
    slot: &'a Slot<'a>,
    attrs: &'a nixpact_eval::Attrs<'a>,
    definitions: &[Definition<'a>],
) -> Eval<'a> {
    let Some(function) = attrs.get(*names::MERGE) else { return one(ev, slot, definitions) };
    let location: Vec<_> =
        slot.path.segments().iter().map(|name| ev.value(Value::Str(name.as_str()))).collect();
    let definitions: Vec<_> = definitions
        .iter()
        .map(|definition| {
            let file = match definition.file {
                Some(file) => {
                    ev.value(Value::Path(ev.arena.alloc_str(&ev.sources.file(file).path)))
                }
                None => ev.value(Value::Str("<unknown-file>")),
            };
            let entries = vec![ev.attr("file", file), ev.attr("value", definition.value)];
            ev.value(Value::Attrs(ev.attrs(entries)))
        })
        .collect();
    let arguments = [ev.value(ev.list(&location)), ev.value(ev.list(&definitions))];
    ev.call_all(ev.force(function.value)?, &arguments)
}
