//! Every place that means the same thing.

use std::collections::BTreeMap;

use gen_lsp_types::{
    DocumentHighlight, DocumentHighlightKind, DocumentHighlightParams, Location, ReferenceParams,
};
use nixpact_contract::Role;
use nixpact_source::{FileId, Span};
use nixpact_syntax::outline::{self, Way};

use crate::hover::services;
use crate::navigation::definitions;
use crate::origin;
use crate::target::{self, Target};
use crate::view::{Document, View};

/// A place where a target is named.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// It is defined or declared there.
    Written,
    Read,
}

pub(crate) fn references(document: Document<'_>, params: ReferenceParams) -> Option<Vec<Location>> {
    let at = document.offset(params.text_document_position_params.position);
    let found = target::at(&document, at)?;
    let with_declaration = params.context.include_declaration;
    let places = places(&document.view, &found.target);
    let wanted = places.iter().filter(|(_, kind)| with_declaration || **kind == Kind::Read);
    Some(wanted.filter_map(|(span, _)| document.view.location(*span)).collect())
}

pub(crate) fn highlight(
    document: Document<'_>,
    params: DocumentHighlightParams,
) -> Option<Vec<DocumentHighlight>> {
    let at = document.offset(params.text_document_position_params.position);
    let found = target::at(&document, at)?;
    let places = places_in(&document.view, &found.target, Some(document.id));
    let highlight = |(span, kind): (&Span, &Kind)| DocumentHighlight {
        range: document.range((span.start, span.end)),
        kind: Some(match kind {
            Kind::Written => DocumentHighlightKind::Write,
            Kind::Read => DocumentHighlightKind::Read,
        }),
    };
    Some(places.iter().map(highlight).collect())
}

/// Every place where a target is named, in the texts as they are now, by file and place.
pub(crate) fn places(view: &View<'_>, target: &Target) -> BTreeMap<Span, Kind> {
    places_in(view, target, None)
}

fn places_in(view: &View<'_>, target: &Target, only: Option<FileId>) -> BTreeMap<Span, Kind> {
    let mut places = BTreeMap::new();
    let wanted = |span: &Span| only.is_none_or(|file| file == span.file);
    for span in definitions(view, target).into_iter().filter(wanted) {
        places.insert(bare(view, span), Kind::Written);
    }
    if let Target::Service { contract, name } = target {
        let services = services(view.model(), *contract, name);
        let written = services.iter().flat_map(|(_, service)| &service.spans);
        for span in written.filter_map(|span| view.place(*span)).filter(wanted) {
            places.insert(bare(view, span), Kind::Written);
        }
    }
    let uses = target::uses(view).into_iter();
    for used in uses.filter(|used| used.target().as_ref() == Some(target)) {
        let place = used.value.span.and_then(|span| view.place(span)).filter(wanted);
        if let Some(place) = place {
            let kind = match used.role {
                Role::Databases => Kind::Written,
                _ => Kind::Read,
            };
            places.insert(bare(view, place), kind);
        }
    }
    if let Some(name) = name(target) {
        let names = origin::Names::of(view);
        for (at, file) in view.sources().files().iter().enumerate() {
            let id = FileId::new(at as u32);
            if only.is_none_or(|only| only == id) && file.text.contains(name) {
                named_in(&Document { view: *view, id, file }, &names, target, &mut places);
            }
        }
    }
    places
}

/// The last name of a target, without which no file names it.
pub(crate) fn name(target: &Target) -> Option<&str> {
    match target {
        Target::Contract { .. } => None,
        Target::Service { name, .. } | Target::Middleware { name } | Target::Database { name } => {
            Some(name)
        }
        Target::Field { path, .. } => path.last().map(String::as_str),
    }
}

/// The place without the quotes of a string.
pub(crate) fn bare(view: &View<'_>, span: Span) -> Span {
    let text = view.sources().text(span);
    let quotes = ["\"", "''"].into_iter().find(|quote| {
        text.len() >= 2 * quote.len() && text.starts_with(quote) && text.ends_with(quote)
    });
    let width = quotes.map_or(0, |quote| quote.len() as u32);
    Span::new(span.file, span.start + width, span.end - width)
}

/// Adds the names of bindings and selections of one file that mean the target.
fn named_in(
    document: &Document<'_>,
    names: &origin::Names,
    target: &Target,
    places: &mut BTreeMap<Span, Kind>,
) {
    let found = outline::outline(&document.file.text);
    for binding in &found.bindings {
        for (nth, name) in binding.names.iter().enumerate() {
            let after = binding.names.len() - nth - 1;
            let Some(steps) = binding.way.steps.get(..binding.way.steps.len() - after) else {
                continue;
            };
            let way = Way { steps: steps.to_vec(), ..binding.way };
            let is_meant = (!way.is_argument && means(document, &way, target))
                || is_made_of(names.at(document.span(*name)), target);
            if is_meant {
                places.insert(document.span(*name), Kind::Written);
            }
        }
    }
    for selection in &found.selections {
        for nth in 0..selection.names.len() {
            let Some(names) = selection.names.get(..=nth) else { continue };
            let Some((_, place)) = names.last() else { continue };
            let names = names.iter().map(|(name, _)| name.clone()).collect();
            // A variable of another name is no place where it is named.
            if Some(document.text(*place)) != name(target) {
                continue;
            }
            let way = target::unfold(document, &found, names);
            if way.is_some_and(|way| means(document, &way, target)) {
                places.entry(document.span(*place)).or_insert(Kind::Read);
            }
        }
    }
    for text in &found.texts {
        let at = text.span.0;
        if Some(document.text(text.span)) == name(target)
            && target::at(document, at).is_some_and(|found| found.target == *target)
        {
            places.entry(document.span(text.span)).or_insert(Kind::Read);
        }
    }
}

/// Whether what a name in the argument of a function becomes is the target, or its field in any service.
fn is_made_of(found: Option<Target>, target: &Target) -> bool {
    match (found, target) {
        (
            Some(Target::Field { contract, path, .. }),
            Target::Field { contract: wanted, path: of, .. },
        ) => (contract, &path) == (*wanted, of),
        (found, _) => found.as_ref() == Some(target),
    }
}

/// Whether a path ends in the target.
fn means(document: &Document<'_>, way: &Way, target: &Target) -> bool {
    let Some(inside) = target::inside(document.view.model(), way) else { return false };
    match target {
        Target::Service { contract, name } => {
            inside.contract == *contract
                && inside.service == Some(Some(name.clone()))
                && inside.fields.is_empty()
        }
        // A field is meant in every service.
        Target::Field { contract, path, .. } => {
            inside.contract == *contract && inside.fields == *path
        }
        _ => false,
    }
}
