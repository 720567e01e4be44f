use std::collections::BTreeMap;

use nixpact_contract::{FieldState, Model, UnknownValue};

/// How many contract values are known.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Values {
    pub known: usize,
    pub unknown: usize,
    /// The unknown ones by the kind of their reason, such as `external`.
    pub reasons: BTreeMap<&'static str, usize>,
}

impl Values {
    /// Counts the fields of all services of all hosts, without those that nothing defines.
    pub fn count(model: &Model) -> Values {
        let fields = model
            .hosts
            .iter()
            .flat_map(|host| &host.services)
            .flat_map(|service| &service.fields)
            .filter(|field| field.state != FieldState::Missing);
        let mut values = Values::default();
        for field in fields {
            match field.value.unknown() {
                Some(unknown) => {
                    values.unknown += 1;
                    *values.reasons.entry(unknown.kind).or_default() += 1;
                }
                None => values.known += 1,
            }
        }
        values
    }
}

/// Every contract value that is not known: host, `service.field`, and why.
pub fn unknown_values(model: &Model) -> Vec<(Option<&str>, String, &UnknownValue)> {
    let mut found = Vec::new();
    for host in &model.hosts {
        for service in &host.services {
            let contract = &model.contracts[service.contract];
            for (decl, field) in contract.fields.iter().zip(&service.fields) {
                if field.state != FieldState::Missing
                    && let Some(unknown) = field.value.unknown()
                {
                    let path = format!("{}.{}.{}", contract.option, service.name, decl.name);
                    found.push((host.name.as_deref(), path, unknown));
                }
            }
        }
    }
    found
}
