//! Nix stops before it has a host.

use nixpact_contract::{Failure, Model};
use nixpact_diagnostics::Diagnostic;

use crate::lint::{Level, Sink, declare_lint};

declare_lint! {
    #[doc = include_str!("evaluation_error.md")]
    pub static EVALUATION_ERROR = {
        name: "evaluation-error",
        summary: "Nix stops with an error before it has a host",
        level: Level::Deny,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for failure in &model.failures {
        let finding =
            sink.finding(None, format!("Nix stops before it has all hosts: {}", failure.message));
        sink.push(placed(finding, failure, model));
    }
    for host in &model.hosts {
        let Some(failure) = &host.stops.failure else { continue };
        let message = format!("Nix stops while it looks for modules: {}", failure.message);
        sink.push(placed(sink.finding(Some(host), message), failure, model));
    }
}

fn placed(mut finding: Diagnostic, failure: &Failure, model: &Model) -> Diagnostic {
    let mut around = failure.around.iter();
    let first = failure.span.map(|span| ("Nix stops here".to_owned(), span));
    // It may stop in another flake, which nothing of the repository surrounds.
    let outputs = || Some(("of these outputs".to_owned(), model.outputs?));
    if let Some((label, span)) = first.or_else(|| around.next().cloned()).or_else(outputs) {
        finding = finding.primary(span, label);
    }
    around.fold(finding, |finding, (what, span)| finding.secondary(*span, what.clone()))
}
