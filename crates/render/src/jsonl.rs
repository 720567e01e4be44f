use std::io::{self, BufWriter, Write};

use crate::Report;
use crate::json::Finding;

/// Writes one line per finding: a member of `diagnostics` in the JSON report.
pub(crate) fn render(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    for diagnostic in report.diagnostics {
        serde_json::to_writer(&mut out, &Finding::new(report.sources, diagnostic))?;
        writeln!(out)?;
    }
    out.flush()
}
