//! `nixpact check --statistics`: how many findings of each lint.

use std::collections::BTreeMap;
use std::io::{self, Write};

use nixpact_diagnostics::{Applicability, Diagnostic, Severity};
use serde::Serialize;

/// The findings of one lint and severity.
#[derive(Serialize)]
struct Row {
    lint: &'static str,
    severity: &'static str,
    count: usize,
    /// Those with a fix that `--fix` or `--fix --unsafe-fixes` applies.
    fixable: usize,
}

/// Prints a table, the most frequent lint first, or the same as JSON.
pub fn write(out: &mut dyn Write, findings: &[Diagnostic], as_json: bool) -> io::Result<()> {
    let rows = rows(findings);
    if as_json {
        serde_json::to_writer_pretty(&mut *out, &rows)?;
        return writeln!(out);
    }
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let (count, fixable) = (row.count.to_string(), row.fixable.to_string());
            vec![count, fixable, row.severity.to_owned(), row.lint.to_owned()]
        })
        .collect();
    nixpact_render::table(out, &["COUNT", "FIXABLE", "SEVERITY", "LINT"], &cells)
}

fn rows(findings: &[Diagnostic]) -> Vec<Row> {
    let mut counts: BTreeMap<(&'static str, Severity), (usize, usize)> = BTreeMap::new();
    for finding in findings {
        let (count, fixable) = counts.entry((finding.lint, finding.severity)).or_default();
        *count += 1;
        let is_fixable =
            |fix: &nixpact_diagnostics::Fix| fix.applicability >= Applicability::Unsafe;
        *fixable += usize::from(finding.fix.as_ref().is_some_and(is_fixable));
    }
    let mut rows: Vec<Row> = counts
        .into_iter()
        .map(|((lint, severity), (count, fixable))| Row {
            lint,
            severity: severity.as_str(),
            count,
            fixable,
        })
        .collect();
    rows.sort_by(|a, b| b.count.cmp(&a.count).then(a.lint.cmp(b.lint)));
    rows
}
