//! How the definitions of a type become one value (`type.merge`).

use nixpact_eval::{Attr, Attrs, ErrorKind, Eval, Evaluator, Reason, Stop, Thunk, Value};

use crate::check::{check, is_whole};
use crate::loose;
use crate::names;
use crate::node::{Node, RawDeclaration};
use crate::property::{Definition, RawDefinition};
use crate::slot::{self, Slot};
use crate::types::{Tag, Type, TypeRef};
use crate::universe::Universe;

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
                ErrorKind::Throw,
                format!("a definition for '{}' is not of type '{}'", slot.path, ty.describe(ev)),
            );
        }
    }
    merge_checked(ev, slot, ty, definitions)
}

/// Merges definitions that the type's check takes, or that it need not take.
pub(crate) fn merge_checked<'a>(
    ev: &Evaluator<'a>,
    slot: &'a Slot<'a>,
    ty: &'a Type<'a>,
    definitions: &[Definition<'a>],
) -> Eval<'a> {
    match ty {
        Type::AttrsOf { lazy, .. } => attrs_of(ev, slot, *lazy),
        // Sorting leaves a mark on definitions that submodules do not expect.
        Type::Submodule(_) if definitions.iter().any(|definition| definition.is_ordered) => ev
            .error(
                ErrorKind::Type,
                format!("the submodule '{}' is defined with an order", slot.path),
            ),
        Type::Submodule(_) => match slot.universe(ev) {
            Some(universe) => ev.force(universe.config(ev)),
            None => Err(ev.unknown(Reason::Recursion, None)),
        },
        Type::ListOf { element, .. } => list_of(ev, slot, element, definitions),
        Type::NullOr(inner) => null_or(ev, slot, inner, definitions),
        Type::Either(left, right) => either(ev, slot, (left, right), definitions),
        Type::Unique(inner) => {
            one(ev, slot, definitions)?;
            inner_value(ev, slot, inner, definitions, slot.is_checked.get())
        }
        Type::CoercedTo { from, coerce, to } => {
            let coerced = coerce_all(ev, from, coerce, definitions)?;
            // It was asked whether `to` takes one of the two: what is written, or what became of it.
            let is_checked = !to.get(ev).checks_while_merging();
            inner_value(ev, slot, to, &coerced, is_checked)
        }
        Type::AttrTag(tags) => attr_tag(ev, slot, tags, definitions),
        Type::Checked { base, .. } | Type::Described { base, .. } => {
            merge_checked(ev, slot, base, definitions)
        }
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
        Type::Anything => loose::anything(ev, slot, definitions),
        Type::Unspecified => loose::unspecified(ev, slot.path, &values(definitions)),
        Type::Raw => one(ev, slot, definitions),
        Type::Package => match one(ev, slot, definitions)? {
            value @ Value::Attrs(_) => Ok(value),
            _ => ev.unsupported("the package of a path"),
        },
        Type::DeferredModule(always) => loose::deferred_module(ev, *always, definitions),
        Type::FunctionTo(result) => Ok(loose::function_to(ev, slot.path, result, definitions)),
        Type::Custom(attrs) => match attrs.get(*names::MERGE) {
            Some(function) => custom(ev, slot, function.value, definitions),
            None => loose::unspecified(ev, slot.path, &values(definitions)),
        },
        Type::Merged { merge, .. } => custom(ev, slot, merge, definitions),
        Type::Number => match definitions {
            [first, others @ ..] => {
                let kind = std::mem::discriminant(&ev.force(first.value)?);
                for other in others {
                    if std::mem::discriminant(&ev.force(other.value)?) != kind {
                        return one(ev, slot, definitions);
                    }
                }
                equal(ev, slot, definitions)
            }
            [] => one(ev, slot, definitions),
        },
        Type::SingleLineStr => match equal(ev, slot, definitions)? {
            Value::Str(text) => Ok(Value::Str(text.strip_suffix('\n').unwrap_or(text))),
            _ => ev.unsupported("the end of a partly known string"),
        },
        Type::Tagged(Tag::LuaInline) => equal(ev, slot, definitions),
        Type::Tagged(Tag::OptionDeclaration) => {
            loose::unspecified(ev, slot.path, &values(definitions))
        }
        Type::Tagged(Tag::OptionType) => match definitions {
            [only] => ev.force(only.value),
            _ => ev.unsupported("merging types that are values"),
        },
        Type::Unknown(reason) => Err(Stop::Unknown(reason)),
        Type::Bool
        | Type::Enum(_)
        | Type::Float
        | Type::Int
        | Type::IntBetween { .. }
        | Type::NonEmptyStr
        | Type::Path { .. }
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
    is_checked: bool,
) -> Eval<'a> {
    let decoded = ty.get(ev);
    // The slot's own submodule, which others look at too.
    if let Type::Submodule(submodule) = decoded
        && slot.ty.get(ev).submodule(ev).is_some_and(|own| own.is(submodule))
        && slot.universe(ev).is_some()
    {
        return merge(ev, slot, decoded, definitions);
    }
    let raw: Vec<RawDefinition<'a>> = definitions.iter().map(RawDefinition::plain).collect();
    let raw = ev.arena.alloc_slice_copy(&raw);
    let inner = Slot::new(ev, slot.path, ty, raw, None, None);
    inner.is_checked.set(is_checked && !decoded.checks_while_merging());
    ev.force(inner.value(ev))
}

