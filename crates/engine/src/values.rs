use std::collections::BTreeMap;

use nixpact_contract::{FieldState, Located, Model, UnknownValue};

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

/// A contract value that is not known.
#[derive(Debug)]
pub struct UnknownField<'m> {
    pub host: Option<&'m str>,
    /// Such as `qgroget.serviceModules.immich.port`.
    pub path: String,
    pub value: &'m Located,
    /// The first thing in it that is not known.
    pub unknown: &'m UnknownValue,
}

/// Every contract value that is not known, by host, service and field.
pub fn unknown_values(model: &Model) -> Vec<UnknownField<'_>> {
    let mut found = Vec::new();
    for host in &model.hosts {
        for service in &host.services {
            let contract = &model.contracts[service.contract];
            for (decl, field) in contract.fields.iter().zip(&service.fields) {
                if field.state != FieldState::Missing
                    && let Some(unknown) = field.value.unknown()
                {
                    let path = format!("{}.{}.{}", contract.option, service.name, decl.name);
                    let (host, value) = (host.name.as_deref(), &field.value);
                    found.push(UnknownField { host, path, value, unknown });
                }
            }
        }
    }
    found
}
