//! The outline of a document, and the services, middlewares and databases of all of them.

use gen_lsp_types::{
    BaseSymbolInformation, DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse,
    SymbolKind, WorkspaceSymbol, WorkspaceSymbolParams, WorkspaceSymbolResponse,
};
use nixpact_contract::Role;
use nixpact_source::Span;
use nixpact_syntax::outline::{self, Binding, Outline, Step};

use crate::target;
use crate::view::{Document, View};

pub(crate) fn document(
    document: Document<'_>,
    _: DocumentSymbolParams,
) -> Option<DocumentSymbolResponse> {
    let outline = outline::outline(&document.file.text);
    let mut bindings: Vec<&Binding> =
        outline.bindings.iter().filter(|binding| !binding.is_inherited).collect();
    bindings.sort_by_key(|binding| (binding.span.0, std::cmp::Reverse(binding.span.1)));
    let mut rest = &bindings[..];
    Some(nested(&document, &outline, &mut rest, u32::MAX, 0).into())
}

/// Sets inside of each other are shown to this depth.
const MAX_DEPTH: usize = 24;

/// The bindings that begin before `end`, each with those inside of it.
fn nested(
    document: &Document<'_>,
    outline: &Outline,
    bindings: &mut &[&Binding],
    end: u32,
    depth: usize,
) -> Vec<DocumentSymbol> {
    let mut symbols = Vec::new();
    while let Some((binding, rest)) = bindings.split_first()
        && binding.span.0 < end
    {
        *bindings = rest;
        let mut children = nested(document, outline, bindings, binding.span.1, depth + 1);
        if depth >= MAX_DEPTH {
            children.clear();
        }
        symbols.extend(symbol(document, outline, binding, children));
    }
    symbols
}

#[allow(deprecated, reason = "the field is part of the protocol")]
fn symbol(
    document: &Document<'_>,
    outline: &Outline,
    binding: &Binding,
    children: Vec<DocumentSymbol>,
) -> Option<DocumentSymbol> {
    let (first, last) = (binding.names.first()?, binding.names.last()?);
    let whole = (binding.span.0, binding.span.1.max(last.1));
    let name = document.text((first.0, last.1)).trim_matches('"').to_owned();
    let inside = target::inside(document.view.model(), &binding.way);
    let kind = match &inside {
        Some(inside) if inside.fields.is_empty() && inside.service.is_some() => SymbolKind::Class,
        Some(inside) if !inside.fields.is_empty() => SymbolKind::Field,
        _ if binding.way.is_local => SymbolKind::Variable,
        _ if !children.is_empty() => SymbolKind::Namespace,
        _ => SymbolKind::Property,
    };
    let holds_set = outline.brackets.iter().any(|it| whole.0 < it.span.0 && it.span.1 <= whole.1);
    let value = document.text((last.1, whole.1)).trim_start_matches(['"', ' ', '=']);
    let value = value.trim_end().trim_end_matches(';');
    let is_short = !holds_set && !value.contains('\n') && value.len() <= 60;
    Some(DocumentSymbol {
        name: if name.trim().is_empty() { "\"\"".to_owned() } else { name },
        detail: (is_short && !value.is_empty()).then(|| value.to_owned()),
        kind,
        tags: None,
        deprecated: None,
        range: document.range(whole),
        selection_range: document.range((first.0, last.1)),
        children: (!children.is_empty()).then_some(children),
    })
}

/// What has a name in a workspace.
struct Named {
    name: String,
    kind: SymbolKind,
    container: String,
    span: Span,
}

pub(crate) fn workspace(
    views: &[View<'_>],
    params: WorkspaceSymbolParams,
) -> WorkspaceSymbolResponse {
    let query = params.query.to_lowercase();
    let mut symbols = Vec::new();
    for view in views {
        let mut named = named(view);
        named.retain(|named| matches(&named.name.to_lowercase(), &query));
        named.sort_by(|a, b| (&a.name, a.span).cmp(&(&b.name, b.span)));
        named.dedup_by(|a, b| (&a.name, a.span) == (&b.name, b.span));
        for Named { name, kind, container, span } in named {
            let Some(location) = view.place(span).and_then(|span| view.location(span)) else {
                continue;
            };
            symbols.push(WorkspaceSymbol {
                location: location.into(),
                data: None,
                base_symbol_information: BaseSymbolInformation {
                    name,
                    kind,
                    tags: None,
                    container_name: Some(container),
                },
            });
        }
    }
    symbols.into()
}

/// Whether the letters of a query stand in a name, in their order.
fn matches(name: &str, query: &str) -> bool {
    let mut letters = name.chars();
    query.chars().all(|wanted| letters.any(|letter| letter == wanted))
}

fn named(view: &View<'_>) -> Vec<Named> {
    let mut all = Vec::new();
    let model = view.model();
    for contract in &model.contracts {
        let container = contract.option.clone();
        let fields = contract.fields.iter().filter(|field| !field.internal);
        all.extend(fields.filter_map(|field| {
            let (name, container) = (field.name.clone(), container.clone());
            Some(Named { name, kind: SymbolKind::Field, container, span: field.span? })
        }));
    }
    for service in model.all().flat_map(|host| &host.services) {
        let Some(contract) = model.contracts.get(service.contract) else { continue };
        let (name, container) = (service.name.clone(), contract.option.clone());
        all.extend(service.span.map(|span| Named {
            name,
            kind: SymbolKind::Class,
            container,
            span,
        }));
    }
    for middleware in model.hosts.iter().flat_map(|host| &host.middlewares.all) {
        let (name, container) = (middleware.name.clone(), "middlewares".to_owned());
        all.extend(middleware.span.map(|span| Named {
            name,
            kind: SymbolKind::Function,
            container,
            span,
        }));
    }
    for used in target::uses(view).iter().filter(|used| used.role == Role::Databases) {
        let (name, container) = (used.name.to_owned(), used.service.name.clone());
        let span = used.value.span;
        all.extend(span.map(|span| Named { name, kind: SymbolKind::Struct, container, span }));
    }
    all
}

/// The last name of a path.
pub(crate) fn last_name(steps: &[Step]) -> Option<&str> {
    steps.iter().rev().find_map(|step| match step {
        Step::Name(name) => Some(name.as_str()),
        Step::Dynamic | Step::Element => None,
    })
}
