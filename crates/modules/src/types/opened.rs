//! Types of options that modules from outside of the repository may declare, too: the submodules in them
//! may have more options than are known (`typeMerge`).

use std::cell::OnceCell;

use nixpact_eval::{Evaluator, Unknown};

use super::{MAX_DEPTH, Made, Shared, Submodule, Type, TypeRef};

/// A type, and why there may be more modules in its submodules.
pub(super) struct Opened<'a> {
    base: &'a TypeRef<'a>,
    more: &'a Unknown<'a>,
    /// How many types it may be inside of: a type may refer to itself.
    depth: usize,
}

impl<'a> TypeRef<'a> {
    /// The type with submodules that may have more options.
    pub(crate) fn open(&'a self, ev: &Evaluator<'a>, more: &'a Unknown<'a>) -> &'a TypeRef<'a> {
        self.open_at(ev, more, MAX_DEPTH)
    }

    fn open_at(
        &'a self,
        ev: &Evaluator<'a>,
        more: &'a Unknown<'a>,
        depth: usize,
    ) -> &'a TypeRef<'a> {
        let opened = ev.arena.alloc(Opened { base: self, more, depth });
        ev.arena.alloc(TypeRef {
            thunk: self.thunk,
            decoded: OnceCell::new(),
            made: Made::Opened(opened),
        })
    }
}

impl<'a> Opened<'a> {
    pub(super) fn more(&self) -> &'a Unknown<'a> {
        self.more
    }

    pub(super) fn decode(&self, ev: &Evaluator<'a>) -> &'a Type<'a> {
        let base = self.base.get(ev);
        let Some(depth) = self.depth.checked_sub(1) else { return base };
        self.open(ev, base, depth).map_or(base, |ty| ev.arena.alloc(ty))
    }

    /// None where nothing in it is a submodule.
    fn open(&self, ev: &Evaluator<'a>, ty: &'a Type<'a>, depth: usize) -> Option<Type<'a>> {
        let inner = |ty: &'a TypeRef<'a>| ty.open_at(ev, self.more, depth);
        Some(match *ty {
            Type::Submodule(submodule) => Type::Submodule(Submodule {
                rest: submodule.rest.or(Some(self.more)),
                shared: ev.arena.alloc(Shared::default()),
                ..submodule
            }),
            Type::AttrsOf { element, lazy, placeholder } => {
                Type::AttrsOf { element: inner(element), lazy, placeholder }
            }
            Type::ListOf { element, non_empty } => {
                Type::ListOf { element: inner(element), non_empty }
            }
            Type::NullOr(element) => Type::NullOr(inner(element)),
            Type::Unique(element) => Type::Unique(inner(element)),
            Type::FunctionTo(element) => Type::FunctionTo(inner(element)),
            Type::Either(left, right) => Type::Either(inner(left), inner(right)),
            Type::CoercedTo { from, coerce, to } => Type::CoercedTo { from, coerce, to: inner(to) },
            Type::Checked { base, check, alone } => {
                Type::Checked { base: self.open_base(ev, base, depth)?, check, alone }
            }
            Type::Described { base, description } => {
                Type::Described { base: self.open_base(ev, base, depth)?, description }
            }
            Type::Merged { base, merge } => {
                Type::Merged { base: self.open_base(ev, base, depth)?, merge }
            }
            _ => return None,
        })
    }

    fn open_base(
        &self,
        ev: &Evaluator<'a>,
        base: &'a Type<'a>,
        depth: usize,
    ) -> Option<&'a Type<'a>> {
        self.open(ev, base, depth).map(|ty| &*ev.arena.alloc(ty))
    }
}
