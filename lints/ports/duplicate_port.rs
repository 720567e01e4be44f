//! Two services of one host claim the same port.

use std::collections::{BTreeMap, BTreeSet};

use nixpact_contract::{Datum, Host, Model, Role, Service};
use nixpact_diagnostics::{Applicability, Diagnostic, Edit, Fix};
use nixpact_source::Span;

use crate::lint::{Level, Sink, declare_lint};
use crate::text::{fix, origin, quoted_list, value_span};

declare_lint! {
    #[doc = include_str!("duplicate_port.md")]
    pub static DUPLICATE_PORT = {
        name: "duplicate-port",
        summary: "two services of one host claim the same port",
        level: Level::Deny,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in &model.hosts {
        let mut claims: BTreeMap<i64, Vec<&Service>> = BTreeMap::new();
        for service in host.enabled() {
            if let Some(port) = port(model, service) {
                claims.entry(port).or_default().push(service);
            }
        }
        let mut taken = taken(model, host);
        for (port, mut services) in claims {
            services.sort_by(|a, b| a.name.cmp(&b.name));
            for (at, service) in services.iter().enumerate() {
                let others: Vec<&Service> = services[..at]
                    .iter()
                    .filter(|other| collide(model, service, other))
                    .copied()
                    .collect();
                if !others.is_empty() {
                    let free = next_free(port, &taken);
                    taken.extend(free);
                    sink.push(diagnostic(model, host, port, service, &others, free, sink));
                }
            }
        }
    }
}

fn port(model: &Model, service: &Service) -> Option<i64> {
    let field = service.role(&model.contracts[service.contract], Role::Port)?;
    // Zero stands for "none" or "any free one".
    field.value.as_int().filter(|port| *port != 0)
}

/// Fields that say where a port is bound: it collides only with the same port there.
const PLACES: &[&str] = &[
    "address", "addr", "bind", "bindAddress", "container", "host", "hostIp", "interface", "ip",
    "listenAddress", "machine", "namespace", "network", "networkNamespace", "node", "pod", "protocol",
    "server", "vm",
];

fn collide(model: &Model, a: &Service, b: &Service) -> bool {
    // While a service moves from one contract to another it stands in both.
    if a.name == b.name {
        return false;
    }
    let place = |service: &Service, name: &str| {
        let contract = &model.contracts[service.contract];
        // A host name is no place, whatever the field is called.
        let at = contract.field(name)?;
        if contract.roles.role_of(at).is_some() {
            return None;
        }
        Some(service.fields[at].value.datum.clone())
    };
    PLACES.iter().all(|name| match (place(a, name), place(b, name)) {
        (None, None) => true,
        (Some(Datum::Unknown(_)), _) | (_, Some(Datum::Unknown(_))) => false,
        (a, b) => a == b,
    })
}

/// Every port that a service of the host has, running or not.
fn taken(model: &Model, host: &Host) -> BTreeSet<i64> {
    host.services.iter().filter_map(|service| port(model, service)).collect()
}

fn next_free(port: i64, taken: &BTreeSet<i64>) -> Option<i64> {
    (port + 1..=65_535).find(|port| !taken.contains(port))
}

fn diagnostic(
    model: &Model,
    host: &Host,
    port: i64,
    service: &Service,
    others: &[&Service],
    free: Option<i64>,
    sink: &Sink<'_>,
) -> Diagnostic {
    let names = others.iter().map(|other| other.name.as_str()).chain([service.name.as_str()]);
    let first = others[0];
    let message =
        format!("Port {port} conflict between '{}' and '{}'", first.name, service.name);
    let mut diagnostic = sink.finding(Some(host), message).service(&service.name);
    if others.len() > 1 {
        diagnostic = diagnostic.note(format!("{} all claim it", quoted_list(names)));
    }
    let shown = place(model, service);
    if let Some(span) = shown {
        diagnostic = diagnostic.primary(span, format!("'{}' claims it here", service.name));
    }
    for other in others {
        diagnostic = diagnostic.service(&other.name);
        if let Some(span) = place(model, other) {
            diagnostic = diagnostic.secondary(span, format!("'{}' already has it", other.name));
        }
    }
    let contract = &model.contracts[service.contract];
    for party in [&[service], others].concat() {
        if let Some(field) = party.role(&model.contracts[party.contract], Role::Port) {
            diagnostic = origin(diagnostic, &field.value, place(model, party));
        }
    }
    let (Some(free), Some(decl)) = (free, contract.role(Role::Port)) else { return diagnostic };
    if let Some(span) = shown {
        let edits = vec![Edit { span, text: free.to_string() }];
        diagnostic = diagnostic.fix(Fix { applicability: Applicability::Unsafe, edits });
    }
    diagnostic.note(fix(contract, &service.name, &decl.name, &free.to_string()))
}

/// Where a service claims its port: the definition, or the service where the contract's default does.
fn place(model: &Model, service: &Service) -> Option<Span> {
    let field = service.role(&model.contracts[service.contract], Role::Port)?;
    if field.definitions.is_empty() { service.span } else { value_span(field) }
}
