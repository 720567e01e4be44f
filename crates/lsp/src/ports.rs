//! Which ports are taken.

use std::collections::BTreeMap;

use nixpact_contract::{Field, Model, Role, Service};

/// The services that have each port, on any host.
pub(crate) fn taken(model: &Model) -> BTreeMap<i64, Vec<&Service>> {
    let mut taken: BTreeMap<i64, Vec<&Service>> = BTreeMap::new();
    for service in model.all().flat_map(|host| &host.services) {
        if let Some(port) = field(model, service).and_then(|field| field.value.as_int()) {
            let services = taken.entry(port).or_default();
            if services.iter().all(|known| known.name != service.name) {
                services.push(service);
            }
        }
    }
    taken
}

/// The first port behind `from` that no service has.
pub(crate) fn next_free(model: &Model, from: i64) -> Option<i64> {
    let taken = taken(model);
    (from.max(0) + 1..=65_535).find(|port| !taken.contains_key(port))
}

/// A port for a service that has none: behind the highest of those that services have beside each other.
pub(crate) fn proposed(model: &Model) -> Option<i64> {
    let taken = taken(model);
    let usual = taken.keys().rev().find(|port| (1024..60_000).contains(*port));
    next_free(model, usual.copied().unwrap_or(8079))
}

pub(crate) fn field<'m>(model: &Model, service: &'m Service) -> Option<&'m Field> {
    service.role(model.contracts.get(service.contract)?, Role::Port)
}
