//! `mkIf`, `mkMerge`, `mkOverride` and `mkOrder` around definitions.

use nixpact_eval::{Attr, Attrs, Evaluator, Stop, Thunk, Unknown, Value};
use nixpact_source::{FileId, Span};

use crate::names;

/// `lib.modules.defaultOverridePriority`
pub const DEFAULT_PRIORITY: i64 = 100;
/// The priority of `mkOptionDefault`, with which an option's own default counts.
pub const OPTION_DEFAULT_PRIORITY: i64 = 1500;
/// `lib.modules.defaultOrderPriority`
pub const DEFAULT_ORDER: i64 = 1000;

/// A definition as its module writes it, below the conditions and priorities around it.
#[derive(Clone, Copy)]
pub struct RawDefinition<'a> {
    pub value: &'a Thunk<'a>,
    /// The module's file.
    pub file: Option<FileId>,
    /// Where the attribute's name is written.
    pub span: Option<Span>,
    pub(crate) guard: Option<&'a Guard<'a>>,
    pub(crate) priority: Option<i64>,
    /// Why it may not count at all.
    pub(crate) undecided: Option<&'a Unknown<'a>>,
}

/// The conditions around a definition, the innermost first.
pub(crate) struct Guard<'a> {
    condition: &'a Thunk<'a>,
    outer: Option<&'a Guard<'a>>,
}

/// A definition without its properties.
#[derive(Clone, Copy)]
pub struct Definition<'a> {
    pub value: &'a Thunk<'a>,
    pub file: Option<FileId>,
    /// Where the attribute's name is written.
    pub span: Option<Span>,
    /// The lowest one counts.
    pub priority: i64,
    /// Lower ones come first in a merged list.
    pub order: i64,
    /// The unknown condition under which alone it counts.
    pub condition: Option<&'a Unknown<'a>>,
}

impl<'a> RawDefinition<'a> {
    pub fn new(value: &'a Thunk<'a>, file: Option<FileId>) -> RawDefinition<'a> {
        RawDefinition { value, file, span: None, guard: None, priority: None, undecided: None }
    }

    pub(crate) fn of(definition: &Definition<'a>, attr: &Attr<'a>) -> RawDefinition<'a> {
        RawDefinition {
            value: attr.value,
            file: definition.file,
            span: attr.span.or(definition.span),
            guard: None,
            priority: None,
            undecided: definition.condition,
        }
    }
}

/// What a set's `_type` makes of it.
enum Property<'a> {
    If { condition: &'a Thunk<'a>, content: &'a Thunk<'a> },
    Merge(&'a Thunk<'a>),
    Override { priority: &'a Thunk<'a>, content: &'a Thunk<'a> },
    Order { priority: &'a Thunk<'a>, content: &'a Thunk<'a> },
    Definition(&'a Thunk<'a>),
}

fn property<'a>(ev: &Evaluator<'a>, attrs: &'a Attrs<'a>) -> Option<Property<'a>> {
    let tag = attrs.get(*names::TYPE_TAG)?;
    let Ok(Value::Str(tag)) = ev.force(tag.value) else { return None };
    let field = |name| attrs.get(name).map(|attr: &Attr<'a>| attr.value);
    Some(match tag {
        "if" => {
            Property::If { condition: field(*names::CONDITION)?, content: field(*names::CONTENT)? }
        }
        "merge" => Property::Merge(field(*names::CONTENTS)?),
        "override" => Property::Override {
            priority: field(*names::PRIORITY)?,
            content: field(*names::CONTENT)?,
        },
        "order" => {
            Property::Order { priority: field(*names::PRIORITY)?, content: field(*names::CONTENT)? }
        }
        "definition" => Property::Definition(field(*names::VALUE)?),
        _ => return None,
    })
}

/// Calls `found` with each set that a definition consists of (`pushDownProperties`), and `unknown`
/// with why there may be more.
pub(crate) fn push_down<'a>(
    ev: &Evaluator<'a>,
    raw: RawDefinition<'a>,
    found: &mut dyn FnMut(&'a Attrs<'a>, RawDefinition<'a>),
    unknown: &mut dyn FnMut(&'a Unknown<'a>, RawDefinition<'a>),
) {
    let (attrs, reason) = match ev.force(raw.value) {
        Ok(Value::Attrs(attrs)) => (Some(attrs), attrs.rest),
        // Not a set: no attribute is defined here. A leaf says what is wrong with it.
        Ok(_) | Err(Stop::Error(_)) => return,
        Err(Stop::Unknown(reason)) => (None, Some(reason)),
    };
    if let Some(reason) = reason
        && let Some(branches) = ev.branches(raw.value)
    {
        // Either may be meant, so what both define is possible.
        for value in branches {
            let undecided = raw.undecided.or(Some(reason));
            push_down(ev, RawDefinition { value, undecided, ..raw }, found, unknown);
        }
        return;
    }
    let attrs = match (attrs, reason) {
        (Some(attrs), _) => attrs,
        (None, Some(reason)) => return unknown(reason, raw),
        (None, None) => return,
    };
    match property(ev, attrs) {
        None => {
            found(attrs, raw);
            if let Some(rest) = attrs.rest {
                unknown(rest, raw);
            }
        }
        Some(Property::If { condition, content }) => {
            let guard = Guard { condition, outer: raw.guard };
            let guard: Option<&Guard<'_>> = Some(ev.arena.alloc(guard));
            push_down(ev, RawDefinition { value: content, guard, ..raw }, found, unknown);
        }
        Some(Property::Merge(contents)) => match ev.force_list(contents) {
            Ok(list) => {
                for item in list.items {
                    push_down(ev, RawDefinition { value: item, ..raw }, found, unknown);
                }
                if let Some(rest) = list.rest {
                    unknown(rest, raw);
                }
            }
            Err(Stop::Unknown(reason)) => unknown(reason, raw),
            Err(Stop::Error(_)) => {}
        },
        Some(Property::Override { priority, content }) => {
            let priority = match ev.force_int(priority) {
                Ok(priority) => priority,
                Err(Stop::Unknown(reason)) => {
                    let Some(branches) = ev.branches(raw.value) else {
                        return unknown(reason, raw);
                    };
                    // Either may be meant, so what both define is possible.
                    for value in branches {
                        let undecided = raw.undecided.or(Some(reason));
                        push_down(ev, RawDefinition { value, undecided, ..raw }, found, unknown);
                    }
                    return;
                }
                Err(Stop::Error(_)) => DEFAULT_PRIORITY,
            };
            let priority = raw.priority.or(Some(priority));
            push_down(ev, RawDefinition { value: content, priority, ..raw }, found, unknown);
        }
        Some(Property::Order { content, .. }) => {
            push_down(ev, RawDefinition { value: content, ..raw }, found, unknown);
        }
        Some(Property::Definition(value)) => {
            push_down(ev, RawDefinition { value, ..raw }, found, unknown);
        }
    }
}

/// Whether the conditions around a definition may hold.
pub(crate) fn may_count<'a>(ev: &Evaluator<'a>, raw: &RawDefinition<'a>) -> bool {
    holds(ev, raw.guard)
}

