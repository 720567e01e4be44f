//! What nixpact finds out by itself: the contract, its roles and the hosts.

use std::collections::BTreeMap;

use nixpact_contract::{Contract, FieldDecl, Model, ROLES, Role};
use nixpact_source::Sources;
use toml::Value;

use super::draft::{Draft, list};
use super::{infer, names_hosts, paths};

pub(super) fn draft(model: &Model, sources: &Sources) -> Draft {
    let mut draft = Draft::default();
    let (contract, legacy) = contracts(model);
    if let Some(contract) = contract {
        draft.contract("contract", "option", Value::from(contract.option.as_str()));
        if let Some(span) = contract.span {
            draft.contract("contract", "schema", list([sources.file(span.file).path.as_str()]));
        }
        let globs = infer::module_globs(model);
        if !globs.is_empty() {
            draft.contract("contract", "modules", list(globs));
        }
        if let Some(legacy) = legacy {
            draft.contract("contract", "legacy", Value::from(legacy.option.as_str()));
        }
        for (role, field) in unusual_roles(contract) {
            draft.contract("roles", role, Value::from(field));
        }
    }
    if !names_hosts(model) {
        for (name, file) in hosts(sources) {
            draft.contract(format!("hosts.{name}"), "modules", list([file]));
        }
    }
    draft
}

/// The contract, and the one that it replaces. Of two, the contract is the one that leaves less to defaults.
fn contracts(model: &Model) -> (Option<&Contract>, Option<&Contract>) {
    let required = |contract: &Contract| contract.fields.iter().filter(|it| it.required).count();
    match &model.contracts[..] {
        [first, second, ..] if required(second) > required(first) => (Some(second), Some(first)),
        contracts => (contracts.first(), contracts.get(1)),
    }
}

/// Fields that are likely to play a role that none of the usual names plays.
fn unusual_roles(contract: &Contract) -> Vec<(&'static str, &str)> {
    let words = |role| -> &[&str] {
        match role {
            Role::Port => &["port"],
            Role::State => &["persist", "datadir", "statedir"],
            Role::Backup => &["backup"],
            Role::Middlewares => &["middleware"],
            Role::Databases => &["database"],
            Role::DependsOn => &["depend"],
            _ => &[],
        }
    };
    let is_free = |at: usize| contract.roles.role_of(at).is_none();
    let mut found = Vec::new();
    for (role, name, _) in ROLES.iter().filter(|(role, ..)| contract.roles.field(*role).is_none()) {
        let is_meant = |field: &FieldDecl| {
            let plain = field.name.to_lowercase().replace(['-', '_'], "");
            let fits = words(*role).iter().any(|word| plain.contains(word));
            // The port of something else is no port of the service.
            fits && (*role != Role::Port || field.ty.contains("16 bit unsigned"))
        };
        let fields = contract
            .fields
            .iter()
            .enumerate()
            .filter(|(at, field)| is_free(*at) && is_meant(field));
        if let [(_, field)] = fields.collect::<Vec<_>>()[..] {
            found.push((*name, field.name.as_str()));
        }
    }
    found
}

/// Hosts by the directories that usually hold them, each with its first module.
fn hosts(sources: &Sources) -> BTreeMap<&str, &str> {
    let mut hosts = BTreeMap::new();
    for path in paths(sources) {
        let parts: Vec<&str> = path.split('/').collect();
        if let ["hosts" | "machines" | "systems", name, "configuration.nix" | "default.nix"] =
            parts[..]
        {
            // In the order of the paths configuration.nix comes before default.nix.
            hosts.entry(name).or_insert(path);
        }
    }
    hosts
}
