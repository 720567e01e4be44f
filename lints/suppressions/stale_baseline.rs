//! The baseline holds a finding that is gone.

use crate::decisions::Decisions;
use crate::lint::{Level, Sink, declare_lint};

declare_lint! {
    #[doc = include_str!("stale_baseline.md")]
    pub static STALE_BASELINE = {
        name: "stale-baseline",
        summary: "the baseline holds a finding that is gone",
        level: Level::Warn,
        check: Decisions,
    }
}

fn check(decisions: &Decisions, sink: &mut Sink<'_>) {
    for entry in &decisions.stale {
        let place = match entry.file.as_str() {
            "" => String::new(),
            file => format!(" in {file}"),
        };
        let message = format!("The baseline's {}{place} is gone", entry.lint);
        let mut finding = sink.finding(None, message);
        if !entry.text.is_empty() {
            finding = finding.note(format!("It was found in: {}", entry.text));
        }
        finding = entry.services.iter().fold(finding, |finding, name| finding.service(name));
        sink.push(finding.note("Fix: nixpact baseline write"));
    }
}
