//! Two services of one host answer to the same name.

use std::collections::BTreeMap;

use nixpact_contract::{Contract, Datum, Host, Model, Role, Service};
use nixpact_diagnostics::Diagnostic;
use nixpact_source::Span;

use super::host_name::{host_name, is_exposed, name_field};
use crate::lint::{Level, Sink, declare_lint};
use crate::text::{fix, origin, value_span};

declare_lint! {
    #[doc = include_str!("duplicate_hostname.md")]
    pub static DUPLICATE_HOSTNAME = {
        name: "duplicate-hostname",
        summary: "two exposed services of one host have the same host name",
        level: Level::Deny,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in model.machines() {
        let mut by_name: BTreeMap<String, Vec<&Service>> = BTreeMap::new();
        for service in host.enabled() {
            let contract = &model.contracts[service.contract];
            if is_exposed(contract, service)
                && is_a_route(contract)
                && let Some(name) = host_name(model, service)
            {
                by_name.entry(name).or_default().push(service);
            }
        }
        for (name, mut services) in by_name {
            services.sort_by(|a, b| a.name.cmp(&b.name));
            for (at, service) in services.iter().enumerate() {
                let mut earlier = services[..at].iter();
                if let Some(other) = earlier.find(|other| collide(model, service, other)) {
                    let finding = diagnostic(model, host, &name, (other, service), sink);
                    sink.push(finding);
                }
            }
        }
    }
}

/// Whether the host name of a contract is that of a route: it has a backend, or says who is exposed.
fn is_a_route(contract: &Contract) -> bool {
    [Role::Exposed, Role::Port, Role::Url].iter().any(|role| contract.role(*role).is_some())
}

/// Fields that tell two routes of one host name apart.
const PATHS: &[&str] =
    &["basePath", "location", "path", "pathPrefix", "paths", "prefix", "priority", "route", "rule"];

fn collide(model: &Model, a: &Service, b: &Service) -> bool {
    // While a service moves from one contract to another it stands in both.
    if a.name == b.name || a.contract != b.contract {
        return false;
    }
    let contract = &model.contracts[a.contract];
    // What all services have by default tells none of them from the others.
    let says = |service| name_field(contract, service).is_some_and(|it| !it.definitions.is_empty());
    if !says(a) && !says(b) {
        return false;
    }
    PATHS.iter().filter_map(|name| contract.field(name)).all(|at| {
        let (a, b) = (&a.fields[at].value.datum, &b.fields[at].value.datum);
        !matches!(a, Datum::Unknown(_) | Datum::Template { .. }) && a == b
    })
}

/// Where the name of a service is said.
fn place(contract: &Contract, service: &Service) -> Option<Span> {
    let field = name_field(contract, service).filter(|field| !field.definitions.is_empty());
    field.and_then(value_span).or(service.span)
}

fn diagnostic(
    model: &Model,
    host: &Host,
    name: &str,
    (other, service): (&Service, &Service),
    sink: &Sink<'_>,
) -> Diagnostic {
    let contract = &model.contracts[service.contract];
    let message =
        format!("Host name '{name}' conflict between '{}' and '{}'", other.name, service.name);
    let visibility =
        |service| Service::role(service, contract, Role::Type).map(|it| &it.value.datum);
    let mut finding = match visibility(service) == visibility(other) {
        true => sink.finding(Some(host), message),
        // They may be served on different addresses.
        false => sink
            .possible(Some(host), message)
            .note("Unless users of the one type never meet the routes of the other"),
    };
    finding = finding.service(&service.name).service(&other.name);
    let shown = place(contract, service);
    if let Some(span) = shown {
        finding = finding.primary(span, format!("'{}' answers to it", service.name));
    }
    if let Some(span) = place(contract, other) {
        finding = finding.secondary(span, format!("'{}' already does", other.name));
    }
    if let Some(field) = name_field(contract, service) {
        finding = origin(finding, &field.value, shown);
    }
    let finding = finding.note("The proxy sends all users to one of the two");
    match contract.role(Role::Subdomain) {
        Some(decl) => {
            let own = nixpact_contract::string_literal(&service.name);
            finding.note(fix(contract, &service.name, &decl.name, &own))
        }
        None => finding,
    }
}
