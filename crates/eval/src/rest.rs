//! What a set or a list may have beside what is known of it.
//!
//! Where only a condition is unknown, as in `lib.optionalAttrs unknown { a = 1; }`, the names are known that there
//! may be: no other attribute of `{ b = 2; } // lib.optionalAttrs unknown { a = 1; }` can be another one than `b`.

use nixpact_syntax::Symbol;

use crate::evaluator::Evaluator;
use crate::thunk::Thunk;
use crate::unknown::Unknown;
use crate::value::{Attr, Attrs, List, Value};

/// More of them are not told apart.
const MAX_OTHERS: usize = 256;

/// Why there may be more than what is known, and what that may be: names of attributes, or members of a list.
pub(crate) struct Rest<'a, T> {
    pub because: Option<&'a Unknown<'a>>,
    /// None where it may be anything.
    others: Option<Vec<T>>,
}

impl<'a, T: Copy> Rest<'a, T> {
    /// There is no more.
    pub fn none() -> Rest<'a, T> {
        Rest { because: None, others: Some(Vec::new()) }
    }

    /// There may be these, or anything where they are not known; no more if there is no reason.
    pub fn of(because: Option<&'a Unknown<'a>>, others: Option<&[T]>) -> Rest<'a, T> {
        let mut rest = Rest::none();
        rest.extend(because, others);
        rest
    }

    /// There may be anything.
    pub fn add(&mut self, because: &'a Unknown<'a>) {
        self.because = self.because.or(Some(because));
        self.others = None;
    }

    /// There may be one more.
    pub fn add_one(&mut self, because: &'a Unknown<'a>, other: T) {
        self.extend(Some(because), Some(&[other]));
    }

    /// There may be what there may be elsewhere: no more if there is no reason.
    pub fn extend(&mut self, because: Option<&'a Unknown<'a>>, others: Option<&[T]>) {
        let Some(because) = because else { return };
        self.because = self.because.or(Some(because));
        self.others = match (self.others.take(), others) {
            (Some(known), Some(more)) if known.len() + more.len() <= MAX_OTHERS => {
                Some([&known, more].concat())
            }
            _ => None,
        };
    }

    pub fn others(&self, ev: &Evaluator<'a>) -> Option<&'a &'a [T]> {
        match (self.because, &self.others) {
            (Some(_), Some(others)) => {
                let others: &[T] = ev.arena.alloc_slice_copy(others);
                Some(ev.arena.alloc(others))
            }
            _ => None,
        }
    }
}

impl Rest<'_, Symbol> {
    /// Whether an attribute of this name may be among them.
    pub fn may_have(&self, name: Symbol) -> bool {
        self.because.is_some() && self.others.as_ref().is_none_or(|it| it.contains(&name))
    }
}

impl<'a> Attrs<'a> {
    /// The names of the attributes that it may have beside the known ones; none where these may be any.
    pub fn others(&self) -> Option<&'a [Symbol]> {
        match self.rest {
            None => Some(&[]),
            Some(_) => self.others.copied(),
        }
    }

    /// Whether it may have an attribute of a name that is not among the known ones.
    pub fn may_have(&self, name: Symbol) -> bool {
        self.others().is_none_or(|others| others.contains(&name))
    }

    pub(crate) fn beside(&self) -> Rest<'a, Symbol> {
        Rest { because: self.rest, others: self.others().map(<[_]>::to_vec) }
    }
}

impl<'a> List<'a> {
    /// The members that it may have beside the known ones; none where these may be any.
    pub fn others(&self) -> Option<&'a [&'a Thunk<'a>]> {
        match self.rest {
            None => Some(&[]),
            Some(_) => self.others.copied(),
        }
    }

    pub(crate) fn beside(&self) -> Rest<'a, &'a Thunk<'a>> {
        Rest { because: self.rest, others: self.others().map(<[_]>::to_vec) }
    }
}

impl<'a> Evaluator<'a> {
    /// A list that may have more members than `items`.
    pub(crate) fn list_with(
        &self,
        items: &[&'a Thunk<'a>],
        rest: &Rest<'a, &'a Thunk<'a>>,
    ) -> Value<'a> {
        let items = self.arena.alloc_slice_copy(items);
        let because = rest.because.map(|rest| self.made_of(rest));
        Value::List(self.arena.alloc(List { items, rest: because, others: rest.others(self) }))
    }

    /// A list with another member for each one.
    pub(crate) fn mapped(
        &self,
        list: &List<'a>,
        make: impl Fn(&'a Thunk<'a>) -> &'a Thunk<'a>,
    ) -> Value<'a> {
        let make = |items: &[&'a Thunk<'a>]| -> &'a [&'a Thunk<'a>] {
            self.arena.alloc_slice_fill_iter(items.iter().map(|item| make(item)))
        };
        let rest = list.rest.map(|rest| self.made_of(rest));
        let others = list.others.map(|others| &*self.arena.alloc(make(others)));
        Value::List(self.arena.alloc(List { items: make(list.items), rest, others }))
    }

    /// A set that may have more attributes than `entries`.
    pub(crate) fn attrs_with(
        &self,
        entries: Vec<Attr<'a>>,
        rest: &Rest<'a, Symbol>,
    ) -> &'a Attrs<'a> {
        let entries = self.sorted(entries);
        let because = rest.because.map(|rest| self.made_of(rest));
        self.arena.alloc(Attrs { entries, rest: because, others: rest.others(self) })
    }

    /// A set that may have attributes of some names beside `entries`, and no other ones.
    pub fn attrs_with_names(
        &self,
        entries: Vec<Attr<'a>>,
        because: &'a Unknown<'a>,
        others: &[Symbol],
    ) -> &'a Attrs<'a> {
        self.attrs_with(entries, &Rest::of(Some(because), Some(others)))
    }

    /// A set of other attributes, which may have the same beside them as another one.
    pub fn attrs_beside(&self, entries: Vec<Attr<'a>>, of: &Attrs<'a>) -> &'a Attrs<'a> {
        let entries = self.sorted(entries);
        let rest = of.rest.map(|rest| self.made_of(rest));
        self.arena.alloc(Attrs { entries, rest, others: of.others })
    }
}
