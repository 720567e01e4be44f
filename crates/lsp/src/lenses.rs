//! Above each service, what hangs on it.

use std::collections::BTreeSet;

use gen_lsp_types::{CodeLens, CodeLensParams, Command};
use nixpact_contract::{Enabled, Role, Service};

use crate::target;
use crate::view::{Document, View};

pub(crate) fn lenses(document: Document<'_>, _: CodeLensParams) -> Option<Vec<CodeLens>> {
    let view = &document.view;
    let mut seen = BTreeSet::new();
    let mut lenses = Vec::new();
    for service in view.model().all().flat_map(|host| &host.services) {
        let Some(span) = service.span.and_then(|span| view.place(span)) else { continue };
        if span.file == document.id && seen.insert(span.start) {
            lenses.push(CodeLens {
                range: document.range((span.start, span.end)),
                command: Some(Command {
                    title: title(view, service),
                    // It only tells.
                    command: String::new(),
                    ..Command::default()
                }),
                data: None,
            });
        }
    }
    Some(lenses)
}

/// `1 route · 3 paths · used by 4`
fn title(view: &View<'_>, service: &Service) -> String {
    let model = view.model();
    let Some(contract) = model.contracts.get(service.contract) else { return String::new() };
    let role = |role| service.role(contract, role);
    let count = |wanted| role(wanted).map_or(0, |field| field.value.items().len());
    let mut parts = Vec::new();
    let routed = match role(Role::Exposed) {
        Some(field) => field.value.as_bool(),
        None => {
            role(Role::Subdomain).or(role(Role::Url)).map(|field| field.value.as_str().is_some())
        }
    };
    parts.push(counted(usize::from(routed == Some(true)), "route"));
    parts.push(counted(count(Role::State), "path"));
    let databases = count(Role::Databases);
    if databases > 0 {
        parts.push(counted(databases, "database"));
    }
    let users: BTreeSet<&str> = model
        .hosts
        .iter()
        .flat_map(|host| &host.services)
        .filter(|other| other.name != service.name && other.contract == service.contract)
        .filter(|other| {
            let mut uses = target::of_service(model, other).into_iter();
            uses.any(|used| used.role == Role::DependsOn && used.name == service.name)
        })
        .map(|other| other.name.as_str())
        .collect();
    parts.push(format!("used by {}", users.len()));
    match &service.enabled {
        Enabled::Yes => {}
        Enabled::No => parts.push("disabled".to_owned()),
        Enabled::Unknown(_) => parts.push("perhaps enabled".to_owned()),
    }
    parts.join(" · ")
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
