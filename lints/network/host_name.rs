//! The name under which the users of a service reach it.

use nixpact_contract::{Contract, Datum, Field, Model, Role, Service};

/// Whether a service surely is reachable through the proxy: a contract that cannot say so shows all.
pub(super) fn is_exposed(contract: &Contract, service: &Service) -> bool {
    service.role(contract, Role::Exposed).is_none_or(|it| it.value.as_bool() == Some(true))
}

/// A text that is known, or none.
pub(super) enum Part<'m> {
    /// The contract has no such field, or it is `null`.
    Absent,
    Text(&'m str),
    Unknown,
}

impl<'m> Part<'m> {
    pub fn of(contract: &Contract, service: &'m Service, role: Role) -> Part<'m> {
        match service.role(contract, role).map(|field| &field.value.datum) {
            None | Some(Datum::Null) => Part::Absent,
            Some(Datum::Str(text)) => Part::Text(text),
            Some(_) => Part::Unknown,
        }
    }
}

/// Fields that may as well name a machine.
const MACHINES: &[&str] = &["host", "hostName", "hostname"];

/// The name of the host on which users find a service, in small letters, when it is known.
///
/// An empty subdomain is the domain itself. A subdomain without a domain is compared as it is; a domain
/// without one only where it is called `fqdn`, since a collector may put a name before it.
pub(super) fn host_name(model: &Model, service: &Service) -> Option<String> {
    let contract = &model.contracts[service.contract];
    let named = |role| contract.role(role).map(|decl| decl.name.as_str());
    if named(Role::Subdomain)
        .map_or(named(Role::Domain) != Some("fqdn"), |it| MACHINES.contains(&it))
    {
        return None;
    }
    let subdomain = Part::of(contract, service, Role::Subdomain);
    let domain = Part::of(contract, service, Role::Domain);
    let name = match (subdomain, domain) {
        (Part::Unknown, _) | (_, Part::Unknown) | (Part::Absent, Part::Absent) => return None,
        (Part::Text(""), Part::Text(domain)) => domain.to_owned(),
        // It may be the whole name already.
        (Part::Text(sub), Part::Text(domain)) if sub.ends_with(domain) => return None,
        (Part::Text(sub), Part::Text(domain)) => format!("{sub}.{domain}"),
        // Whether a name stands for it the collector decides.
        (Part::Absent, Part::Text(_)) if contract.role(Role::Subdomain).is_some() => return None,
        (Part::Absent, Part::Text(name)) | (Part::Text(name), Part::Absent) => name.to_owned(),
    };
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    (!name.is_empty() && !name.starts_with('.')).then_some(name)
}

/// The field that tells one host name from another.
pub(super) fn name_field<'m>(contract: &Contract, service: &'m Service) -> Option<&'m Field> {
    service.role(contract, Role::Subdomain).or_else(|| service.role(contract, Role::Domain))
}
