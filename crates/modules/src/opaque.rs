//! Modules of the repository whose definitions are not known.

use nixpact_eval::{Evaluator, Reason, Unknown};
use nixpact_source::FileId;
use nixpact_syntax::Symbol;

use crate::property::{Guard, holds};

/// Why there may be definitions that are not known; one of several reasons, as a list.
#[derive(Clone, Copy)]
pub struct Opaque<'a> {
    pub unknown: &'a Unknown<'a>,
    /// The module that holds them.
    pub module: Option<FileId>,
    /// The conditions under which they count.
    pub(crate) guard: Option<&'a Guard<'a>>,
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
        Opaque { unknown, module, guard, next: None }
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
    match (opaque.may_define(ev, name), unchanged) {
        (true, true) => list,
        (true, false) => opaque.push(ev, next),
        (false, _) => next,
    }
}

/// The first reason whose conditions may hold. It evaluates them.
pub(crate) fn reason<'a>(ev: &Evaluator<'a>, mut list: Opaques<'a>) -> Option<&'a Unknown<'a>> {
    while let Some(opaque) = list {
        if holds(ev, opaque.guard) {
            return Some(opaque.unknown);
        }
        list = opaque.next;
    }
    None
}