/// Whether conditions may hold.
pub(crate) fn holds<'a>(ev: &Evaluator<'a>, guard: Option<&'a Guard<'a>>) -> bool {
    !matches!(decide(ev, guard), Decision::No)
}

enum Decision<'a> {
    Yes,
    No,
    Unknown(&'a Unknown<'a>),
    Error(Stop<'a>),
}

fn decide<'a>(ev: &Evaluator<'a>, mut guard: Option<&'a Guard<'a>>) -> Decision<'a> {
    let mut decision = Decision::Yes;
    while let Some(inner) = guard {
        match ev.force_bool(inner.condition) {
            Ok(true) => {}
            Ok(false) => return Decision::No,
            Err(Stop::Unknown(reason)) => decision = Decision::Unknown(reason),
            Err(error) => {
                if !matches!(decision, Decision::Unknown(_)) {
                    decision = Decision::Error(error);
                }
            }
        }
        guard = inner.outer;
    }
    decision
}

/// The values that a definition comes down to (`dischargeProperties`), with their priorities.
pub(crate) fn discharge<'a>(
    ev: &Evaluator<'a>,
    raw: &RawDefinition<'a>,
    out: &mut Vec<Definition<'a>>,
) {
    let mut value = raw.value;
    let condition = match decide(ev, raw.guard) {
        Decision::Yes => raw.undecided,
        Decision::No => return,
        Decision::Unknown(reason) => Some(reason),
        Decision::Error(error) => {
            value = ev.stopped(error);
            raw.undecided
        }
    };
    let definition = Definition {
        value,
        file: raw.file,
        span: raw.span,
        priority: raw.priority.unwrap_or(DEFAULT_PRIORITY),
        order: DEFAULT_ORDER,
        condition,
    };
    discharge_value(ev, definition, raw.priority.is_some(), out);
}

fn discharge_value<'a>(
    ev: &Evaluator<'a>,
    definition: Definition<'a>,
    has_priority: bool,
    out: &mut Vec<Definition<'a>>,
) {
    let property = match ev.force(definition.value) {
        Ok(Value::Attrs(attrs)) => property(ev, attrs),
        _ => None,
    };
    let with = |value| Definition { value, ..definition };
    match property {
        None => out.push(definition),
        Some(Property::If { condition, content }) => match ev.force_bool(condition) {
            Ok(true) => discharge_value(ev, with(content), has_priority, out),
            Ok(false) => {}
            Err(Stop::Unknown(reason)) => {
                let definition = Definition { condition: Some(reason), ..with(content) };
                discharge_value(ev, definition, has_priority, out);
            }
            Err(error) => out.push(with(ev.stopped(error))),
        },
        Some(Property::Merge(contents)) => match ev.force_list(contents) {
            Ok(list) => {
                for item in list.items {
                    discharge_value(ev, with(item), has_priority, out);
                }
                if let Some(rest) = list.rest {
                    let value = ev.stopped(Stop::Unknown(rest));
                    out.push(Definition { condition: Some(rest), ..with(value) });
                }
            }
            Err(stop) => out.push(with(ev.stopped(stop))),
        },
        Some(Property::Override { priority, content }) => match ev.force_int(priority) {
            Ok(priority) => {
                let priority = if has_priority { definition.priority } else { priority };
                let definition = Definition { priority, ..with(content) };
                discharge_value(ev, definition, true, out);
            }
            Err(stop) => out.push(with(ev.stopped(stop))),
        },
        Some(Property::Order { priority, content }) => match ev.force_int(priority) {
            Ok(order) => {
                let definition = Definition { order, ..with(content) };
                discharge_value(ev, definition, has_priority, out);
            }
            Err(stop) => out.push(with(ev.stopped(stop))),
        },
        Some(Property::Definition(value)) => {
            discharge_value(ev, with(value), has_priority, out);
        }
    }
}
