//! Above each service, what hangs on it.

use std::collections::BTreeSet;

use gen_lsp_types::{CodeLens, CodeLensParams, Command};
use nixpact_contract::{Enabled, Role, Service};
use nixpact_source::Span;
use nixpact_syntax::outline::{self, Outline};

use crate::origin;
use crate::target::{self, Target};
use crate::view::{Document, View};

pub(crate) fn lenses(document: Document<'_>, _: CodeLensParams) -> Option<Vec<CodeLens>> {
    let view = &document.view;
    let outline = outline::outline(&document.file.text);
    let mut seen = BTreeSet::new();
    let mut lenses = Vec::new();
    for service in view.model().all().flat_map(|host| &host.services) {
        for span in places(&document, &outline, service) {
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
    }
    Some(lenses)
}

/// Where a service is named: in its call where a function writes the names of several.
fn places(document: &Document<'_>, outline: &Outline, service: &Service) -> Vec<Span> {
    let view = &document.view;
    let Some(span) = service.span else { return Vec::new() };
    if origin::variable(view, span).is_none() {
        return view.place(span).into_iter().collect();
    }
    let wanted = Target::Service { contract: service.contract, name: service.name.clone() };
    let texts = outline.texts.iter().filter(|it| document.text(it.span) == service.name);
    let texts = texts.filter(|it| origin::named(document, outline, it).as_ref() == Some(&wanted));
    texts.map(|text| document.span(text.span)).collect()
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
