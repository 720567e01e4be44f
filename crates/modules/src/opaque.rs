//! Modules of the repository whose definitions are not known.

use nixpact_eval::{Attrs, Evaluator, Reason, Unknown, Value};
use nixpact_source::FileId;
use nixpact_syntax::Symbol;

use crate::property::{DEFAULT_PRIORITY, Guard, RawDefinition, holds};

/// Why there may be definitions that are not known; one of several reasons, as a list.
#[derive(Clone, Copy)]
pub struct Opaque<'a> {
    pub unknown: &'a Unknown<'a>,
    /// The module that holds them.
    pub module: Option<FileId>,
    /// The conditions under which they count.
    pub(crate) guard: Option<&'a Guard<'a>>,
    /// The attributes that they may define at the place where they stand; none where these may be any.
    names: Option<&'a [Symbol]>,
    /// The lowest priority that they are taken to have.
    priority: i64,
    pub(crate) next: Option<&'a Opaque<'a>>,
}

/// A list of reasons.
pub(crate) type Opaques<'a> = Option<&'a Opaque<'a>>;

impl<'a> Opaque<'a> {
    pub(crate) fn new(
        unknown: &'a Unknown<'a>,
        module: Option<FileId>,
        guard: Option<&'a Guard<'a>>,
    ) -> Opaque<'a> {
        Opaque { unknown, module, guard, names: None, priority: DEFAULT_PRIORITY, next: None }
    }

    /// Definitions in a module that is known otherwise, of any priority.
    pub(crate) fn within(unknown: &'a Unknown<'a>, raw: &RawDefinition<'a>) -> Opaque<'a> {
        let opaque = Opaque::new(unknown, raw.file, raw.guard);
        match unknown.reason {
            // A mistake in one file is to leave what others say.
            Reason::Broken => opaque,
            _ => Opaque { priority: i64::MIN, ..opaque },
        }
    }

    /// What a set may define beside its known attributes.
    pub(crate) fn beside(attrs: &'a Attrs<'a>, raw: &RawDefinition<'a>) -> Option<Opaque<'a>> {
        Some(Opaque { names: attrs.others(), ..Opaque::within(attrs.rest?, raw) })
    }

    /// A definition that says as much: a set of which nothing is known.
    pub(crate) fn definition(&self, ev: &Evaluator<'a>) -> RawDefinition<'a> {
        let set = match self.names {
            Some(names) => ev.attrs_with_names(Vec::new(), self.unknown, names),
            None => ev.open_attrs(Vec::new(), Some(self.unknown)),
        };
        let value = ev.value(Value::Attrs(set));
        RawDefinition { guard: self.guard, ..RawDefinition::new(value, self.module) }
    }

    /// Adds a reason to a list.
    pub(crate) fn push(&self, ev: &Evaluator<'a>, list: Opaques<'a>) -> Opaques<'a> {
        Some(ev.arena.alloc(Opaque { next: list, ..*self }))
    }

    /// Whether the definitions may be below an attribute `name`.
    ///
    /// A file that does not parse, and its path, can be searched for the name all the same; other
    /// reasons say nothing about names.
    fn may_define(&self, ev: &Evaluator<'a>, name: Symbol) -> bool {
        if self.names.is_some_and(|names| !names.contains(&name)) {
            return false;
        }
        if self.unknown.reason != Reason::Broken {
            return true;
        }
        let files = [self.module, self.unknown.span.map(|span| span.file)];
        if files.iter().flatten().any(|file| file.is_outside()) {
            return true;
        }
        let mut known = files.iter().flatten().peekable();
        let mentions = |file: &FileId| {
            let file = ev.sources.file(*file);
            file.text.contains(name.as_str()) || file.path.contains(name.as_str())
        };
        known.peek().is_none() || known.any(mentions)
    }
}

/// The reasons that may concern an attribute.
pub(crate) fn below<'a>(ev: &Evaluator<'a>, list: Opaques<'a>, name: Symbol) -> Opaques<'a> {
    let opaque = list?;
    let next = below(ev, opaque.next, name);
    let unchanged = match (next, opaque.next) {
        (None, None) => true,
        (Some(a), Some(b)) => std::ptr::eq(a, b),
        _ => false,
    };
    match (opaque.may_define(ev, name), unchanged && opaque.names.is_none()) {
        (true, true) => list,
        // Below the attribute there may be any.
        (true, false) => Opaque { names: None, ..*opaque }.push(ev, next),
        (false, _) => next,
    }
}

/// The first reason whose conditions may hold. It evaluates them.
pub(crate) fn reason<'a>(ev: &Evaluator<'a>, list: Opaques<'a>) -> Option<&'a Unknown<'a>> {
    overriding(ev, list, i64::MAX)
}

/// The first reason why definitions of a priority may not count. A module that is not known is taken to force
/// nothing: hardly any does, and all that others define would be in doubt.
pub(crate) fn overriding<'a>(
    ev: &Evaluator<'a>,
    mut list: Opaques<'a>,
    priority: i64,
) -> Option<&'a Unknown<'a>> {
    while let Some(opaque) = list {
        if opaque.priority < priority && holds(ev, opaque.guard) {
            return Some(opaque.unknown);
        }
        list = opaque.next;
    }
    None
}
