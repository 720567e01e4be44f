//! Sets of definitions that are put together with `//`, where a condition that is not known decides what is
//! among them: `{ … } // lib.optionalAttrs (options ? home-manager) { … }`.

use nixpact_eval::{Attr, Attrs, Evaluator, Thunk, Unknown, Value};

use crate::names;
use crate::opaque::Opaque;
use crate::property::{RawDefinition, push_down};

/// More sets than these are not told apart.
const MAX_SETS: usize = 8;

/// `left // right`, where it is known what the right side may be.
pub(crate) struct Update<'a> {
    left: &'a Thunk<'a>,
    /// The sets of which the right side is one.
    right: Vec<&'a Attrs<'a>>,
}

impl<'a> Update<'a> {
    pub fn of(ev: &Evaluator<'a>, value: &'a Thunk<'a>) -> Option<Update<'a>> {
        let [left, right] = ev.updated(value)?;
        let right = possible(ev, right)?;
        let is_property = |attrs: &Attrs<'a>| attrs.get(*names::TYPE_TAG).is_some();
        let is_left_property = matches!(ev.force(left), Ok(Value::Attrs(it)) if is_property(it));
        let is_plain = !is_left_property && !right.iter().any(|it| is_property(it));
        is_plain.then_some(Update { left, right })
    }

    /// Calls `found` with each set of both sides as [`push_down`] does: what the right side surely has counts,
    /// and what it may have is possible, for this reason, as is what that would replace.
    pub fn push_down(
        &self,
        ev: &Evaluator<'a>,
        reason: &'a Unknown<'a>,
        raw: RawDefinition<'a>,
        found: &mut dyn FnMut(&'a Attrs<'a>, RawDefinition<'a>),
        unknown: &mut dyn FnMut(Opaque<'a>),
    ) {
        let possible = |raw: RawDefinition<'a>| RawDefinition {
            undecided: raw.undecided.or(Some(reason)),
            ..raw
        };
        let is_sure = |attr: &Attr<'a>| {
            let is_same = |other: &Attr<'a>| std::ptr::eq(other.value, attr.value);
            self.right.iter().all(|it| it.get(attr.name).is_some_and(is_same))
        };
        let is_there = |attr: &Attr<'a>| self.right.iter().all(|it| it.get(attr.name).is_some());
        let may_be_there =
            |attr: &Attr<'a>| self.right.iter().any(|it| it.get(attr.name).is_some());
        let left = &mut |attrs: &'a Attrs<'a>, raw: RawDefinition<'a>| {
            let attributes = attrs.unordered().iter().copied().filter(|attr| !is_there(attr));
            let (replaced, kept): (Vec<_>, Vec<_>) = attributes.partition(may_be_there);
            found(ev.attrs_beside(kept, attrs), raw);
            if !replaced.is_empty() {
                found(ev.attrs(replaced), possible(raw));
            }
        };
        push_down(ev, RawDefinition { value: self.left, ..raw }, left, unknown);
        for (at, attrs) in self.right.iter().enumerate() {
            let (sure, others): (Vec<_>, Vec<_>) =
                attrs.unordered().iter().copied().partition(is_sure);
            if at == 0 {
                found(ev.attrs(sure), raw);
            }
            if !others.is_empty() {
                found(ev.attrs(others), possible(raw));
            }
        }
    }
}

/// The sets of which a value is one; none where one of them is not known as a whole.
fn possible<'a>(ev: &Evaluator<'a>, value: &'a Thunk<'a>) -> Option<Vec<&'a Attrs<'a>>> {
    if let Ok(Value::Attrs(attrs)) = ev.force(value)
        && attrs.rest.is_none()
    {
        return Some(vec![attrs]);
    }
    let sets = match (ev.branches(value), ev.updated(value)) {
        (Some([one, other]), _) => [possible(ev, one)?, possible(ev, other)?].concat(),
        (None, Some([left, right])) => {
            let (left, right) = (possible(ev, left)?, possible(ev, right)?);
            let all = left.iter().flat_map(|left| right.iter().map(|right| (*left, *right)));
            all.take(MAX_SETS + 1).map(|(left, right)| ev.update_attrs(left, right)).collect()
        }
        (None, None) => return None,
    };
    (sets.len() <= MAX_SETS).then_some(sets)
}
