//! An assertion of a host fails.

use nixpact_contract::{FailedAssertion, Host, Model};
use nixpact_diagnostics::Diagnostic;

use crate::lint::{Level, Sink, declare_lint};

declare_lint! {
    #[doc = include_str!("failed_assertion.md")]
    pub static FAILED_ASSERTION = {
        name: "failed-assertion",
        summary: "an assertion of a host fails",
        level: Level::Deny,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in &model.hosts {
        for assertion in &host.stops.assertions {
            sink.push(finding(host, assertion, sink));
        }
    }
}

fn finding(host: &Host, assertion: &FailedAssertion, sink: &Sink<'_>) -> Diagnostic {
    let text = assertion.message.as_deref().unwrap_or_default();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let message = match lines.next() {
        Some(line) => format!("Assertion fails: {line}"),
        None => "An assertion fails".to_owned(),
    };
    let mut finding = sink.finding(Some(host), message);
    if let Some(span) = assertion.span {
        finding = finding.primary(span, "this is false");
    }
    for line in lines {
        finding = finding.note(line);
    }
    match &assertion.module {
        Some(module) => finding.note(format!("It stands in {module}")),
        None => finding,
    }
}
