//! A service uses a database, and its unit does not wait for that of the database.

use nixpact_contract::{Host, Model, Ordering, Role};
use nixpact_diagnostics::Diagnostic;

use crate::lint::{Level, Sink, declare_lint};
use crate::text::value_span;

declare_lint! {
    #[doc = include_str!("ordering_missing.md")]
    pub static ORDERING_MISSING = {
        name: "ordering-missing",
        summary: "a service uses a database and does not start after it",
        level: Level::Warn,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in &model.hosts {
        for ordering in host.orderings.iter().filter(|ordering| !ordering.is_ordered) {
            sink.push(unordered(model, host, ordering, sink));
        }
    }
}

fn unordered(model: &Model, host: &Host, ordering: &Ordering, sink: &Sink<'_>) -> Diagnostic {
    let (name, server) = (&*ordering.service, &ordering.server);
    let message = format!("Service '{name}' uses a database and does not start after {server}");
    let mut finding = sink.finding(Some(host), message).service(name);
    if let Some(span) = ordering.span {
        finding = finding.primary(span, format!("{} is defined here", ordering.unit));
    }
    let service = host.enabled().find(|service| service.name == name);
    let databases = service.and_then(|service| {
        service.role(&model.contracts[service.contract], Role::Databases).and_then(value_span)
    });
    if let Some(span) = databases {
        finding = finding.secondary(span, "the service declares its databases here");
    }
    if let Some(span) = ordering.wants {
        finding = finding.secondary(span, "this starts both, and does not say which comes first");
    }
    finding.note(format!("Fix: {}", after(ordering)))
}

/// The line that orders the unit.
fn after(ordering: &Ordering) -> String {
    let (option, server) = (&ordering.option, &ordering.server);
    let unit = ordering.unit.trim_end_matches(".service");
    if option.contains(".quadlet.") {
        format!("{option}.unitConfig.After = [ \"{server}\" ];")
    } else {
        format!("systemd.services.{unit}.after = [ \"{server}\" ];")
    }
}
