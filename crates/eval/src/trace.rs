//! The places that an error passed on its way out, and the way from a value back to why it is unknown.

use nixpact_source::Span;
use nixpact_syntax::Symbol;

use crate::evaluator::Evaluator;
use crate::nixlib::prelude;
use crate::thunk::Thunk;
use crate::unknown::{NixError, Reason, Stop, Unknown};
use crate::value::{Piece, Value};

/// No more frames are kept of an error than these, the innermost.
const MAX_FRAMES: u32 = 32;

/// One thing that was being evaluated when an error occurred in it.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    pub what: Activity,
    /// The place of the call or selection.
    pub span: Span,
    inner: Option<&'a Frame<'a>>,
    depth: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    Attribute(Symbol),
    Function,
    Builtin(&'static str),
}

impl std::fmt::Display for Activity {
    /// As Nix says it: `while calling the 'map' builtin`.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Activity::Attribute(name) => write!(out, "while evaluating the attribute '{name}'"),
            Activity::Function => write!(out, "while calling a function"),
            Activity::Builtin(name) => write!(out, "while calling the '{name}' builtin"),
        }
    }
}

impl<'a> NixError<'a> {
    /// What was being evaluated, the outermost first; of long traces only the inner part is kept.
    pub fn trace(&self) -> impl Iterator<Item = &'a Frame<'a>> + use<'a> {
        std::iter::successors(self.frame, |frame| frame.inner)
    }
}

impl<'a> Evaluator<'a> {
    /// Adds a frame to an error on its way out.
    #[cold]
    pub(crate) fn traced(&self, stop: Stop<'a>, what: Activity, span: Span) -> Stop<'a> {
        let Stop::Error(error) = stop else { return stop };
        let depth = error.frame.map_or(0, |frame| frame.depth) + 1;
        if depth > MAX_FRAMES || span.file == prelude::FILE {
            return stop;
        }
        let frame = self.arena.alloc(Frame { what, span, inner: error.frame, depth });
        Stop::Error(self.arena.alloc(NixError { frame: Some(frame), ..*error }))
    }

    /// How a value comes to be unknown: the place where it is written, the uses through which it came
    /// there, then the unknown thing and the causes behind it, the first cause last. Empty where the
    /// value is known; of a string, list or set that is known in part, why the rest is not.
    ///
    /// It computes nothing but the value itself.
    pub fn explain(&self, thunk: &'a Thunk<'a>) -> Vec<Step<'a>> {
        let Some(unknown) = self.unknown_of(thunk) else { return Vec::new() };
        let origin = self.origin(thunk);
        let uses = origin.through.into_iter().chain(origin.span);
        let mut steps: Vec<Step<'a>> =
            uses.map(|span| Step { span: Some(span), reason: None }).collect();
        // The last use is often the unknown thing itself.
        steps.dedup_by_key(|step| step.span);
        for unknown in unknown.chain() {
            if steps.last().is_some_and(|last| last.reason.is_none() && last.span == unknown.span) {
                steps.pop();
            }
            steps.push(Step { span: unknown.span, reason: Some(unknown.reason) });
        }
        steps
    }

    fn unknown_of(&self, thunk: &'a Thunk<'a>) -> Option<&'a Unknown<'a>> {
        match self.force(thunk) {
            Err(Stop::Unknown(unknown)) => Some(unknown),
            Err(Stop::Error(_)) => None,
            Ok(Value::List(list)) => list.rest,
            Ok(Value::Attrs(attrs)) => attrs.rest,
            Ok(Value::Template(pieces)) => pieces.iter().find_map(|piece| match piece {
                Piece::Unknown(unknown) => Some(*unknown),
                _ => None,
            }),
            Ok(_) => None,
        }
    }
}

/// A step on the way from a value to the first cause of its being unknown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step<'a> {
    pub span: Option<Span>,
    /// What is unknown here; none where a use only leads on.
    pub reason: Option<Reason<'a>>,
}
