//! `mkIf`, `mkMerge`, `mkOverride` and `mkOrder` around definitions.

use nixpact_eval::{Attr, Attrs, Eval, Evaluator, Reason, Stop, Thunk, Unknown, Value};
use nixpact_source::{FileId, Span};

use crate::names;

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
enum Wrapper<'a> {
    If(&'a Thunk<'a>),
    Override(&'a Thunk<'a>),
}

impl<'a> Guard<'a> {
    /// The properties, the outermost first.
    fn wrappers(guard: Option<&'a Guard<'a>>) -> Vec<Wrapper<'a>> {
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
        // An order around a set is none: nixpkgs takes its parts for options.
        None | Some(Property::Order { .. } | Property::Definition(_)) => {
            found(attrs, raw);
            if let Some(rest) = attrs.rest {
                unknown(rest, raw);
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
                    unknown(rest, raw);
                }
            }
            Err(Stop::Unknown(reason)) => unknown(reason, raw),
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

/// Puts properties around a value.
fn wrap<'a>(
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
    let property = match ev.force(definition.value) {
        Ok(Value::Attrs(attrs)) => match attrs.get(*names::TYPE_TAG).map(|tag| ev.force(tag.value))
        {
            Some(Err(error @ Stop::Error(_))) => return fail(ev, definition, error, out),
            _ => property(ev, attrs),
        },
        Ok(_) => None,
        Err(Stop::Unknown(unknown)) => return unknown_value(ev, definition, unknown, out),
        Err(error) => return fail(ev, definition, error, out),
    };
    match property {
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
        Some(Property::Definition(value)) => out.push(with(value)),
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
