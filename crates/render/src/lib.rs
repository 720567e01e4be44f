//! Findings as text, for people and for programs.
//!
//! Architecture Invariant: this crate decides how a finding looks and nothing else. It knows neither
//! syntax nor evaluation, reads no file, asks no terminal what it can do (the caller has decided on
//! colour) and never reorders, drops or merges findings. Same arguments, same bytes.
//!
//! Text of the repository is data: [`Format::Human`], [`Format::Short`] and [`table()`] pass no control
//! character of a source line, a path or a message on to the terminal.

mod files;
mod human;
mod json;
mod place;
mod short;
mod summary;
mod table;
mod visible;

use std::io;

use nixpact_diagnostics::Diagnostic;
use nixpact_source::Sources;

pub use summary::{Summary, Values, summary_line};
pub use table::table;

/// How findings are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// Like rustc: each finding with the source lines it is about. For reading.
    Human,
    /// One line per finding, `path:line:column: error[lint]: message`, as compilers print them. For
    /// `grep` and editors.
    Short,
    /// Version 1 of the JSON report. For programs; stable.
    Json,
}

/// Whether [`Format::Human`] uses ANSI colours; the other formats never do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Color {
    Always,
    Never,
}

/// Writes `diagnostics`, in the order given, to `out`.
///
/// `sources` are the files that the spans of `diagnostics` point into. Paths are written relative to
/// their root, with `/`; lines and columns start at 1, and a column counts Unicode scalar values.
/// `summary` is part of the JSON report only; for people the caller prints [`summary_line`].
///
/// # Errors
///
/// When `out` fails.
pub fn render(
    out: &mut dyn io::Write,
    format: Format,
    color: Color,
    sources: &Sources,
    diagnostics: &[Diagnostic],
    summary: &Summary,
) -> io::Result<()> {
    match format {
        Format::Human => human::render(out, color, sources, diagnostics),
        Format::Short => short::render(out, sources, diagnostics),
        Format::Json => json::render(out, sources, diagnostics, summary),
    }
}
