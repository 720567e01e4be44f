use nixpact_diagnostics::Diagnostic;

use crate::Report;
use crate::place::Place;

/// The message with its notes below it, one to a line.
pub(crate) fn with_notes(diagnostic: &Diagnostic) -> String {
    let notes = diagnostic.notes.iter().map(String::as_str);
    let lines: Vec<&str> = std::iter::once(diagnostic.message.as_str()).chain(notes).collect();
    lines.join("\n")
}

/// The message, what is said of each place as `path:line:column: label`, and the notes, one to a line.
pub(crate) fn with_places(report: &Report<'_>, diagnostic: &Diagnostic) -> String {
    let labels = diagnostic.primary.iter().chain(&diagnostic.secondary);
    let places = labels.filter_map(|label| {
        let place = Place::of(report.sources, label.span)?;
        let start = place.start();
        let separator = if label.message.is_empty() { "" } else { ": " };
        let path = report.hosted(&place.file.path);
        Some(format!("{path}:{}:{}{separator}{}", start.line, start.column, label.message))
    });
    let message = std::iter::once(diagnostic.message.clone());
    let lines: Vec<String> =
        message.chain(places).chain(diagnostic.notes.iter().cloned()).collect();
    lines.join("\n")
}
