//! Two services of one host claim the same port.

use std::collections::{BTreeMap, BTreeSet};

use nixpact_contract::{Datum, Field, Host, Model, Role, Service};
use nixpact_diagnostics::Diagnostic;
use nixpact_source::Span;

use crate::lint::{Level, Sink, declare_lint};
use crate::options::{LintOption, OptionKind};
use crate::text::{fix, origin, quoted_list, rewrite, value_span};

declare_lint! {
    #[doc = include_str!("duplicate_port.md")]
    pub static DUPLICATE_PORT = {
        name: "duplicate-port",
        summary: "two services of one host claim the same port",
        level: Level::Deny,
        options: &[LintOption {
            name: "shared",
            kind: OptionKind::Integers,
            summary: "ports that several services may claim on purpose",
        }],
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    let places: Vec<Places> = model.machines().map(|host| Places::of(model, host)).collect();
    let mut ports = Ports::of(model, &places);
    for (index, host) in model.machines().enumerate() {
        let mut claims: BTreeMap<i64, Vec<&Service>> = BTreeMap::new();
        for service in host.enabled() {
            if let Some(port) = port(model, service) {
                claims.entry(port).or_default().push(service);
            }
        }
        claims.retain(|port, _| !sink.options().integers("shared").contains(port));
        for (port, mut services) in claims {
            services.sort_by(|a, b| a.name.cmp(&b.name));
            for (at, service) in services.iter().enumerate() {
                let others = services[..at].iter().copied();
                let others: Vec<&Service> =
                    others.filter(|other| collide(model, service, other)).take(SHOWN).collect();
                if !others.is_empty() {
                    let text = ports.own_text(model, service);
                    let free = ports.take_free(index, text, port);
                    let mut finding = sink.finding(Some(host), message(port, others[0], service));
                    if let (Some(text), Some(free)) = (text, free) {
                        finding = rewrite(finding, &[text], &free.to_string());
                    }
                    sink.push(describe(finding, model, service, &others, free, &places[index]));
                }
            }
        }
    }
}

/// More claimants of one port are not listed beside each of them.
const SHOWN: usize = 8;

/// The port that a service listens on.
///
/// A contract without a switch, or without a duty besides the network, may list mere routes, and two
/// routes to one backend name its port twice.
fn port(model: &Model, service: &Service) -> Option<i64> {
    let roles = &model.contracts[service.contract].roles;
    roles.field(Role::Enable)?;
    let duties = [Role::State, Role::Backup, Role::Databases, Role::DependsOn];
    duties.iter().find_map(|duty| roles.field(*duty))?;
    let field = field(model, service)?;
    // Zero stands for "none" or "any free one".
    field.value.as_int().filter(|port| *port != 0)
}

/// Fields that say where a port is bound: it collides only with the same port there.
const PLACES: &[&str] = &[
    "address",
    "addr",
    "bind",
    "bindAddress",
    "container",
    "host",
    "hostIp",
    "interface",
    "ip",
    "listenAddress",
    "machine",
    "namespace",
    "network",
    "networkNamespace",
    "node",
    "pod",
    "protocol",
    "server",
    "vm",
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

/// The ports that are still to be had.
struct Ports<'p> {
    /// By host: every port that a service has, running or not, and what was already proposed.
    taken: Vec<BTreeSet<i64>>,
    /// What was proposed for a text that several hosts share.
    proposed: BTreeMap<Span, i64>,
    places: &'p [Places],
}

impl<'p> Ports<'p> {
    fn of(model: &Model, places: &'p [Places]) -> Ports<'p> {
        let taken = |host: &Host| {
            let fields = host.services.iter().filter_map(|service| field(model, service));
            fields.filter_map(|field| field.value.as_int()).collect()
        };
        let taken = model.machines().map(taken).collect();
        Ports { taken, proposed: BTreeMap::new(), places }
    }

    /// The number that says the port of this service, and of no other on any host.
    fn own_text(&self, model: &Model, service: &Service) -> Option<Span> {
        let field = field(model, service)?;
        let span = field.value.span.filter(|_| field.value.is_literal)?;
        let own = |places: &Places| places.values.get(&span).is_none_or(|uses| *uses == 1);
        (field.definitions.len() == 1 && self.places.iter().all(own)).then_some(span)
    }

    /// The next port that is free on the host, and on all others that share the text which says it.
    fn take_free(&mut self, host: usize, text: Option<Span>, port: i64) -> Option<i64> {
        if let Some(proposed) = text.and_then(|text| self.proposed.get(&text)) {
            return Some(*proposed);
        }
        let shares = |at: &usize| {
            *at == host || text.is_some_and(|text| self.places[*at].values.contains_key(&text))
        };
        let hosts: Vec<usize> = (0..self.taken.len()).filter(shares).collect();
        let is_free = |port: &i64| hosts.iter().all(|host| !self.taken[*host].contains(port));
        let free = (port + 1..=65_535).find(is_free)?;
        for host in hosts {
            self.taken[host].insert(free);
        }
        self.proposed.extend(text.map(|text| (text, free)));
        Some(free)
    }
}

fn message(port: i64, first: &Service, service: &Service) -> String {
    format!("Port {port} conflict between '{}' and '{}'", first.name, service.name)
}

fn describe(
    mut finding: Diagnostic,
    model: &Model,
    service: &Service,
    others: &[&Service],
    free: Option<i64>,
    places: &Places,
) -> Diagnostic {
    finding = finding.service(&service.name);
    if others.len() > 1 {
        let names = others.iter().map(|other| other.name.as_str()).chain([service.name.as_str()]);
        finding = finding.note(format!("{} all claim it", quoted_list(names)));
    }
    if let Some(span) = places.of_service(model, service) {
        finding = finding.primary(span, format!("'{}' claims it here", service.name));
    }
    for other in others {
        finding = finding.service(&other.name);
        if let Some(span) = places.of_service(model, other) {
            finding = finding.secondary(span, format!("'{}' already has it", other.name));
        }
    }
    for party in [&[service], others].concat() {
        if let Some(field) = field(model, party) {
            finding = origin(finding, &field.value, places.of_service(model, party));
        }
    }
    let contract = &model.contracts[service.contract];
    let (Some(free), Some(decl)) = (free, contract.role(Role::Port)) else { return finding };
    finding.note(fix(contract, &service.name, &decl.name, &free.to_string()))
}

fn field<'m>(model: &Model, service: &'m Service) -> Option<&'m Field> {
    service.role(&model.contracts[service.contract], Role::Port)
}

