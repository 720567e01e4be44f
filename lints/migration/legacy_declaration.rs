//! A service is still declared in the legacy contract.

use nixpact_contract::{Enabled, Host, Model, Service};
use nixpact_diagnostics::Diagnostic;

use crate::lint::{Level, Sink, declare_lint};
use crate::text::{migrated, path};

declare_lint! {
    #[doc = include_str!("legacy_declaration.md")]
    pub static LEGACY_DECLARATION = {
        name: "legacy-declaration",
        summary: "a service is still declared in the legacy contract",
        level: Level::Note,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in model.hosts.iter().chain(&model.loose) {
        let is_legacy = |it: &&Service| model.contracts[it.contract].is_legacy;
        for service in host.services.iter().filter(is_legacy) {
            let other = migrated(model, host, service);
            let is_left = match other {
                None => true,
                // Until the cut-over the legacy declaration is the one that counts.
                Some(other) => other.enabled == Enabled::No,
            };
            if is_left {
                sink.push(finding(model, host, service, other, sink));
            }
        }
    }
}

fn finding(
    model: &Model,
    host: &Host,
    service: &Service,
    other: Option<&Service>,
    sink: &Sink<'_>,
) -> Diagnostic {
    let name = &service.name;
    let legacy = &model.contracts[service.contract].option;
    let message = format!("Service '{name}' is still declared in {legacy}");
    let mut finding = sink.finding(Some(host), message).service(name);
    if let Some(span) = service.span {
        finding = finding.primary(span, "in the legacy contract");
    }
    let contract = model.contracts.iter().find(|contract| !contract.is_legacy);
    match (other, contract) {
        (Some(other), _) => match other.span {
            Some(span) => finding.secondary(span, "its new declaration is not enabled yet"),
            None => finding,
        },
        (None, Some(contract)) => {
            finding.note(format!("Fix: declare it as {}", path(contract, name)))
        }
        (None, None) => finding,
    }
}
