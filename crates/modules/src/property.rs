//! `mkIf`, `mkMerge`, `mkOverride` and `mkOrder` around definitions.

use nixpact_eval::{Attr, Attrs, Evaluator, Stop, Thunk, Unknown, Value};
use nixpact_source::{FileId, Span};

use crate::names;
use crate::opaque::Opaque;
use crate::update::Update;

/// `lib.modules.defaultOverridePriority`
pub const DEFAULT_PRIORITY: i64 = 100;
/// The priority of `mkOptionDefault`, with which an option's own default counts.
pub const OPTION_DEFAULT_PRIORITY: i64 = 1500;
/// `lib.modules.defaultOrderPriority`
pub const DEFAULT_ORDER: i64 = 1000;

/// A definition as its module writes it, below the properties around it.
#[derive(Clone, Copy)]
pub struct RawDefinition<'a> {
    pub value: &'a Thunk<'a>,
    /// The module's file.
    pub file: Option<FileId>,
    /// Where the attribute's name is written.
    pub span: Option<Span>,
    pub(crate) guard: Option<&'a Guard<'a>>,
    /// Why it may not count at all.
    pub(crate) undecided: Option<&'a Unknown<'a>>,
    /// Its properties are discharged: what looks like one is a value.
    pub(crate) is_plain: bool,
    /// An order was discharged among them.
    pub(crate) is_ordered: bool,
}

/// The properties that stand around a definition, the innermost first.
pub(crate) struct Guard<'a> {
    wrapper: Wrapper<'a>,
    outer: Option<&'a Guard<'a>>,
}

#[derive(Clone, Copy)]
pub(crate) enum Wrapper<'a> {
    If(&'a Thunk<'a>),
    Override(&'a Thunk<'a>),
}

impl<'a> Guard<'a> {
    /// The properties, the outermost first.
    pub(crate) fn wrappers(guard: Option<&'a Guard<'a>>) -> Vec<Wrapper<'a>> {
        let mut wrappers = Vec::new();
        let mut next = guard;
        while let Some(guard) = next {
            wrappers.push(guard.wrapper);
            next = guard.outer;
        }
        wrappers.reverse();
        wrappers
    }
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
    /// The order is written.
    pub(crate) is_ordered: bool,
    /// The unknown condition under which alone it counts.
    pub condition: Option<&'a Unknown<'a>>,
}

impl<'a> Definition<'a> {
    /// An option's own default (`mkOptionDefault`), its order not yet looked at.
    pub(crate) fn default(value: &'a Thunk<'a>) -> Definition<'a> {
        Definition {
            value,
            file: None,
            span: None,
            priority: OPTION_DEFAULT_PRIORITY,
            order: DEFAULT_ORDER,
            is_ordered: false,
            condition: None,
        }
    }
}

impl<'a> RawDefinition<'a> {
    pub fn new(value: &'a Thunk<'a>, file: Option<FileId>) -> RawDefinition<'a> {
        RawDefinition {
            value,
            file,
            span: None,
            guard: None,
            undecided: None,
            is_plain: false,
            is_ordered: false,
        }
    }

    /// Whether it may not be there at all, as it stands in one of two branches that are both possible.
    pub fn is_possible(&self) -> bool {
        self.undecided.is_some()
    }

    pub(crate) fn of(definition: &Definition<'a>, attr: &Attr<'a>) -> RawDefinition<'a> {
        RawDefinition {
            value: attr.value,
            file: definition.file,
            span: attr.span.or(definition.span),
            guard: None,
            undecided: definition.condition,
            is_plain: false,
            is_ordered: false,
        }
    }

    /// A definition whose properties are discharged, to be merged by another type.
    pub(crate) fn plain(definition: &Definition<'a>) -> RawDefinition<'a> {
        RawDefinition {
            span: definition.span,
            is_plain: true,
            is_ordered: definition.is_ordered,
            ..RawDefinition::new(definition.value, definition.file)
        }
    }

    /// The value with the properties around it, as nixpkgs has it after `pushDownProperties`.
    pub(crate) fn wrapped(&self, ev: &Evaluator<'a>) -> &'a Thunk<'a> {
        wrap(ev, &Guard::wrappers(self.guard), self.value)
    }
}

/// What a set's `_type` makes of it.
pub(crate) enum Property<'a> {
    If { condition: &'a Thunk<'a>, content: &'a Thunk<'a> },
    Merge(&'a Thunk<'a>),
    Override { priority: &'a Thunk<'a>, content: &'a Thunk<'a> },
    Order { priority: &'a Thunk<'a>, content: &'a Thunk<'a> },
    Definition(&'a Thunk<'a>),
}

