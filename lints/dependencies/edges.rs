//! Which service needs which.

use std::collections::BTreeMap;

use nixpact_contract::{Contract, Enabled, Field, Host, Located, Role, Service};

/// A use of one service by another.
#[derive(Clone, Copy)]
pub(crate) struct Edge<'m> {
    pub from: &'m Service,
    pub field: &'m Field,
    pub to: &'m str,
    pub member: &'m Located,
}

/// The services of one contract on a host, by name.
pub(crate) fn by_name(host: &Host, contract: usize) -> BTreeMap<&str, &Service> {
    let services = host.services.iter().filter(|service| service.contract == contract);
    services.map(|service| (service.name.as_str(), service)).collect()
}

/// What each enabled service names of those that it needs, in the order of its list.
pub(crate) fn edges<'m>(
    contract: &Contract,
    services: &BTreeMap<&'m str, &'m Service>,
) -> BTreeMap<&'m str, Vec<Edge<'m>>> {
    let enabled = services.iter().filter(|(_, service)| service.enabled == Enabled::Yes);
    enabled.map(|(name, service)| (*name, named(contract, service))).collect()
}

fn named<'m>(contract: &Contract, from: &'m Service) -> Vec<Edge<'m>> {
    let Some(field) = from.role(contract, Role::DependsOn) else { return Vec::new() };
    let members = field.value.items().iter();
    members.filter_map(|member| Some(Edge { from, field, to: member.as_str()?, member })).collect()
}

/// Whether a name stands for something that runs without being a service of its contract: a unit, a
/// container, or a service of another contract.
pub(crate) fn runs_besides(host: &Host, contract: usize, name: &str) -> bool {
    name.contains(['.', '@'])
        || host.units.contains(name)
        || host.services.iter().any(|service| {
            service.contract != contract && service.name == name && service.enabled != Enabled::No
        })
}
