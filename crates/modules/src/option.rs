//! An option in the tree.

use nixpact_eval::{Eval, Evaluator, Stop, Unknown};

use crate::declare::{Clash, ClashKind, Declared, Refusal};
use crate::node::Node;
use crate::path::Path;
use crate::slot::Slot;
use crate::types::Type;

/// An option: what declares it, which members of a set may share, and what defines it.
#[derive(Clone, Copy)]
pub struct OptionDecl<'a> {
    pub slot: &'a Slot<'a>,
    pub(crate) declared: &'a Declared<'a>,
}

impl<'a> std::ops::Deref for OptionDecl<'a> {
    type Target = Declared<'a>;

    fn deref(&self) -> &Declared<'a> {
        self.declared
    }
}

impl<'a> OptionDecl<'a> {
    pub(crate) fn new(
        ev: &Evaluator<'a>,
        declared: &'a Declared<'a>,
        place: &Node<'a>,
    ) -> OptionDecl<'a> {
        let (definitions, opaque) = (place.definitions, place.doubts(ev));
        let doubted = declared.default_doubt.map(|unknown| ev.stopped(Stop::Unknown(unknown)));
        let default = declared.default.or(doubted);
        let slot = Slot::new(ev, place.path, declared.ty, definitions, default, opaque);
        slot.doubts_default.set(doubted.is_some());
        OptionDecl { slot, declared }
    }

    /// Why it has no value, whatever its definitions are.
    pub(crate) fn refused(&self) -> Option<Refusal> {
        let defined = self.slot.raw.len() + usize::from(self.default.is_some());
        let read_only = (self.read_only && defined > 1).then_some(Refusal::ReadOnly);
        self.declared.refused.or(read_only)
    }

    /// The option, unless nixpkgs refuses whatever is asked of its value.
    pub(crate) fn accepted(
        &'a self,
        ev: &Evaluator<'a>,
        path: &Path<'a>,
    ) -> Eval<'a, &'a OptionDecl<'a>> {
        let Some(refused) = self.refused() else {
            return self.written_unseen().map_or(Ok(self), |unknown| Err(Stop::Unknown(unknown)));
        };
        // Definitions that may not be there may not be too many.
        let undecided = self.slot.raw.iter().find_map(|raw| raw.undecided);
        Err(undecided.map_or_else(|| refused.error(ev, path), Stop::Unknown))
    }

    /// Why there may be too many definitions: of one that can only be set once, those under a false condition count.
    fn written_unseen(&self) -> Option<&'a Unknown<'a>> {
        self.slot.opaque.filter(|_| self.read_only).map(|opaque| opaque.unknown)
    }

    /// Whether its value is the merged one.
    pub(crate) fn is_plain(&self) -> bool {
        self.apply.is_none()
            && self.more.is_none()
            && self.refused().is_none()
            && self.written_unseen().is_none()
    }

    /// Whether a module from outside of the repository may declare it, too, and give it a default.
    pub fn may_be_declared_elsewhere(&self) -> bool {
        self.more.is_some()
    }

    /// Refuses declarations that do not go together, which cost all that is asked of the option.
    pub(crate) fn check_declarations(&self, ev: &Evaluator<'a>, path: &Path<'a>) -> Eval<'a, ()> {
        match (self.declared.refused, self.slot.ty.get(ev)) {
            (Some(refusal), _) => Err(refusal.error(ev, path)),
            // They may not go together.
            (None, Type::Unknown(unknown)) => Err(Stop::Unknown(unknown)),
            (None, _) => Ok(()),
        }
    }

    /// The error for options that are declared below it, where it takes none.
    pub(crate) fn refuses_below(&self, ev: &Evaluator<'a>, path: &Path<'a>) -> Option<Stop<'a>> {
        match self.declared.refused? {
            refused @ Refusal::Clash(Clash { kind: ClashKind::Below, .. }) => {
                Some(refused.error(ev, path))
            }
            _ => None,
        }
    }

    /// Two of its declarations that do not go together.
    pub fn clash(&self) -> Option<Clash> {
        match self.refused() {
            Some(Refusal::Clash(clash)) => Some(clash),
            _ => None,
        }
    }

    pub(crate) fn is_set_too_often(&self) -> bool {
        matches!(self.refused(), Some(Refusal::ReadOnly))
    }
}
