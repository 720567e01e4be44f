use std::borrow::Cow;
use std::io::{self, BufWriter, Write};

use nixpact_diagnostics::{Diagnostic, Severity};

use crate::Report;
use crate::place::{Place, whole_repository};
use crate::text::with_notes;
use crate::xml::attribute;

/// Writes a report as Checkstyle does: findings below their files, in the order given.
pub(crate) fn render(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(out, r#"<checkstyle version="4.3">"#)?;
    for group in report.diagnostics.chunk_by(|a, b| path(report, a) == path(report, b)) {
        let Some(first) = group.first() else { continue };
        writeln!(out, r#"  <file name="{}">"#, attribute(&path(report, first)))?;
        for diagnostic in group {
            error(&mut out, report, diagnostic)?;
        }
        writeln!(out, "  </file>")?;
    }
    writeln!(out, "</checkstyle>")?;
    out.flush()
}

fn path<'a>(report: &Report<'a>, diagnostic: &Diagnostic) -> Cow<'a, str> {
    let place = Place::primary(report.sources, diagnostic);
    report.hosted(place.map_or(whole_repository(report.sources), |place| &place.file.path))
}

fn error(out: &mut impl Write, report: &Report<'_>, diagnostic: &Diagnostic) -> io::Result<()> {
    let start = Place::primary(report.sources, diagnostic).map(|place| place.start());
    let (line, column) = start.map_or((1, 1), |start| (start.line, start.column));
    let severity = severity(diagnostic.severity);
    let (message, lint) = (with_notes(diagnostic), diagnostic.lint);
    write!(out, r#"    <error line="{line}" column="{column}" severity="{severity}" "#)?;
    writeln!(out, r#"message="{}" source="nixpact.{}"/>"#, attribute(&message), attribute(lint))
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}
