//! A value needs itself to be computed.

use nixpact_contract::{Asked, Host, Model, Recursion};
use nixpact_diagnostics::Diagnostic;
use nixpact_source::Span;

use crate::lint::{Level, Sink, declare_lint};

declare_lint! {
    #[doc = include_str!("infinite_recursion.md")]
    pub static INFINITE_RECURSION = {
        name: "infinite-recursion",
        summary: "a value needs itself to be computed",
        level: Level::Deny,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in &model.hosts {
        for span in &host.stops.cycles {
            sink.push(of_imports(host, *span, sink));
        }
        for recursion in &host.stops.recursions {
            sink.push(of_option(host, recursion, sink));
        }
        for service in &host.services {
            for recursion in &service.recursions {
                sink.push(of_option(host, recursion, sink).service(&service.name));
            }
        }
    }
}

fn of_imports(host: &Host, span: Span, sink: &Sink<'_>) -> Diagnostic {
    sink.finding(Some(host), "Which modules are imported depends on what they define")
        .primary(span, "'config' is known only when all modules are")
        .note("Nix says: infinite recursion encountered")
        .note(
            "Fix: import the module always, and put lib.mkIf around what it defines; or decide by \
             an argument from specialArgs",
        )
}

fn of_option(host: &Host, recursion: &Recursion, sink: &Sink<'_>) -> Diagnostic {
    let message = format!("The value of option '{}' needs itself", recursion.option);
    let mut finding = sink.finding(Some(host), message);
    let count = recursion.steps.len();
    // The first step is the one that the others lead back to.
    let mut asked: Vec<&Asked> = recursion.steps.iter().cycle().skip(1).take(count).collect();
    // A use of a variable says less than one of an option.
    let first = asked.iter().position(|step| step.option.is_some()).unwrap_or_default();
    asked.rotate_left(first);
    for (at, step) in asked.into_iter().enumerate() {
        let again = if at + 1 == count && count > 1 { " again" } else { "" };
        let label = match &step.option {
            Some(option) => format!("this needs '{option}'{again}"),
            None => format!("this needs its value{again}"),
        };
        finding = match at {
            0 => finding.primary(step.span, label),
            _ => finding.secondary(step.span, label),
        };
    }
    finding
        .note("Nix says: infinite recursion encountered")
        .note("Fix: let one of these values depend on something else")
}
