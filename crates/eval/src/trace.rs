//! The places that an error passed on its way out.

use nixpact_source::Span;
use nixpact_syntax::Symbol;

use crate::evaluator::Evaluator;
use crate::unknown::{NixError, Stop};

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
        if depth > MAX_FRAMES || span.file.is_outside() {
            return stop;
        }
        let frame = self.arena.alloc(Frame { what, span, inner: error.frame, depth });
        Stop::Error(self.arena.alloc(NixError { frame: Some(frame), ..*error }))
    }
}
