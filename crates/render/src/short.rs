use std::io::{self, BufWriter, Write};

use crate::Report;
use crate::place::Place;
use crate::visible::one_line;

/// Writes one line per finding: `path:line:column: error[lint]: message`, without the place where the
/// repository as a whole is meant.
pub(crate) fn render(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    for diagnostic in report.diagnostics {
        if let Some(place) = Place::primary(report.sources, diagnostic) {
            let start = place.start();
            write!(out, "{}:{}:{}: ", one_line(&place.file.path), start.line, start.column)?;
        }
        let severity = diagnostic.severity.as_str();
        writeln!(out, "{severity}[{}]: {}", diagnostic.lint, one_line(&diagnostic.message))?;
    }
    out.flush()
}
