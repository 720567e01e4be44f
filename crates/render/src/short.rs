use std::io::{self, BufWriter, Write};

use nixpact_diagnostics::Diagnostic;
use nixpact_source::Sources;

use crate::place::Place;
use crate::visible::one_line;

/// Writes one line per finding: `path:line:column: error[lint]: message`, without the place where the
/// repository as a whole is meant.
pub(crate) fn render(
    out: &mut dyn Write,
    sources: &Sources,
    diagnostics: &[Diagnostic],
) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    for diagnostic in diagnostics {
        let primary = diagnostic.primary.as_ref();
        if let Some(place) = primary.and_then(|label| Place::of(sources, label.span)) {
            let start = place.start();
            write!(out, "{}:{}:{}: ", one_line(&place.file.path), start.line, start.column)?;
        }
        let severity = diagnostic.severity.as_str();
        writeln!(out, "{severity}[{}]: {}", diagnostic.lint, one_line(&diagnostic.message))?;
    }
    out.flush()
}