/// Where the services of a host write their ports, and how many write it at the same place: a helper
/// that makes several services says nothing of the one that is meant.
struct Places {
    definitions: BTreeMap<Span, usize>,
    values: BTreeMap<Span, usize>,
}

impl Places {
    fn of(model: &Model, host: &Host) -> Places {
        let mut places = Places { definitions: BTreeMap::new(), values: BTreeMap::new() };
        for field in host.services.iter().filter_map(|service| field(model, service)) {
            let definition = value_span(field);
            let counted =
                [(&mut places.definitions, definition), (&mut places.values, field.value.span)];
            for (counts, span) in counted {
                if let Some(span) = span {
                    *counts.entry(span).or_default() += 1;
                }
            }
        }
        places
    }

    /// The definition; the value where services share the definition; the service where the contract's
    /// default is the claim.
    fn of_service(&self, model: &Model, service: &Service) -> Option<Span> {
        let field = field(model, service)?;
        if field.definitions.is_empty() {
            return service.span;
        }
        let definition = value_span(field)?;
        match self.definitions.get(&definition) {
            Some(2..) => self.own_value(model, service).or(Some(definition)),
            _ => Some(definition),
        }
    }

    /// The text of the value, where it is that of no other service.
    fn own_value(&self, model: &Model, service: &Service) -> Option<Span> {
        let field = field(model, service)?;
        let span = field.value.span.filter(|_| !field.definitions.is_empty())?;
        (self.values.get(&span) == Some(&1)).then_some(span)
    }
}
