//! What is known of the thing under the cursor.

use gen_lsp_types::{Contents, Hover, HoverParams, MarkupContent, MarkupKind};
use nixpact_contract::{Host, Model, Role, Service};

use crate::target::{self, Found, Target};
use crate::view::{Document, View};
use crate::{ports, shown};

pub(crate) fn hover(document: Document<'_>, params: HoverParams) -> Option<Hover> {
    let at = document.offset(params.text_document_position_params.position);
    let Found { target, span } = target::at(&document, at)?;
    let value = text(&document.view, &target)?;
    Some(Hover {
        contents: Contents::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value }),
        range: Some(document.range((span.start, span.end))),
    })
}

fn text(view: &View<'_>, target: &Target) -> Option<String> {
    match target {
        Target::Contract { contract } => contract_text(view, *contract),
        Target::Service { contract, name } => service(view, *contract, name),
        Target::Field { contract, service, path } => {
            field(view, *contract, service.as_deref(), path)
        }
        Target::Middleware { name } => middleware(view, name),
        Target::Database { name } => database(view, name),
    }
}

/// The services of a contract with a name, with their hosts; tests and loose files come last.
pub(crate) fn services<'m>(
    model: &'m Model,
    contract: usize,
    name: &str,
) -> Vec<(&'m Host, &'m Service)> {
    let named = |service: &&Service| service.contract == contract && service.name == name;
    let all = |host: &'m Host| host.services.iter().filter(named).map(move |it| (host, it));
    model.all().flat_map(all).collect()
}

fn contract_text(view: &View<'_>, contract: usize) -> Option<String> {
    let known = target::contract(view, contract)?;
    let count = view.model().hosts.iter().flat_map(|host| &host.services);
    let count = count.filter(|service| service.contract == contract).count();
    let mut out =
        format!("**{}** · {count} services\n\n| field | type |\n|---|---|\n", known.option);
    for field in known.fields.iter().filter(|field| !field.internal) {
        out.push_str(&format!("| {} | {} |\n", field.name, field.ty.replace('|', "\\|")));
    }
    Some(out)
}

fn service(view: &View<'_>, contract: usize, name: &str) -> Option<String> {
    let found = services(view.model(), contract, name);
    if found.is_empty() {
        let option = &target::contract(view, contract)?.option;
        return Some(format!("**{name}** is no service of {option}"));
    }
    let on_hosts = found.iter().filter(|(host, _)| host.name.is_some()).count();
    // Tests repeat what a host says.
    let shown = if on_hosts > 0 { on_hosts.min(4) } else { 1 };
    let tables: Vec<String> =
        found.iter().take(shown).map(|(host, it)| shown::service(view, host, it)).collect();
    Some(tables.join("\n"))
}

fn field(
    view: &View<'_>,
    contract: usize,
    service: Option<&str>,
    path: &[String],
) -> Option<String> {
    let known = target::contract(view, contract)?;
    let decl = shown::field_at(known, path)?;
    let mut out = shown::declaration(&path.join("."), decl);
    let at = known.field(path.first()?)?;
    let found = service.map(|name| services(view.model(), contract, name)).unwrap_or_default();
    if let ([_], Some((_, service))) = (path, found.first())
        && let Some(field) = service.fields.get(at)
    {
        out.push_str(&format!("\n*Value:* {}\n", shown::field_value(field)));
        let place = shown::field_place(view, field);
        if !place.is_empty() {
            out.push_str(&format!("\n*From:* {place}\n"));
        }
        if known.roles.role_of(at) == Some(Role::Port) {
            out.push_str(&port(view, service)?);
        }
    }
    if let Some(link) = decl.span.and_then(|span| view.link(span)) {
        out.push_str(&format!("\n*Declared:* {link}\n"));
    }
    Some(out)
}

/// Who else has a port, and the next that is free.
fn port(view: &View<'_>, service: &Service) -> Option<String> {
    let model = view.model();
    let Some(port) = ports::field(model, service).and_then(|field| field.value.as_int()) else {
        return Some(String::new());
    };
    let taken = ports::taken(model);
    let others = taken.get(&port).into_iter().flatten();
    let others = others.filter(|other| other.name != service.name);
    let others: Vec<&str> = others.map(|other| other.name.as_str()).collect();
    let mut out = match others.is_empty() {
        true => "\nNo other service has this port.\n".to_owned(),
        false => format!("\nAlso of: {}\n", others.join(", ")),
    };
    if let Some(free) = ports::next_free(model, port) {
        out.push_str(&format!("\n*Next free:* `{free}`\n"));
    }
    Some(out)
}

fn middleware(view: &View<'_>, name: &str) -> Option<String> {
    let hosts = view.model().hosts.iter();
    let places = hosts.filter_map(|host| host.middlewares.get(name)?.span);
    let places: Vec<String> = places.filter_map(|span| view.link(span)).collect();
    let users = users(view, Role::Middlewares, name);
    let mut out = format!("**{name}** · middleware\n");
    if let Some(place) = places.first() {
        out.push_str(&format!("\n*Defined:* {place}\n"));
        if let Some(text) = definition_text(view, name) {
            out.push_str(&format!("\n```nix\n{text}\n```\n"));
        }
    } else {
        out.push_str("\nNot defined in this repository.\n");
    }
    if !users.is_empty() {
        out.push_str(&format!("\n*Used by:* {}\n", users.join(", ")));
    }
    Some(out)
}

/// The lines of a middleware's definition.
fn definition_text(view: &View<'_>, name: &str) -> Option<String> {
    const MAX_LINES: usize = 16;
    let hosts = view.model().hosts.iter();
    let span = hosts.filter_map(|host| host.middlewares.get(name)?.span).next()?;
    let span = view.place(span)?;
    let file = view.sources().files().get(span.file.index())?;
    let outline = nixpact_syntax::outline::outline(&file.text);
    let binding = outline.bindings.iter().filter(|binding| {
        binding.names.iter().any(|(start, end)| *start <= span.start && span.end <= *end)
    });
    let binding = binding.min_by_key(|binding| binding.span.1 - binding.span.0)?;
    let text = file.text.get(binding.span.0 as usize..binding.span.1 as usize)?;
    let lines: Vec<&str> = text.lines().collect();
    let mut shown = lines.iter().take(MAX_LINES).copied().collect::<Vec<_>>().join("\n");
    if lines.len() > MAX_LINES {
        shown.push_str("\n…");
    }
    Some(shown)
}

fn database(view: &View<'_>, name: &str) -> Option<String> {
    let users = users(view, Role::Databases, name);
    (!users.is_empty()).then(|| format!("**{name}** · database of {}\n", users.join(", ")))
}

/// The services that name something in the field of a role, by name.
fn users(view: &View<'_>, role: Role, name: &str) -> Vec<String> {
    let uses = target::uses(view).into_iter();
    let uses = uses.filter(|used| used.role == role && used.name == name);
    let mut users: Vec<String> = uses.map(|used| used.service.name.clone()).collect();
    users.sort_unstable();
    users.dedup();
    users
}
