//! An enabled service lacks a field that has no default.

use std::collections::{BTreeMap, BTreeSet};

use nixpact_contract::{Enabled, FindingKind, Model, Room, attribute_name};
use nixpact_diagnostics::{Applicability, Edit, Fix};

use crate::contract::undeclared_service::is_undeclared;
use crate::lint::{Level, Sink, declare_lint};
use crate::text::fix;

declare_lint! {
    #[doc = include_str!("missing_required_field.md")]
    pub static MISSING_REQUIRED_FIELD = {
        name: "missing-required-field",
        summary: "an enabled service lacks a field that has no default",
        level: Level::Deny,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    let optional = optional(model);
    for host in &model.hosts {
        for service in &host.services {
            let contract = &model.contracts[service.contract];
            // What is said of nothing at all is another mistake.
            if is_undeclared(contract, service) {
                continue;
            }
            for finding in &service.findings {
                let FindingKind::Missing { ty, example } = &finding.kind else { continue };
                // Without the switch itself Nix cannot even tell whether the service is enabled.
                let is_switch = contract
                    .role(nixpact_contract::Role::Enable)
                    .is_some_and(|field| field.name == finding.field);
                let internal =
                    contract.field(&finding.field).is_some_and(|at| contract.fields[at].internal);
                let is_left_out = optional.contains(&(service.contract, &*finding.field));
                if internal || is_left_out || !(is_switch || service.enabled == Enabled::Yes) {
                    continue;
                }
                let field = &finding.field;
                let message =
                    format!("Service '{}' is missing required field '{field}'", service.name);
                let mut diagnostic = sink.finding(Some(host), message).service(&service.name);
                if let Some(span) = finding.site.span.or(service.span) {
                    let label = format!(
                        "'{}' does not define '{field}' ({ty})",
                        attribute_name(&service.name)
                    );
                    diagnostic = diagnostic.primary(span, label);
                }
                if let Some(law) = finding.law {
                    diagnostic = diagnostic.secondary(law, "declared here, without a default");
                }
                if let Some(room) = service.room.as_ref().filter(|_| !field.contains('.')) {
                    diagnostic = diagnostic.fix(insert(room, field, example));
                }
                sink.push(diagnostic.note(fix(contract, &service.name, field, example)));
            }
        }
    }
}

/// Fields, each with the index of its contract, that are submodules and that most services leave out. Without a
/// definition Nix gives a submodule the defaults of its options, and those without one are only asked for by whom
/// the rest of it concerns.
fn optional(model: &Model) -> BTreeSet<(usize, &str)> {
    let enabled = || {
        let services = model.hosts.iter().flat_map(|host| &host.services);
        services.filter(|service| service.enabled == Enabled::Yes)
    };
    let mut missing: BTreeMap<(usize, &str), usize> = BTreeMap::new();
    for service in enabled() {
        for finding in &service.findings {
            if let FindingKind::Missing { ty, .. } = &finding.kind
                && ty == "submodule"
            {
                *missing.entry((service.contract, &finding.field)).or_default() += 1;
            }
        }
    }
    missing.retain(|(contract, _), missing| {
        let all = enabled().filter(|service| service.contract == *contract).count();
        // Where nobody defines it, the contract asks for something new.
        (1..*missing).contains(&all.saturating_sub(*missing))
    });
    missing.into_keys().collect()
}

/// Only the author knows the value.
fn insert(room: &Room, field: &str, example: &str) -> Fix {
    let text = format!("{} = {example};{}", attribute_name(field), room.indent);
    let edits = vec![Edit { span: room.span, text }];
    Fix { applicability: Applicability::DisplayOnly, edits }
}
