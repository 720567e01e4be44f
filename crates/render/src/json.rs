use std::io::{self, BufWriter, Write};

use nixpact_diagnostics::{Diagnostic, Edit, Fix, Label};
use nixpact_source::{LineColumn, Sources};
use serde::Serialize;

use crate::place::{Place, fits};
use crate::{Report, Summary};

/// Writes version 1 of the JSON report: indented by two spaces, a line feed at the end.
pub(crate) fn render(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let findings = report.diagnostics.iter().map(|it| Finding::new(report.sources, it));
    let document =
        Document { version: 1, summary: report.summary, diagnostics: findings.collect() };
    let mut out = BufWriter::new(out);
    serde_json::to_writer_pretty(&mut out, &document)?;
    writeln!(out)?;
    out.flush()
}

// The order of the fields below is the order in the report; the names are its public interface.

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    summary: &'a Summary,
    diagnostics: Vec<Finding<'a>>,
}

#[derive(Serialize)]
pub(crate) struct Finding<'a> {
    lint: &'a str,
    severity: &'a str,
    message: &'a str,
    host: Option<&'a str>,
    services: &'a [String],
    primary: Option<Labelled<'a>>,
    secondary: Vec<Labelled<'a>>,
    notes: &'a [String],
    fix: Option<Repair<'a>>,
    #[serde(skip_serializing_if = "str::is_empty")]
    fingerprint: &'a str,
}

#[derive(Serialize)]
struct Labelled<'a> {
    file: &'a str,
    label: &'a str,
    start: Position,
    end: Position,
}

/// Line and column start at 1, and a column counts Unicode scalar values; the byte starts at 0.
#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
    byte: u32,
}

#[derive(Serialize)]
struct Repair<'a> {
    applicability: &'a str,
    edits: Vec<Replacement<'a>>,
}

/// Replaces the bytes `start..end` (0-based) of `file`.
#[derive(Serialize)]
struct Replacement<'a> {
    file: &'a str,
    start: u32,
    end: u32,
    text: &'a str,
}

impl<'a> Finding<'a> {
    pub fn new(sources: &'a Sources, diagnostic: &'a Diagnostic) -> Finding<'a> {
        let labelled = |label: &'a Label| Labelled::new(sources, label);
        Finding {
            lint: diagnostic.lint,
            severity: diagnostic.severity.as_str(),
            message: &diagnostic.message,
            host: diagnostic.host.as_deref(),
            services: &diagnostic.services,
            primary: diagnostic.primary.as_ref().and_then(labelled),
            secondary: diagnostic.secondary.iter().filter_map(labelled).collect(),
            notes: &diagnostic.notes,
            fix: diagnostic.fix.as_ref().and_then(|fix| Repair::new(sources, fix)),
            fingerprint: &diagnostic.fingerprint,
        }
    }
}

impl<'a> Labelled<'a> {
    fn new(sources: &'a Sources, label: &'a Label) -> Option<Labelled<'a>> {
        let place = Place::of(sources, label.span)?;
        Some(Labelled {
            file: &place.file.path,
            label: &label.message,
            start: Position::new(place.start(), place.start),
            end: Position::new(place.end(), place.end),
        })
    }
}

impl Position {
    fn new(at: LineColumn, byte: u32) -> Position {
        Position { line: at.line, column: at.column, byte }
    }
}

impl<'a> Repair<'a> {
    /// `None` when an edit does not fit its file: unlike a label, an edit must not be moved to where
    /// it was not meant, and the others make no sense without it.
    fn new(sources: &'a Sources, fix: &'a Fix) -> Option<Repair<'a>> {
        let replacement = |edit: &'a Edit| {
            debug_assert!(fits(sources, edit.span), "{:?} is not a range of its file", edit.span);
            fits(sources, edit.span).then(|| Replacement {
                file: &sources.file(edit.span.file).path,
                start: edit.span.start,
                end: edit.span.end,
                text: &edit.text,
            })
        };
        let edits = fix.edits.iter().map(replacement).collect::<Option<_>>()?;
        Some(Repair { applicability: fix.applicability.as_str(), edits })
    }
}
