//! Findings as text, for people and for programs.
//!
//! Architecture Invariant: this crate decides how a finding looks and nothing else. It knows neither
//! lints nor syntax nor evaluation, reads no file, asks no terminal what it can do (the caller has
//! decided on a [`Style`]) and never reorders, drops or merges findings. Same arguments, same bytes.
//!
//! Text of the repository is data: [`Format::Human`], [`Format::Short`], [`Format::Github`] and
//! [`table()`] pass no control character of a source line, a path or a message on to the terminal.

mod checkstyle;
mod cut;
mod diff;
mod excerpt;
mod fingerprint;
mod format;
mod github;
mod gitlab;
mod human;
mod json;
mod jsonl;
mod junit;
mod link;
mod place;
mod rdjson;
mod rule;
mod sarif;
mod short;
mod summary;
mod table;
mod text;
mod uri;
mod visible;
mod xml;

use std::borrow::Cow;
use std::io;

use nixpact_diagnostics::Diagnostic;
use nixpact_source::Sources;

pub use diff::diff;
pub use format::Format;
pub use human::Style;
pub use rule::Rule;
pub use summary::{Summary, Values, summary_line};
pub use table::table;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What there is to say.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The files that the spans of the findings point into.
    pub sources: &'a Sources,
    /// What stands before every path in the formats for code hosts, which know files by their place in
    /// the checkout: empty, or a directory with `/` at its end.
    pub prefix: &'a str,
    pub diagnostics: &'a [Diagnostic],
    /// Those that somebody decided not to have reported; only [`Format::Sarif`] has a place for them.
    pub suppressed: &'a [Diagnostic],
    /// Part of [`Format::Json`] only; for people the caller prints [`summary_line`].
    pub summary: &'a Summary,
    /// The lints, for the formats that explain them.
    pub rules: &'a [Rule<'a>],
}

impl Report<'_> {
    /// A path, relative to the root of the sources, as code hosts know it.
    pub(crate) fn hosted<'p>(&self, path: &'p str) -> Cow<'p, str> {
        match self.prefix {
            "" => Cow::Borrowed(path),
            prefix => Cow::Owned(format!("{prefix}{path}")),
        }
    }
}

/// Writes the findings of `report`, in the order given, to `out`.
///
/// Paths are written with `/`, relative to the root of the sources or with the prefix of the report; lines and columns start at 1, and a
/// column counts Unicode scalar values unless the format wants something else. `style` is that of
/// [`Format::Human`]; the other formats have none.
///
/// # Errors
///
/// When `out` fails.
pub fn render(
    out: &mut dyn io::Write,
    format: Format,
    style: &Style,
    report: &Report<'_>,
) -> io::Result<()> {
    match format {
        Format::Human => human::render(out, style, report),
        Format::Short => short::render(out, report),
        Format::Json => json::render(out, report),
        Format::Jsonl => jsonl::render(out, report),
        Format::Sarif => sarif::render(out, report),
        Format::Github => github::render(out, report),
        Format::Gitlab => gitlab::render(out, report),
        Format::Junit => junit::render(out, report),
        Format::Checkstyle => checkstyle::render(out, report),
        Format::Rdjson => rdjson::render(out, report),
    }
}
