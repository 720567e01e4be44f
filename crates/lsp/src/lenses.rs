//! Above each service, what hangs on it.

use std::collections::BTreeSet;

use gen_lsp_types::{CodeLens, CodeLensParams, Range, Uri};
use nixpact_contract::{Enabled, Role, Service};
use nixpact_source::Span;
use nixpact_syntax::outline::{self, Outline};
use serde_json::json;

use crate::origin;
use crate::references::bare;
use crate::target::{self, Target};
use crate::uses::{self, Shows};
use crate::view::{Document, View};

pub(crate) fn lenses(document: Document<'_>, _: CodeLensParams) -> Option<Vec<CodeLens>> {
    let view = &document.view;
    let outline = outline::outline(&document.file.text);
    let mut seen = BTreeSet::new();
    let mut lenses = Vec::new();
    for service in view.model().all().flat_map(|host| &host.services) {
        for span in places(&document, &outline, service) {
            if span.file == document.id && seen.insert(span.start) {
                let range = document.range((span.start, span.end));
                let title = title(view, service);
                lenses.push(lens(&document, range, title));
            }
        }
    }
    Some(lenses)
}

/// A lens; what its command shows is looked for when the client is about to show the lens.
fn lens(document: &Document<'_>, range: Range, title: String) -> CodeLens {
    let uri = document.view.uri(document.id);
    let is_late = document.view.client.shows_uses == Shows::References && uri.is_some();
    match is_late {
        true => {
            let data = Some(json!({ "uri": uri, "title": title }));
            CodeLens { range, command: None, data }
        }
        false => {
            let command = Some(uses::command(document, title, range.start));
            CodeLens { range, command, data: None }
        }
    }
}

pub(crate) fn resolve(views: &[View<'_>], mut lens: CodeLens) -> CodeLens {
    let data = lens.data.as_ref();
    let title = data.and_then(|data| data.get("title")?.as_str()).unwrap_or_default().to_owned();
    let uri = data.and_then(|data| serde_json::from_value::<Uri>(data.get("uri")?.clone()).ok());
    let document = uri.and_then(|uri| views.iter().find_map(|view| view.document(&uri)));
    if let (Some(document), None) = (document, &lens.command) {
        lens.command = Some(uses::command(&document, title, lens.range.start));
    }
    lens
}

/// Where a service is named: in its call where a function writes the names of several.
fn places(document: &Document<'_>, outline: &Outline, service: &Service) -> Vec<Span> {
    let view = &document.view;
    let Some(span) = service.span else { return Vec::new() };
    if origin::variable(view, span).is_none() {
        return view.place(span).map(|span| bare(view, span)).into_iter().collect();
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
