use std::collections::BTreeMap;

use nixpact_diagnostics::{Diagnostic, Severity};
use serde::Serialize;

/// What a run looked at and how much it found, as in the JSON report (whose field order this is).
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize)]
pub struct Summary {
    pub errors: usize,
    pub warnings: usize,
    pub notes: usize,
    /// Findings that a comment or the baseline keeps.
    pub suppressed: usize,
    /// The `.nix` files that were read.
    pub files: usize,
    pub services: usize,
    pub hosts: usize,
    pub values: Values,
}

/// The values of contract fields, by whether nixpact could tell them.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize)]
pub struct Values {
    pub known: usize,
    pub unknown: usize,
    /// The unknown ones by the kind of their reason, such as `external`.
    pub reasons: BTreeMap<&'static str, usize>,
}

impl Summary {
    /// Counts `diagnostics` by severity; everything else is 0, to be filled in with
    /// `Summary { files, services, hosts, values, ..Summary::counting(diagnostics) }`.
    pub fn counting(diagnostics: &[Diagnostic]) -> Summary {
        let count = |severity| diagnostics.iter().filter(|it| it.severity == severity).count();
        Summary {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            notes: count(Severity::Note),
            ..Summary::default()
        }
    }
}

/// The summary as one line for people, without a line feed:
/// `3 errors, 1 warning in 31 files, 17 services on 1 host; 204 of 207 contract values known`.
///
/// A severity without findings is left out, and so are the values where there are none.
pub fn summary_line(summary: &Summary) -> String {
    let findings: Vec<String> =
        [(summary.errors, "error"), (summary.warnings, "warning"), (summary.notes, "note")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, noun)| counted(count, noun))
            .collect();
    let mut line = format!(
        "{} in {}, {} on {}",
        if findings.is_empty() { "no findings".to_owned() } else { findings.join(", ") },
        counted(summary.files, "file"),
        counted(summary.services, "service"),
        counted(summary.hosts, "host"),
    );
    if summary.suppressed > 0 {
        line += &format!("; {} suppressed", summary.suppressed);
    }
    let Values { known, unknown, .. } = summary.values;
    let all = known.saturating_add(unknown);
    if all > 0 {
        line += &format!("; {known} of {} known", counted(all, "contract value"));
    }
    line
}

/// All nouns used here form their plural with `s`.
fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severities_are_counted() {
        let severities = [Severity::Error, Severity::Note, Severity::Error, Severity::Warning];
        let diagnostics = severities.map(|severity| Diagnostic::new("lint", severity, "message"));
        let expected = Summary { errors: 2, warnings: 1, notes: 1, ..Summary::default() };
        assert_eq!(Summary::counting(&diagnostics), expected);
    }

    #[test]
    fn many_of_each() {
        let values = Values { known: 204, unknown: 3, ..Values::default() };
        let summary = Summary {
            errors: 3,
            warnings: 1,
            notes: 0,
            suppressed: 2,
            files: 31,
            services: 17,
            hosts: 1,
            values,
        };
        assert_eq!(
            summary_line(&summary),
            "3 errors, 1 warning in 31 files, 17 services on 1 host; 2 suppressed; 204 of 207 contract values known"
        );
    }

    #[test]
    fn one_of_each() {
        let values = Values { known: 1, ..Values::default() };
        let summary = Summary {
            errors: 1,
            notes: 1,
            files: 1,
            services: 1,
            hosts: 2,
            values,
            ..Summary::default()
        };
        assert_eq!(
            summary_line(&summary),
            "1 error, 1 note in 1 file, 1 service on 2 hosts; 1 of 1 contract value known"
        );
    }

    #[test]
    fn nothing_at_all() {
        assert_eq!(
            summary_line(&Summary::default()),
            "no findings in 0 files, 0 services on 0 hosts"
        );
    }
}