fn attrs_of<'a>(ev: &Evaluator<'a>, slot: &'a Slot<'a>, lazy: bool) -> Eval<'a> {
    let Some(elements) = slot.elements(ev) else {
        return Err(ev.unknown(Reason::Recursion, None));
    };
    let mut rest = elements.rest;
    let mut entries = Vec::with_capacity(elements.entries.len());
    for (name, element) in elements.entries {
        if lazy {
            // It is there when one of the sets is.
            let undecided = element.raw.iter().filter_map(|raw| raw.undecided);
            let undecided: Vec<_> = undecided.collect();
            if undecided.len() == element.raw.len() {
                rest = rest.or(undecided.first().copied());
                continue;
            }
        } else {
            let state = element.state(ev);
            if let Some(error) = state.failure {
                return Err(error);
            }
            if state.active.is_empty() {
                rest = rest.or(state.undecided);
                continue;
            }
        }
        entries.push(slot::attr(ev, *name, element));
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
    // Members are named for their places, which other definitions may shift.
    let is_certain = slot.state(ev).undecided.is_none();
    for (at, definition) in definitions.iter().enumerate() {
        let list = ev.force_list(definition.value)?;
        rest = rest.or(list.rest);
        for (entry, item) in list.items.iter().enumerate() {
            if is_whole(ev, element, item) {
                items.push(*item);
                continue;
            }
            let name = format!("[definition {}-entry {}]", at + 1, entry + 1);
            let mut path = slot.path.child(ev, nixpact_syntax::Symbol::new(&name));
            if !is_certain || list.rest.is_some() {
                path = path.guessed(ev);
            }
            let member = Slot::member(ev, path, element, item, definition);
            let state = member.state(ev);
            if let Some(error) = state.failure {
                return Err(error);
            }
            match (state.active, state.undecided) {
                ([], Some(unknown)) => rest = rest.or(Some(unknown)),
                ([], None) => {}
                _ => items.push(member.value(ev)),
            }
        }
    }
    Ok(ev.open_list(&items, rest))
}

/// The attribute that the first definition names, merged as the option that stands behind its name.
fn attr_tag<'a>(
    ev: &Evaluator<'a>,
    slot: &'a Slot<'a>,
    tags: &'a Attrs<'a>,
    definitions: &[Definition<'a>],
) -> Eval<'a> {
    let names = |attrs: &'a Attrs<'a>| attrs.unordered().first().map(|attr| attr.name);
    let first = match definitions {
        [first, ..] => names(ev.force_closed_attrs(first.value)?),
        [] => None,
    };
    let Some((name, tag)) = first.and_then(|name| Some((name, tags.get(name)?))) else {
        return ev.error(ErrorKind::Throw, format!("'{}' is not among the choices", slot.path));
    };
    let definitions = ev.arena.alloc_slice_copy(definitions);
    let value = ev.lazy(move |ev| {
        let mut raw = Vec::with_capacity(definitions.len());
        for definition in definitions.iter() {
            let attrs = ev.force_closed_attrs(definition.value)?;
            let Some(attr) = attrs.get(name) else {
                let message = format!("the option '{}' is defined as several choices", slot.path);
                return ev.error(ErrorKind::Throw, message);
            };
            raw.push(RawDefinition::of(definition, attr));
        }
        if ev.select(ev.force(tag.value)?, *names::TYPE)?.is_none() {
            return ev.error(ErrorKind::MissingAttribute, "attribute 'type' missing");
        }
        let declaration = RawDeclaration { value: tag.value, span: tag.span, is_outside: false };
        let path = slot.path.child(ev, name);
        let declarations = ev.arena.alloc_slice_copy(&[declaration]);
        let definitions = ev.arena.alloc_slice_copy(&raw);
        let node = Node::new(ev, Universe::nowhere(ev), path, declarations, definitions, None);
        ev.force(node.value(ev))
    });
    Ok(Value::Attrs(ev.attrs(vec![Attr { name, value, span: tag.span }])))
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
        return ev.error(ErrorKind::Throw, message);
    }
    inner_value(ev, slot, inner, definitions, slot.is_checked.get())
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
            return inner_value(ev, slot, side, definitions, false);
        }
    }
    one(ev, slot, definitions)
}

