use std::borrow::Cow;
use std::io::{self, BufWriter, Write};

use nixpact_diagnostics::{Diagnostic, Severity};
use serde::Serialize;

use crate::Report;
use crate::fingerprint::Fingerprints;
use crate::place::{Place, whole_repository};
use crate::text::with_notes;

/// Writes GitLab's Code Quality report: a list of the issues of Code Climate.
pub(crate) fn render(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    // GitLab shows one issue of those with one fingerprint.
    let mut fingerprints = Fingerprints::default();
    let issues: Vec<Issue<'_>> = report
        .diagnostics
        .iter()
        .map(|diagnostic| Issue {
            description: with_notes(diagnostic),
            check_name: diagnostic.lint,
            fingerprint: fingerprints.distinct(report.sources, diagnostic),
            severity: severity(diagnostic.severity),
            location: Location::of(report, diagnostic),
        })
        .collect();
    let mut out = BufWriter::new(out);
    serde_json::to_writer_pretty(&mut out, &issues)?;
    writeln!(out)?;
    out.flush()
}

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'a str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: Cow<'a, str>,
    lines: Lines,
}

/// Both from 1, inclusive.
#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

impl<'a> Location<'a> {
    fn of(report: &Report<'a>, diagnostic: &Diagnostic) -> Location<'a> {
        match Place::primary(report.sources, diagnostic) {
            Some(place) => {
                let lines = Lines { begin: place.start().line, end: place.end().line };
                Location { path: report.hosted(&place.file.path), lines }
            }
            None => {
                let path = report.hosted(whole_repository(report.sources));
                Location { path, lines: Lines { begin: 1, end: 1 } }
            }
        }
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "info",
        Severity::Warning => "minor",
        Severity::Error => "major",
    }
}
