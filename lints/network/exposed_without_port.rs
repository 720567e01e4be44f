//! A service is exposed, and there is no port to which its users could be sent.

use nixpact_contract::{Contract, Datum, FieldState, Host, Model, Role, Service};
use nixpact_diagnostics::Diagnostic;

use crate::lint::{Level, Sink, declare_lint};
use crate::text::{fix, written};

declare_lint! {
    #[doc = include_str!("exposed_without_port.md")]
    pub static EXPOSED_WITHOUT_PORT = {
        name: "exposed-without-port",
        summary: "an exposed service has neither a port nor another backend",
        level: Level::Warn,
        check,
    }
}

/// Fields that name a backend without a port.
const BACKENDS: &[&str] = &[
    "backend",
    "files",
    "root",
    "rootDir",
    "socket",
    "socketPath",
    "unixSocket",
    "upstream",
    "webRoot",
];

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in model.machines() {
        for service in host.enabled() {
            let contract = &model.contracts[service.contract];
            if lacks_port(contract, service) {
                let finding = diagnostic(host, contract, service, sink);
                sink.push(finding);
            }
        }
    }
}

fn lacks_port(contract: &Contract, service: &Service) -> bool {
    let of = |role| service.role(contract, role);
    let is_exposed = of(Role::Exposed).is_some_and(|it| it.value.as_bool() == Some(true));
    // One that is required and missing another lint reports.
    let is_none = of(Role::Port).is_some_and(|port| {
        port.state != FieldState::Missing && matches!(port.value.datum, Datum::Null | Datum::Int(0))
    });
    let has_backend = |datum: &Datum| match datum {
        Datum::Null => false,
        Datum::Str(text) => !text.is_empty(),
        _ => true,
    };
    let others = BACKENDS.iter().filter_map(|name| contract.field(name));
    let mut others = others.map(|at| &service.fields[at]).chain(of(Role::Url));
    is_exposed && is_none && !others.any(|field| has_backend(&field.value.datum))
}

fn diagnostic(host: &Host, contract: &Contract, service: &Service, sink: &Sink<'_>) -> Diagnostic {
    let message = format!("Service '{}' is exposed without a port", service.name);
    let mut finding = sink.finding(Some(host), message).service(&service.name);
    let written = |role| written(contract, service, role);
    if let Some(span) = written(Role::Exposed).or(service.span) {
        finding = finding.primary(span, "the proxy is told to route to it");
    }
    if let Some(span) = written(Role::Port) {
        finding = finding.secondary(span, "this is no port");
    }
    let Some(decl) = contract.role(Role::Port) else { return finding };
    if let Some(law) = decl.span {
        finding = finding.secondary(law, "the contract declares the port here");
    }
    finding.note(fix(contract, &service.name, &decl.name, "8080"))
}