/// Whether a value of the type is what its definition says.
pub(crate) fn is_as_written<'a>(
    ev: &Evaluator<'a>,
    ty: &'a Type<'a>,
    definition: &Definition<'a>,
) -> bool {
    match ty.unchecked() {
        Type::CoercedTo { from, to, .. } => {
            let coerced =
                ev.force(definition.value).and_then(|value| check(ev, from.get(ev), value));
            matches!(coerced, Ok(false)) && is_as_written(ev, to.get(ev), definition)
        }
        Type::NullOr(inner) | Type::Unique(inner) => is_as_written(ev, inner.get(ev), definition),
        _ => true,
    }
}

pub(crate) fn coerce_all<'a>(
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

fn values<'a>(definitions: &[Definition<'a>]) -> Vec<&'a Thunk<'a>> {
    definitions.iter().map(|definition| definition.value).collect()
}

fn separated<'a>(ev: &Evaluator<'a>, separator: &str, definitions: &[Definition<'a>]) -> Eval<'a> {
    let separator = ev.value(ev.str(separator));
    let values: Vec<_> = definitions.iter().map(|definition| definition.value).collect();
    ev.builtin("concatStringsSep", &[separator, ev.value(ev.list(&values))])
}

/// `mergeOneOption`
pub(crate) fn one<'a>(
    ev: &Evaluator<'a>,
    slot: &Slot<'a>,
    definitions: &[Definition<'a>],
) -> Eval<'a> {
    match definitions {
        [only] => ev.force(only.value),
        _ => ev.error(
            ErrorKind::Throw,
            format!("the option '{}' is defined several times", slot.path),
        ),
    }
}

/// `mergeEqualOption`
pub(crate) fn equal<'a>(
    ev: &Evaluator<'a>,
    slot: &Slot<'a>,
    definitions: &[Definition<'a>],
) -> Eval<'a> {
    let [first, others @ ..] = definitions else { return one(ev, slot, definitions) };
    let value = ev.force(first.value)?;
    for other in others {
        if !ev.equal(value, ev.force(other.value)?)? {
            let message = format!("the option '{}' has conflicting definition values", slot.path);
            return ev.error(ErrorKind::Throw, message);
        }
    }
    Ok(value)
}

/// `mkOptionType { merge = …; }`
fn custom<'a>(
    ev: &Evaluator<'a>,
    slot: &'a Slot<'a>,
    merge: &'a Thunk<'a>,
    definitions: &[Definition<'a>],
) -> Eval<'a> {
    let location = ev.lazy(move |ev| slot.path.names(ev));
    let definitions: Vec<_> = definitions.iter().map(|it| with_file(ev, it)).collect();
    let arguments = [location, ev.value(ev.list(&definitions))];
    ev.call_all(ev.force(merge)?, &arguments)
}

/// A definition as a merge function takes it. Which file a module says that it is of (`_file`) is not looked
/// at.
pub(crate) fn with_file<'a>(ev: &Evaluator<'a>, definition: &Definition<'a>) -> &'a Thunk<'a> {
    let file = ev.stopped(ev.unknown(Reason::Unsupported("a module's file"), None));
    let entries = vec![ev.attr("file", file), ev.attr("value", definition.value)];
    ev.value(Value::Attrs(ev.attrs(entries)))
}
