//! Words that several lints say alike.

use nixpact_contract::{Contract, Field, Located, Service};
use nixpact_diagnostics::Diagnostic;
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
    format!("Fix: {}.{}.{field} = {value};", contract.option, attribute(service))
}

/// A name as an attribute path writes it.
pub(crate) fn attribute(name: &str) -> String {
    let mut chars = name.chars();
    let plain = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || "_-'".contains(c));
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\\\"")) }
}

/// Where a field's value is written: in the definition, not behind its variables.
pub(crate) fn value_span(field: &Field) -> Option<Span> {
    let written = field.definitions.first().and_then(|definition| definition.value);
    written.or(field.value.span)
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
