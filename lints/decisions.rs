//! What people decided about findings: comments in the source, and the baseline.

use nixpact_source::Span;

/// Every decision, and whether it still decides anything.
#[derive(Debug, Default)]
pub struct Decisions {
    /// By file and place.
    pub comments: Vec<Comment>,
    /// Entries of the baseline that no finding matches.
    pub stale: Vec<BaselineEntry>,
}

/// A comment such as `# nixpact: allow(duplicate-port) -- one socket`.
#[derive(Debug)]
pub struct Comment {
    pub span: Span,
    /// All that would have to be removed with it: its line, where nothing else stands there.
    pub removal: Span,
    pub allowed: Vec<Allowed>,
    pub reason: Option<String>,
    /// It is not written as it has to be.
    pub is_malformed: bool,
}

/// A lint that a comment names.
#[derive(Debug)]
pub struct Allowed {
    pub name: String,
    pub span: Span,
    /// A finding of it was there, or may have been: not every lint and host was asked.
    pub is_used: bool,
}

/// A known finding, without its line.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct BaselineEntry {
    pub lint: String,
    /// Relative to the root; empty for a finding without a place.
    pub file: String,
    pub services: Vec<String>,
    /// The line on which the finding begins, without the space around it.
    pub text: String,
}
