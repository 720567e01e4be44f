use std::fmt::Write as _;
use std::io::{self, BufWriter, Write};

use nixpact_diagnostics::{Diagnostic, Severity};

use crate::Report;
use crate::place::Place;
use crate::text::with_places;
use crate::visible::visible;

/// Writes one workflow command per finding, which GitHub shows beside the line
/// (`@actions/core`, `command.ts`).
pub(crate) fn render(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    for diagnostic in report.diagnostics {
        let name = command(diagnostic.severity);
        let properties = properties(report, diagnostic);
        // The log interprets escape sequences.
        let text = visible(&with_places(report, diagnostic)).into_owned();
        writeln!(out, "::{name} {properties}::{}", escaped(&text, DATA))?;
    }
    out.flush()
}

fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "notice",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// Without a place, GitHub shows the finding for the run as a whole.
fn properties(report: &Report<'_>, diagnostic: &Diagnostic) -> String {
    let mut text = format!("title={}", escaped(diagnostic.lint, PROPERTY));
    let Some(place) = Place::primary(report.sources, diagnostic) else { return text };
    let (start, end) = (place.start(), place.end());
    let path = report.hosted(&place.file.path);
    let path = escaped(&visible(&path), PROPERTY);
    let _ = write!(text, ",file={path},line={},endLine={}", start.line, end.line);
    // Columns are refused where a finding covers several lines.
    if start.line == end.line {
        let _ = write!(text, ",col={},endColumn={}", start.column, end.column);
    }
    text
}

/// What `escapeData` of `@actions/core` escapes; the percent sign comes first.
const DATA: &[(char, &str)] = &[('%', "%25"), ('\r', "%0D"), ('\n', "%0A")];

/// What `escapeProperty` of `@actions/core` escapes.
const PROPERTY: &[(char, &str)] =
    &[('%', "%25"), ('\r', "%0D"), ('\n', "%0A"), (':', "%3A"), (',', "%2C")];

fn escaped(text: &str, table: &[(char, &str)]) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match table.iter().find(|(special, _)| *special == character) {
            Some((_, escape)) => shown.push_str(escape),
            None => shown.push(character),
        }
    }
    shown
}
