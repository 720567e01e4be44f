//! Modules of the repository whose definitions are not known.

use nixpact_eval::{Evaluator, Reason, Unknown};
use nixpact_source::FileId;
use nixpact_syntax::Symbol;

/// Why there may be definitions that are not known.
#[derive(Clone, Copy)]
pub struct Opaque<'a> {
    pub unknown: &'a Unknown<'a>,
    /// The module that holds them.
    pub module: Option<FileId>,
}

impl<'a> Opaque<'a> {
    /// Whether the definitions may be below an attribute `name`.
    ///
    /// A file that does not parse can be searched for the name all the same; other reasons say nothing
    /// about names.
    pub(crate) fn may_define(&self, ev: &Evaluator<'a>, name: Symbol) -> bool {
        if self.unknown.reason != Reason::Broken {
            return true;
        }
        let files = [self.module, self.unknown.span.map(|span| span.file)];
        let mut known = files.iter().flatten().peekable();
        known.peek().is_none()
            || known.any(|file| ev.sources.file(*file).text.contains(name.as_str()))
    }
}
