//! From a definition to the values that it comes down to: its properties are discharged.

use nixpact_eval::{Eval, Evaluator, Reason, Stop, Thunk, Unknown, Value};

use crate::names;
use crate::property::{
    DEFAULT_ORDER, DEFAULT_PRIORITY, Definition, Guard, Property, RawDefinition, Wrapper, property,
    wrap,
};

/// A definition that may have any priority and may not be there at all stands above all others.
const ANY_PRIORITY: i64 = i64::MIN;

/// The values that a definition comes down to, with their priorities: `dischargeProperties`, what
/// `filterOverrides` strips and what `sortProperties` strips, each once. A property deeper inside is a
/// value, as in nixpkgs.
///
/// # Errors
///
/// What Nix reports while it discharges properties, which costs the option as a whole.
pub(crate) fn discharge<'a>(
    ev: &Evaluator<'a>,
    raw: &RawDefinition<'a>,
    out: &mut Vec<Definition<'a>>,
) -> Eval<'a, ()> {
    let mut definition = Definition {
        value: raw.value,
        file: raw.file,
        span: raw.span,
        priority: DEFAULT_PRIORITY,
        order: DEFAULT_ORDER,
        is_ordered: raw.is_ordered,
        condition: raw.undecided,
    };
    if raw.is_plain {
        out.push(definition);
        return Ok(());
    }
    let wrappers = Guard::wrappers(raw.guard);
    for (at, wrapper) in wrappers.iter().enumerate() {
        match *wrapper {
            Wrapper::If(condition) => match ev.force_bool(condition) {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(Stop::Unknown(reason)) => definition.condition = Some(reason),
                Err(error) => return fail(ev, definition, error, out),
            },
            Wrapper::Override(priority) => {
                let content = wrap(ev, &wrappers[at + 1..], raw.value);
                override_(ev, Definition { value: content, ..definition }, priority, out);
                return Ok(());
            }
        }
    }
    discharge_value(ev, definition, out)
}

/// The definition remains, to be shown, with the error for its value.
fn fail<'a>(
    ev: &Evaluator<'a>,
    definition: Definition<'a>,
    error: Stop<'a>,
    out: &mut Vec<Definition<'a>>,
) -> Eval<'a, ()> {
    out.push(Definition { value: ev.stopped(error), ..definition });
    match definition.condition {
        None => Err(error),
        Some(_) => Ok(()),
    }
}

/// Adds what stands in a `mkOverride`.
fn override_<'a>(
    ev: &Evaluator<'a>,
    definition: Definition<'a>,
    priority: &'a Thunk<'a>,
    out: &mut Vec<Definition<'a>>,
) {
    match ev.force_int(priority) {
        Ok(priority) => out.push(ordered(ev, Definition { priority, ..definition })),
        Err(stop) => out.push(uncertain(ev, definition, stop)),
    }
}

/// What stands in a `mkOrder`, or the definition itself.
pub(crate) fn ordered<'a>(ev: &Evaluator<'a>, definition: Definition<'a>) -> Definition<'a> {
    let property = match ev.force(definition.value) {
        Ok(Value::Attrs(attrs)) => property(ev, attrs),
        _ => None,
    };
    let Some(Property::Order { priority, content }) = property else { return definition };
    match ev.force_int(priority) {
        Ok(order) => Definition { order, is_ordered: true, value: content, ..definition },
        Err(stop) => uncertain(ev, definition, stop),
    }
}

/// A definition whose priority or place is not known.
fn uncertain<'a>(ev: &Evaluator<'a>, definition: Definition<'a>, stop: Stop<'a>) -> Definition<'a> {
    let reason = match stop {
        Stop::Unknown(unknown) => unknown,
        Stop::Error(_) => ev.unknown_ref(Reason::Unsupported("a priority that is no number"), None),
    };
    Definition { condition: Some(reason), priority: ANY_PRIORITY, ..definition }
}

