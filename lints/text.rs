//! Words that several lints say alike.

use nixpact_contract::{Contract, Field, Host, Located, Model, Role, Service, attribute_name};
use nixpact_diagnostics::{Applicability, Diagnostic, Edit, Fix};
use nixpact_source::Span;

/// `'a', 'b' and 'c'`
pub(crate) fn quoted_list<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("'{name}'")).collect();
    match &names[..] {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// `Fix: qgroget.serviceModules.sonarr.port = 8081;`
pub(crate) fn fix(contract: &Contract, service: &str, field: &str, value: &str) -> String {
    format!("Fix: {}.{}.{field} = {value};", contract.option, attribute_name(service))
}

/// The option's path in the contract, which all services share.
pub(crate) fn generic_option(option: &str, service: Option<&str>) -> String {
    match service {
        Some(service) => option.replacen(&format!(".{service}."), ".<name>.", 1),
        None => option.to_owned(),
    }
}

/// `qgroget.serviceModules.sonarr`
pub(crate) fn path(contract: &Contract, service: &str) -> String {
    format!("{}.{}", contract.option, attribute_name(service))
}

/// The service of the same name in a contract that is not to be left.
pub(crate) fn migrated<'m>(model: &Model, host: &'m Host, old: &Service) -> Option<&'m Service> {
    let is_new = |it: &&Service| !model.contracts[it.contract].is_legacy && it.name == old.name;
    host.services.iter().find(is_new)
}

/// Where a field's value is written: in the definition, not behind its variables.
pub(crate) fn value_span(field: &Field) -> Option<Span> {
    let written = field.definitions.first().and_then(|definition| definition.value);
    written.or(field.value.span)
}

/// Where a service itself writes the field of a role.
pub(crate) fn written(contract: &Contract, service: &Service, role: Role) -> Option<Span> {
    let field = service.role(contract, role).filter(|field| !field.definitions.is_empty());
    field.and_then(value_span)
}

/// Where a member of a list is written, or the list, or the service.
pub(crate) fn member_span(member: &Located, field: &Field, service: &Service) -> Option<Span> {
    member.span.or_else(|| value_span(field)).or(service.span)
}

/// Adds where a value comes from, when it is not written where it is used.
pub(crate) fn origin(finding: Diagnostic, value: &Located, shown: Option<Span>) -> Diagnostic {
    match value.span {
        Some(span) if Some(span) != shown => finding.secondary(span, "the value comes from here"),
        _ => finding,
    }
}

/// Adds a fix that may not be what was meant: `text` in each of these places. No place, no fix.
pub(crate) fn rewrite(finding: Diagnostic, places: &[Span], text: &str) -> Diagnostic {
    if places.is_empty() {
        return finding;
    }
    let edits = places.iter().map(|span| Edit { span: *span, text: text.to_owned() }).collect();
    finding.fix(Fix { applicability: Applicability::Unsafe, edits })
}
