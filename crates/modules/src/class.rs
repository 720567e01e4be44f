//! Which modules belong together: those that say that they are of another class are refused.

use nixpact_eval::{Evaluator, External, Reason, Stop, Thunk, Value};

/// The class of an evaluation of modules.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Class<'a> {
    /// It takes modules of any.
    Any,
    Named(&'a str),
    Unknown,
}

impl<'a> Class<'a> {
    pub(crate) fn of(ev: &Evaluator<'a>, class: Option<&'a Thunk<'a>>) -> Class<'a> {
        match class.map(|class| ev.force(class)) {
            None | Some(Ok(Value::Null)) => Class::Any,
            Some(Ok(Value::Str(name))) => Class::Named(name),
            Some(Ok(_) | Err(_)) => Class::Unknown,
        }
    }

    pub(crate) fn or(self, other: Class<'a>) -> Class<'a> {
        if self == Class::Any { other } else { self }
    }

    /// That of both of two submodules that are merged; none where they surely are of two.
    pub(crate) fn merged(self, other: Class<'a>) -> Option<Class<'a>> {
        match (self, other) {
            (Class::Named(one), Class::Named(other)) if one != other => None,
            _ => Some(self.or(other)),
        }
    }

    /// The module argument `_class`.
    pub(crate) fn value(self, ev: &Evaluator<'a>) -> &'a Thunk<'a> {
        match self {
            Class::Any => ev.value(Value::Null),
            Class::Named(name) => ev.value(Value::Str(name)),
            Class::Unknown => {
                let reason = Reason::External(External::Other, "_class");
                ev.stopped(Stop::Unknown(ev.unknown_ref(reason, None)))
            }
        }
    }
}
