//! Definitions of one option that nixpkgs refuses together.

use nixpact_eval::{Evaluator, Thunk, Value};
use nixpact_source::{FileId, Span};

use crate::check::check;
use crate::merge::coerce_all;
use crate::option::OptionDecl;
use crate::property::Definition;
use crate::slot::Slot;
use crate::types::Type;

/// Why definitions of the highest priority do not merge.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ConflictKind {
    /// Their values differ, and the type takes one value (`mergeEqualOption`).
    Different,
    /// The type takes one definition (`mergeOneOption`).
    Several,
    /// Some are null and others are not (`nullOr`).
    Null,
    /// The option is read-only.
    ReadOnly,
}

/// Definitions that surely count and surely do not merge.
pub struct Conflict<'a> {
    pub kind: ConflictKind,
    /// At least two, in the order in which they would be merged.
    pub parties: Vec<Party<'a>>,
}

/// A definition in a conflict.
#[derive(Clone, Copy)]
pub struct Party<'a> {
    pub value: &'a Thunk<'a>,
    /// Where the attribute's name is written.
    pub span: Option<Span>,
    /// The module's file.
    pub file: Option<FileId>,
}

impl<'a> OptionDecl<'a> {
    /// The conflict among the option's own definitions; those of members below it are not looked at.
    pub fn conflict(&self, ev: &Evaluator<'a>) -> Option<Conflict<'a>> {
        if !self.is_set_too_often() {
            return self.slot.conflict(ev);
        }
        let default =
            self.default.map(|value| Party { value, span: ev.written(value), file: None });
        let own = self.slot.raw.iter().map(|raw| Party {
            value: raw.value,
            span: raw.span,
            file: raw.file,
        });
        let is_certain = self.slot.raw.iter().all(|raw| raw.undecided.is_none());
        let parties = default.into_iter().chain(own).collect();
        is_certain.then_some(Conflict { kind: ConflictKind::ReadOnly, parties })
    }
}

impl<'a> Slot<'a> {
    /// The conflict among the definitions that count, if these are known for certain.
    pub fn conflict(&self, ev: &Evaluator<'a>) -> Option<Conflict<'a>> {
        let state = self.state(ev);
        if state.active.len() < 2 || state.undecided.is_some() || state.failure.is_some() {
            return None;
        }
        let kind = kind(ev, self.ty.get(ev), state.active)?;
        let party = |definition: &Definition<'a>| Party {
            value: definition.value,
            span: definition.span,
            file: definition.file,
        };
        Some(Conflict { kind, parties: state.active.iter().map(party).collect() })
    }
}

/// Follows [`merge`](crate::merge::merge) for the types whose values do not merge.
fn kind<'a>(
    ev: &Evaluator<'a>,
    ty: &'a Type<'a>,
    definitions: &[Definition<'a>],
) -> Option<ConflictKind> {
    let fits = |ty| {
        let mut fitting = definitions.iter().map(|d| check(ev, ty, ev.force(d.value).ok()?).ok());
        fitting.try_fold(true, |all, fits| Some(all && fits?))
    };
    // A value of another type is another mistake.
    if !fits(ty)? {
        return None;
    }
    // A type may be inside of itself.
    let inner_kind = |ty: &'a Type<'a>, definitions: &[Definition<'a>]| {
        ev.nested(|| Ok(kind(ev, ty, definitions))).ok().flatten()
    };
    match ty {
        Type::Checked { base, .. } | Type::Described { base, .. } => inner_kind(base, definitions),
        Type::NullOr(inner) => {
            let is_null = |d: &Definition<'a>| matches!(ev.force(d.value), Ok(Value::Null));
            match definitions.iter().filter(|d| is_null(d)).count() {
                0 => inner_kind(inner.get(ev), definitions),
                nulls => (nulls < definitions.len()).then_some(ConflictKind::Null),
            }
        }
        Type::Either(left, right) => {
            let side = match (fits(left.get(ev))?, fits(right.get(ev))?) {
                (true, _) => left,
                (false, true) => right,
                (false, false) => return Some(ConflictKind::Several),
            };
            inner_kind(side.get(ev), definitions)
        }
        Type::CoercedTo { from, coerce, to } => {
            let coerced = coerce_all(ev, from, coerce, definitions).ok()?;
            inner_kind(to.get(ev), &coerced)
        }
        Type::Unique(_) | Type::Raw | Type::Package => Some(ConflictKind::Several),
        Type::Bool
        | Type::Enum(_)
        | Type::Float
        | Type::Int
        | Type::IntBetween { .. }
        | Type::NonEmptyStr
        | Type::Path { .. }
        | Type::SingleLineStr
        | Type::Str
        | Type::StrMatching(_) => differ(ev, definitions).then_some(ConflictKind::Different),
        _ => None,
    }
}

/// Whether a value surely differs from the first one.
fn differ<'a>(ev: &Evaluator<'a>, definitions: &[Definition<'a>]) -> bool {
    let [first, others @ ..] = definitions else { return false };
    let Ok(first) = ev.force(first.value) else { return false };
    let differs = |other: &Definition<'a>| {
        let equal = ev.force(other.value).and_then(|other| ev.equal(first, other));
        matches!(equal, Ok(false))
    };
    others.iter().any(differs)
}
