//! Where the thing under the cursor is defined.

use gen_lsp_types::{Definition, DefinitionParams, DefinitionResponse, Location};
use nixpact_source::Span;

use crate::hover::services;
use crate::target::{self, Target, Use};
use crate::view::{Document, View};
use crate::{links, origin, shown};

pub(crate) fn definition(
    document: Document<'_>,
    params: DefinitionParams,
) -> Option<DefinitionResponse> {
    let at = document.offset(params.text_document_position_params.position);
    if let Some(uri) = links::target_at(&document, at) {
        let location = Location { uri, range: Default::default() };
        return Some(Definition::Location(location).into());
    }
    let found = target::at(&document, at)?;
    let view = &document.view;
    let mut spans: Vec<Span> = definitions(view, &found.target);
    spans.sort_unstable();
    spans.dedup();
    let locations: Vec<Location> =
        spans.into_iter().filter_map(|span| view.location(span)).collect();
    (!locations.is_empty()).then(|| Definition::LocationList(locations).into())
}

/// Where a target is defined, in the texts as they are now.
pub(crate) fn definitions(view: &View<'_>, target: &Target) -> Vec<Span> {
    let spans: Vec<Span> = match target {
        Target::Contract { contract } => {
            target::contract(view, *contract).and_then(|it| it.span).into_iter().collect()
        }
        Target::Service { contract, name } => {
            let found = services(view.model(), *contract, name);
            let spans: Vec<Span> = found.iter().filter_map(|(_, service)| service.span).collect();
            // A function writes the names of many services in one place; each is in its call.
            if spans.iter().any(|span| origin::variable(view, *span).is_some()) {
                let naming = origin::naming(view, *contract, name);
                if !naming.is_empty() {
                    return naming;
                }
            }
            spans
        }
        // From a definition to the declaration.
        Target::Field { contract, path, .. } => {
            let known = target::contract(view, *contract);
            let decl = known.and_then(|known| shown::field_at(known, path));
            decl.and_then(|decl| decl.span).into_iter().collect()
        }
        Target::Middleware { name } => {
            let hosts = view.model().hosts.iter();
            hosts.filter_map(|host| host.middlewares.get(name)?.span).collect()
        }
        Target::Database { name } => {
            let uses = target::uses(view).into_iter();
            let is_meant = |used: &Use<'_>| {
                used.name == name && used.role == nixpact_contract::Role::Databases
            };
            uses.filter(is_meant).filter_map(|used| used.value.span).collect()
        }
    };
    spans.into_iter().filter_map(|span| view.place(span)).collect()
}
