//! What the functions of a file say that they take.

use nixpact_source::{FileId, Span};
use nixpact_syntax::Parameter;

use crate::session::Session;

/// `{ a, b ? 1, ... }` before a function's body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pattern {
    /// From the first formal to the last, in the text that was parsed last.
    pub span: Span,
    /// In their order, and whether each has to be given.
    pub formals: Vec<(String, bool)>,
    /// More may be given.
    pub is_open: bool,
}

impl Session {
    /// The patterns of a file, outer ones before those in them; those of its last text that could be
    /// parsed.
    pub fn patterns(&self, file: FileId) -> Vec<Pattern> {
        let Some(ast) = self.ast(file) else { return Vec::new() };
        let mut patterns: Vec<Pattern> = ast
            .lambdas
            .iter()
            .filter_map(|lambda| {
                let Parameter::Pattern { formals, ellipsis, .. } = &lambda.parameter else {
                    return None;
                };
                let (first, last) = (formals.first()?, formals.last()?);
                let formal =
                    |it: &nixpact_syntax::Formal| (it.name.to_string(), it.default.is_none());
                Some(Pattern {
                    span: Span::new(file, first.span.0, last.span.1),
                    formals: formals.iter().map(formal).collect(),
                    is_open: *ellipsis,
                })
            })
            .collect();
        patterns.sort_by_key(|pattern| pattern.span);
        patterns
    }
}
