//! One database is declared by two services.

use std::collections::BTreeMap;

use nixpact_contract::{Datum, Field, Host, Located, Model, Role, Service, attribute_name};

use crate::lint::{Level, Sink, declare_lint};
use crate::text::member_span;

declare_lint! {
    #[doc = include_str!("duplicate_database.md")]
    pub static DUPLICATE_DATABASE = {
        name: "duplicate-database",
        summary: "one database is declared by two services",
        level: Level::Deny,
        check,
    }
}

/// A database's type and name.
type Key<'m> = (&'m str, &'m str);

struct Claim<'m> {
    service: &'m Service,
    field: &'m Field,
    name: &'m Located,
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in model.machines() {
        let mut claims: BTreeMap<Key<'_>, Vec<Claim<'_>>> = BTreeMap::new();
        for service in host.enabled() {
            for (key, claim) in databases(model, service) {
                claims.entry(key).or_default().push(claim);
            }
        }
        for ((_, name), mut claims) in claims {
            claims.sort_by(|a, b| a.service.name.cmp(&b.service.name));
            for (at, claim) in claims.iter().enumerate() {
                let other =
                    claims[..at].iter().find(|other| other.service.name != claim.service.name);
                if let Some(other) = other {
                    report(model, host, name, claim, other, sink);
                }
            }
        }
    }
}

fn databases<'m>(model: &'m Model, service: &'m Service) -> Vec<(Key<'m>, Claim<'m>)> {
    let contract = &model.contracts[service.contract];
    let Some(field) = service.role(contract, Role::Databases) else { return Vec::new() };
    let text = |database: &'m Located, name: &str| database.get(name).and_then(Located::as_str);
    field
        .value
        .items()
        .iter()
        .filter_map(|database| {
            let name = database.get("name")?;
            // Where no type is declared there is only one kind of server.
            let ty = match database.get("type") {
                Some(Located { datum: Datum::Unknown(_), .. }) => return None,
                _ => text(database, "type").unwrap_or(""),
            };
            Some(((ty, name.as_str()?), Claim { service, field, name }))
        })
        .collect()
}

fn report(
    model: &Model,
    host: &Host,
    name: &str,
    claim: &Claim<'_>,
    other: &Claim<'_>,
    sink: &mut Sink<'_>,
) {
    let (service, first) = (&claim.service.name, &other.service.name);
    let message = format!("Duplicate database name '{name}' declared by '{first}' and '{service}'");
    let mut diagnostic = sink.finding(Some(host), message).service(service).service(first);
    if let Some(span) = member_span(claim.name, claim.field, claim.service) {
        diagnostic = diagnostic.primary(span, format!("'{service}' declares it here"));
    }
    if let Some(span) = member_span(other.name, other.field, other.service) {
        diagnostic = diagnostic.secondary(span, format!("'{first}' already has it"));
    }
    let contract = &model.contracts[claim.service.contract];
    if let Some(field) = contract.role(Role::Databases) {
        diagnostic = diagnostic.note(format!(
            "Fix: {}.{}.{} = [ {{ name = \"{service}\"; … }} ];",
            contract.option,
            attribute_name(service),
            field.name
        ));
    }
    sink.push(diagnostic);
}