fn discharge_value<'a>(
    ev: &Evaluator<'a>,
    definition: Definition<'a>,
    out: &mut Vec<Definition<'a>>,
) -> Eval<'a, ()> {
    let with = |value| Definition { value, ..definition };
    let found = match ev.force(definition.value) {
        Ok(Value::Attrs(attrs)) => match attrs.get(*names::TYPE_TAG).map(|tag| ev.force(tag.value))
        {
            Some(Err(error @ Stop::Error(_))) => return fail(ev, definition, error, out),
            _ => property(ev, attrs),
        },
        Ok(_) => None,
        Err(Stop::Unknown(unknown)) => return unknown_value(ev, definition, unknown, out),
        Err(error) => return fail(ev, definition, error, out),
    };
    match found {
        None => out.push(definition),
        Some(Property::If { condition, content }) => match ev.force_bool(condition) {
            Ok(true) => return discharge_value(ev, with(content), out),
            Ok(false) => {}
            Err(Stop::Unknown(reason)) => {
                let definition = Definition { condition: Some(reason), ..with(content) };
                return discharge_value(ev, definition, out);
            }
            Err(error) => return fail(ev, definition, error, out),
        },
        Some(Property::Merge(contents)) => match ev.force_list(contents) {
            Ok(list) => {
                for item in list.items {
                    discharge_value(ev, with(item), out)?;
                }
                out.extend(list.rest.map(|rest| possible(ev, definition, rest)));
            }
            Err(Stop::Unknown(reason)) => out.push(possible(ev, definition, reason)),
            Err(error) => return fail(ev, definition, error, out),
        },
        Some(Property::Override { priority, content }) => {
            override_(ev, with(content), priority, out);
        }
        Some(Property::Order { .. }) => out.push(ordered(ev, definition)),
        // It has a priority or a place, and no other property.
        Some(Property::Definition(value)) => match ev.force(value) {
            Ok(Value::Attrs(attrs)) => match property(ev, attrs) {
                Some(Property::Override { priority, content }) => {
                    override_(ev, with(content), priority, out);
                }
                _ => out.push(ordered(ev, with(value))),
            },
            Ok(_) | Err(Stop::Error(_)) => out.push(with(value)),
            Err(Stop::Unknown(unknown)) => unknown_value(ev, with(value), unknown, out)?,
        },
    }
    Ok(())
}

/// A definition that may be there, of any value and priority.
fn possible<'a>(
    ev: &Evaluator<'a>,
    definition: Definition<'a>,
    reason: &'a Unknown<'a>,
) -> Definition<'a> {
    let value = ev.stopped(Stop::Unknown(reason));
    Definition { value, condition: Some(reason), priority: ANY_PRIORITY, ..definition }
}

/// A value that is not known may be one of two that are, or a property itself.
fn unknown_value<'a>(
    ev: &Evaluator<'a>,
    definition: Definition<'a>,
    unknown: &'a Unknown<'a>,
    out: &mut Vec<Definition<'a>>,
) -> Eval<'a, ()> {
    match is_value(ev, definition.value, 0) {
        Some(true) => out.push(definition),
        Some(false) => {
            for value in ev.branches(definition.value).into_iter().flatten() {
                let condition = Some(unknown);
                discharge_value(ev, Definition { value, condition, ..definition }, out)?;
            }
        }
        None => {
            out.push(Definition { condition: Some(unknown), priority: ANY_PRIORITY, ..definition })
        }
    }
    Ok(())
}

/// Longer chains of `if` are not followed.
const MAX_BRANCHES: usize = 8;

/// Whether a thunk is no property: surely (true), or else one of its branches may be one (false). None
/// where nothing can be said.
fn is_value<'a>(ev: &Evaluator<'a>, thunk: &'a Thunk<'a>, depth: usize) -> Option<bool> {
    let unknown = match ev.force(thunk) {
        Ok(Value::Attrs(attrs)) => return Some(property(ev, attrs).is_none()),
        Ok(_) | Err(Stop::Error(_)) => return Some(true),
        Err(Stop::Unknown(unknown)) => unknown,
    };
    match ev.branches(thunk) {
        Some(branches) if depth < MAX_BRANCHES => {
            let [then, otherwise] = branches.map(|branch| is_value(ev, branch, depth + 1));
            Some(then? && otherwise?)
        }
        Some(_) => None,
        // What comes from outside is taken for a value: packages, options of NixOS, and the like.
        None => match unknown.reason {
            Reason::External(..) | Reason::ForeignOption(_) | Reason::Impure(_) => Some(true),
            _ => None,
        },
    }
}
