//! A field of the contract that services set and nothing reads.

use nixpact_contract::{FieldState, Model, Service, Unread};
use nixpact_diagnostics::Diagnostic;

use crate::lint::{Level, Sink, declare_lint};
use crate::text::{quoted_list, value_span};

declare_lint! {
    #[doc = include_str!("dead_field.md")]
    pub static DEAD_FIELD = {
        name: "dead-field",
        summary: "services set a field of the contract that nothing reads",
        level: Level::Warn,
        check,
    }
}

/// Fields that are there for people to read.
const NOTES: &[&str] = &[
    "comment",
    "description",
    "doc",
    "docs",
    "documentation",
    "maintainer",
    "maintainers",
    "meta",
    "notes",
    "owner",
];

/// More services are not named.
const MAX_NAMED: usize = 4;

fn check(model: &Model, sink: &mut Sink<'_>) {
    for unread in &model.unread {
        let contract = &model.contracts[unread.contract];
        if !NOTES.contains(&contract.fields[unread.field].name.as_str()) {
            sink.push(dead(model, *unread, sink));
        }
    }
}

fn dead(model: &Model, unread: Unread, sink: &Sink<'_>) -> Diagnostic {
    let contract = &model.contracts[unread.contract];
    let decl = &contract.fields[unread.field];
    let mut setters: Vec<&Service> = Vec::new();
    for service in model.hosts.iter().flat_map(|host| &host.services) {
        let sets = service.contract == unread.contract
            && service.fields[unread.field].state == FieldState::Defined;
        if sets && setters.iter().all(|known| known.name != service.name) {
            setters.push(service);
        }
    }
    let named = quoted_list(setters.iter().take(MAX_NAMED).map(|it| it.name.as_str()));
    let who = match setters.len().saturating_sub(MAX_NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    };
    let set = if setters.len() == 1 { "sets" } else { "set" };
    let message =
        format!("Nothing reads '{}' of {}, which {who} {set}", decl.name, contract.option);
    let mut finding = sink.finding(None, message);
    for service in &setters {
        finding = finding.service(&service.name);
    }
    let place = setters.first().and_then(|service| value_span(&service.fields[unread.field]));
    match decl.span.or(place) {
        Some(span) => finding = finding.primary(span, "no expression of the repository reads it"),
        None => return finding,
    }
    if let (Some(_), Some(place), Some(first)) = (decl.span, place, setters.first()) {
        finding = finding.secondary(place, format!("'{}' sets it here, in vain", first.name));
    }
    finding.note(format!(
        "Fix: read it where the other fields are put together, or remove '{}' from the contract",
        decl.name
    ))
}
