//! A service is exposed, and there is no name under which users could reach it.

use nixpact_contract::{Contract, Host, Model, Role, Service};
use nixpact_diagnostics::Diagnostic;

use super::host_name::Part;
use crate::lint::{Level, Sink, declare_lint};
use crate::text::{fix, written};

declare_lint! {
    #[doc = include_str!("exposed_without_hostname.md")]
    pub static EXPOSED_WITHOUT_HOSTNAME = {
        name: "exposed-without-hostname",
        summary: "an exposed service has no domain",
        level: Level::Warn,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in model.machines() {
        for service in host.enabled() {
            let contract = &model.contracts[service.contract];
            if lacks_name(contract, service) {
                let finding = diagnostic(host, contract, service, sink);
                sink.push(finding);
            }
        }
    }
}

/// Whether the domain is surely empty, and no subdomain is a whole name of its own.
fn lacks_name(contract: &Contract, service: &Service) -> bool {
    let exposed = service.role(contract, Role::Exposed);
    let is_exposed = exposed.is_some_and(|it| it.value.as_bool() == Some(true));
    let has_no_domain = contract.role(Role::Domain).is_some()
        && matches!(Part::of(contract, service, Role::Domain), Part::Absent | Part::Text(""));
    let is_whole = match Part::of(contract, service, Role::Subdomain) {
        Part::Absent => false,
        Part::Text(name) => name.contains('.'),
        Part::Unknown => true,
    };
    is_exposed && has_no_domain && !is_whole
}

fn diagnostic(host: &Host, contract: &Contract, service: &Service, sink: &Sink<'_>) -> Diagnostic {
    let message = format!("Service '{}' is exposed without a host name", service.name);
    let mut finding = sink.finding(Some(host), message).service(&service.name);
    let written = |role| written(contract, service, role);
    if let Some(span) = written(Role::Exposed).or(service.span) {
        finding = finding.primary(span, "the proxy is told to route to it");
    }
    if let Some(span) = written(Role::Domain) {
        finding = finding.secondary(span, "this is no domain");
    }
    let Some(decl) = contract.role(Role::Domain) else { return finding };
    if let Some(law) = decl.span {
        finding = finding.secondary(law, "the contract declares the domain here");
    }
    finding.note(fix(contract, &service.name, &decl.name, "\"example.org\""))
}
