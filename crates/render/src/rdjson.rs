use std::borrow::Cow;
use std::io::{self, BufWriter, Write};

use nixpact_diagnostics::{Applicability, Diagnostic, Edit, Label, Severity};
use nixpact_source::{Sources, Span};
use serde::Serialize;

use crate::Report;
use crate::place::{Place, fits, whole_repository};
use crate::rule::{REPOSITORY, url};
use crate::text::with_notes;

/// Writes reviewdog's Diagnostic Format (`reviewdog.rdf.DiagnosticResult`).
pub(crate) fn render(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let diagnostics = report.diagnostics.iter().map(|it| Finding::new(report, it)).collect();
    let source = Source { name: "nixpact", url: REPOSITORY };
    let mut out = BufWriter::new(out);
    serde_json::to_writer_pretty(&mut out, &DiagnosticResult { source, diagnostics })?;
    writeln!(out)?;
    out.flush()
}

#[derive(Serialize)]
struct DiagnosticResult<'a> {
    source: Source<'a>,
    diagnostics: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Source<'a> {
    name: &'a str,
    url: &'a str,
}

#[derive(Serialize)]
struct Finding<'a> {
    message: String,
    location: Location<'a>,
    severity: &'a str,
    code: Code<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Related<'a>>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

/// Both from 1; a column counts bytes of UTF-8.
#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct Suggestion<'a> {
    range: Range,
    text: &'a str,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    location: Location<'a>,
}

impl<'a> Finding<'a> {
    fn new(report: &Report<'a>, diagnostic: &'a Diagnostic) -> Finding<'a> {
        let place = Place::primary(report.sources, diagnostic);
        let nowhere = || {
            let path = report.hosted(whole_repository(report.sources));
            Location { path, range: None }
        };
        let located = |place: &Place<'a>| Location::of(report, place);
        Finding {
            message: with_notes(diagnostic),
            location: place.as_ref().map_or_else(nowhere, located),
            severity: severity(diagnostic.severity),
            code: Code { value: diagnostic.lint, url: url(report.rules, diagnostic.lint) },
            suggestions: suggestions(report.sources, diagnostic).unwrap_or_default(),
            related_locations: related(report, diagnostic),
        }
    }
}

impl<'a> Location<'a> {
    fn of(report: &Report<'_>, place: &Place<'a>) -> Location<'a> {
        Location { path: report.hosted(&place.file.path), range: Some(Range::of(place)) }
    }
}

impl Range {
    fn of(place: &Place<'_>) -> Range {
        let position = |offset: u32, line: u32| {
            let before = &place.file.text.as_bytes()[..offset as usize];
            let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            Position { line, column: (before.len() - line_start) as u32 + 1 }
        };
        Range {
            start: position(place.start, place.start().line),
            end: position(place.end, place.end().line),
        }
    }
}

/// The edits of the fix. reviewdog applies each of them alone and in the file of the finding: `None`
/// where that would not be the fix.
fn suggestions<'a>(sources: &Sources, diagnostic: &'a Diagnostic) -> Option<Vec<Suggestion<'a>>> {
    let fix = diagnostic.fix.as_ref()?;
    let [Edit { span, text }] = &fix.edits[..] else { return None };
    let primary: Span = diagnostic.primary.as_ref()?.span;
    let applies = fix.applicability > Applicability::DisplayOnly
        && span.file == primary.file
        && fits(sources, *span);
    let place = Place::of(sources, *span).filter(|_| applies)?;
    Some(vec![Suggestion { range: Range::of(&place), text }])
}

fn related<'a>(report: &Report<'a>, diagnostic: &'a Diagnostic) -> Vec<Related<'a>> {
    let related = |label: &'a Label| {
        let location = Location::of(report, &Place::of(report.sources, label.span)?);
        Some(Related { message: &label.message, location })
    };
    diagnostic.secondary.iter().filter_map(related).collect()
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "INFO",
        Severity::Warning => "WARNING",
        Severity::Error => "ERROR",
    }
}