pub(crate) fn property<'a>(ev: &Evaluator<'a>, attrs: &'a Attrs<'a>) -> Option<Property<'a>> {
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
/// with what else there may be.
pub(crate) fn push_down<'a>(
    ev: &Evaluator<'a>,
    raw: RawDefinition<'a>,
    found: &mut dyn FnMut(&'a Attrs<'a>, RawDefinition<'a>),
    unknown: &mut dyn FnMut(Opaque<'a>),
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
    if let Some(reason) = reason
        && let Some(update) = Update::of(ev, raw.value)
    {
        return update.push_down(ev, reason, raw, found, unknown);
    }
    let attrs = match (attrs, reason) {
        (Some(attrs), _) => attrs,
        (None, Some(reason)) => return unknown(Opaque::within(reason, &raw)),
        (None, None) => return,
    };
    match property(ev, attrs) {
        // An order around a set is none: nixpkgs takes its parts for options.
        None | Some(Property::Order { .. } | Property::Definition(_)) => {
            found(attrs, raw);
            if let Some(rest) = Opaque::beside(attrs, &raw) {
                unknown(rest);
            }
        }
        Some(Property::If { condition, content }) => {
            let guard = Guard { wrapper: Wrapper::If(condition), outer: raw.guard };
            let guard: Option<&Guard<'_>> = Some(ev.arena.alloc(guard));
            push_down(ev, RawDefinition { value: content, guard, ..raw }, found, unknown);
        }
        Some(Property::Override { priority, content }) => {
            let guard = Guard { wrapper: Wrapper::Override(priority), outer: raw.guard };
            let guard: Option<&Guard<'_>> = Some(ev.arena.alloc(guard));
            push_down(ev, RawDefinition { value: content, guard, ..raw }, found, unknown);
        }
        Some(Property::Merge(contents)) => match ev.force_list(contents) {
            Ok(list) => {
                for item in list.items {
                    push_down(ev, RawDefinition { value: item, ..raw }, found, unknown);
                }
                if let Some(rest) = list.rest {
                    unknown(Opaque::within(rest, &raw));
                }
            }
            Err(Stop::Unknown(reason)) => unknown(Opaque::within(reason, &raw)),
            Err(Stop::Error(_)) => {}
        },
    }
}

/// The priority that the sets around a definition give it; none where it may not count.
pub(crate) fn outer_priority<'a>(ev: &Evaluator<'a>, raw: &RawDefinition<'a>) -> Option<i64> {
    if raw.undecided.is_some() {
        return None;
    }
    for wrapper in Guard::wrappers(raw.guard) {
        match wrapper {
            Wrapper::If(condition) => {
                ev.force_bool(condition).ok().filter(|holds| *holds)?;
            }
            Wrapper::Override(priority) => return ev.force_int(priority).ok(),
        }
    }
    Some(DEFAULT_PRIORITY)
}

/// The conditions that nixpkgs evaluates for an option because of one of its definitions, and the
/// definition itself where it has to look whether that is a property.
pub(crate) fn conditions<'a>(ev: &Evaluator<'a>, raw: &RawDefinition<'a>) -> Vec<&'a Thunk<'a>> {
    let mut needed = Vec::new();
    if raw.is_plain || raw.undecided.is_some() {
        return needed;
    }
    for wrapper in Guard::wrappers(raw.guard) {
        // What is below a priority is looked at only if that counts.
        let Wrapper::If(condition) = wrapper else { return needed };
        needed.push(condition);
        if !matches!(ev.force_bool(condition), Ok(true)) {
            return needed;
        }
    }
    properties(ev, raw.value, &mut needed);
    needed
}

/// `dischargeProperties`
fn properties<'a>(ev: &Evaluator<'a>, value: &'a Thunk<'a>, needed: &mut Vec<&'a Thunk<'a>>) {
    needed.push(value);
    let Ok(Value::Attrs(attrs)) = ev.force(value) else { return };
    match property(ev, attrs) {
        Some(Property::If { condition, content }) => {
            needed.push(condition);
            if matches!(ev.force_bool(condition), Ok(true)) {
                properties(ev, content, needed);
            }
        }
        Some(Property::Merge(contents)) => {
            let items = ev.force_list(contents).map_or(&[][..], |list| list.items);
            items.iter().for_each(|item| properties(ev, item, needed));
        }
        _ => {}
    }
}

/// Whether conditions may hold.
pub(crate) fn holds<'a>(ev: &Evaluator<'a>, guard: Option<&'a Guard<'a>>) -> bool {
    for wrapper in Guard::wrappers(guard) {
        match wrapper {
            Wrapper::If(condition) => match ev.force_bool(condition) {
                Ok(false) => return false,
                Err(Stop::Error(_)) => return true,
                Ok(true) | Err(Stop::Unknown(_)) => {}
            },
            // What is inside of it nixpkgs takes for a value.
            Wrapper::Override(_) => return true,
        }
    }
    true
}

/// Puts properties around a value.
pub(crate) fn wrap<'a>(
    ev: &Evaluator<'a>,
    wrappers: &[Wrapper<'a>],
    mut value: &'a Thunk<'a>,
) -> &'a Thunk<'a> {
    for wrapper in wrappers.iter().rev() {
        let (tag, name, property) = match *wrapper {
            Wrapper::If(condition) => ("if", *names::CONDITION, condition),
            Wrapper::Override(priority) => ("override", *names::PRIORITY, priority),
        };
        let entry = |name, value| Attr { name, value, span: None };
        let tag = entry(*names::TYPE_TAG, ev.value(Value::Str(tag)));
        let entries = vec![tag, entry(name, property), entry(*names::CONTENT, value)];
        value = ev.value(Value::Attrs(ev.attrs(entries)));
    }
    value
}
