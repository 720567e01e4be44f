//! What stands at a place: a service, a field, a middleware, a database.

use nixpact_contract::{Contract, Datum, Located, Model, Role, Service};
use nixpact_source::Span;
use nixpact_syntax::outline::{self, Binding, Bytes, Outline, Step, Way};

use crate::origin;
use crate::view::{Document, View};

/// Something that has a name of its own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Target {
    /// The option that holds the services.
    Contract {
        contract: usize,
    },
    Service {
        contract: usize,
        name: String,
    },
    /// A field, by its path below the service, whose name may not be known.
    Field {
        contract: usize,
        service: Option<String>,
        path: Vec<String>,
    },
    Middleware {
        name: String,
    },
    Database {
        name: String,
    },
}

/// A target and the text that names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Found {
    pub target: Target,
    pub span: Span,
}

/// What stands at byte `at` of a document.
pub(crate) fn at(document: &Document<'_>, at: u32) -> Option<Found> {
    let outline = outline::outline(&document.file.text);
    named(document, &outline, at)
        .or_else(|| selected(document, &outline, at))
        .or_else(|| written(document, &outline, at))
        .or_else(|| valued(document, &outline, at))
        .or_else(|| origin::at(document, &outline, at))
}

/// The field of which the value stands at a place, where that is no set or list.
fn valued(document: &Document<'_>, outline: &Outline, at: u32) -> Option<Found> {
    let around = |(start, end): outline::Bytes| start <= at && at <= end;
    let bindings = outline.bindings.iter().filter(|binding| around(binding.span));
    let binding = bindings.min_by_key(|binding| binding.span.1 - binding.span.0)?;
    let in_brackets =
        outline.brackets.iter().any(|it| binding.span.0 < it.span.0 && around(it.span));
    let (_, name_end) = *binding.names.last()?;
    if in_brackets || binding.is_inherited || binding.way.is_argument || at <= name_end {
        return None;
    }
    let target = inside(document.view.model(), &binding.way)?.target()?;
    let is_field = matches!(target, Target::Field { .. });
    let text = document.text((name_end, binding.span.1));
    let value = text.trim_start_matches(['"', '=', ' ', '\n', '\t', '\r']);
    let start = binding.span.1 - value.len() as u32;
    let end = start + value.trim_end_matches([';', ' ', '\n', '\t', '\r']).len() as u32;
    is_field.then(|| Found { target, span: document.span((start, end.max(start))) })
}

/// The text of a binding's value, without what is around it.
pub(crate) fn value(document: &Document<'_>, binding: &Binding) -> Option<Bytes> {
    let (_, name_end) = *binding.names.last()?;
    let text = document.text((name_end, binding.span.1));
    let (_, after) = text.split_once('=')?;
    let start = binding.span.1 - after.trim_start().len() as u32;
    let end = start + after.trim().trim_end_matches(';').trim_end().len() as u32;
    (start < end).then_some((start, end))
}

/// The parts of a path that leads into a contract.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Inside {
    pub contract: usize,
    /// The name of the service, if the path goes so far; `None` inside of it where it is computed.
    pub service: Option<Option<String>>,
    /// Below the service, without list members.
    pub fields: Vec<String>,
    /// How many steps of the path come before those of the fields.
    pub before: usize,
}

/// Reads the path of an option that may belong to a contract.
pub(crate) fn inside(model: &Model, way: &Way) -> Option<Inside> {
    if way.is_local {
        return None;
    }
    model.contracts.iter().enumerate().find_map(|(contract, known)| {
        let steps = &way.steps[..];
        let is_config = matches!(steps.first(), Some(Step::Name(name)) if name == "config");
        let skipped = usize::from(is_config && !known.option.starts_with("config."));
        let rest = steps.get(skipped..)?;
        let option: Vec<&str> = known.option.split('.').collect();
        let leads = rest.len() >= option.len()
            && option.iter().zip(rest).all(|(name, step)| *step == Step::Name((*name).to_owned()));
        leads.then(|| split(contract, rest.get(option.len()..), skipped + option.len()))
    })
}

fn split(contract: usize, below: Option<&[Step]>, before: usize) -> Inside {
    let below = below.unwrap_or_default();
    let name = |step: &Step| match step {
        Step::Name(name) => Some(name.clone()),
        Step::Dynamic | Step::Element => None,
    };
    let service = below.first().map(name);
    let fields = below.iter().skip(1).filter_map(name).collect();
    Inside { contract, service, fields, before: before + below.len().min(1) }
}

impl Inside {
    fn target(self) -> Option<Target> {
        let Inside { contract, service, fields, .. } = self;
        match (service, fields.is_empty()) {
            (None, _) => Some(Target::Contract { contract }),
            (Some(Some(name)), true) => Some(Target::Service { contract, name }),
            (Some(None), true) => None,
            (Some(service), false) => Some(Target::Field { contract, service, path: fields }),
        }
    }
}

/// The name of a binding at a place.
fn named(document: &Document<'_>, outline: &Outline, at: u32) -> Option<Found> {
    outline.bindings.iter().find_map(|binding| {
        let nth = binding.names.iter().position(|(start, end)| (*start..=*end).contains(&at))?;
        let after = binding.names.len() - nth - 1;
        let steps = binding.way.steps.get(..binding.way.steps.len() - after)?.to_vec();
        let way = Way { steps, ..binding.way };
        let span = document.span(*binding.names.get(nth)?);
        let target = match inside(document.view.model(), &way) {
            // What a function makes of it shows in where values come from.
            Some(inside) if way.is_argument && inside.service.is_some() => None,
            Some(inside) => inside.target(),
            None => middleware(&document.view, &way),
        };
        Some(Found { target: target?, span })
    })
}

/// A middleware whose definition has this path.
fn middleware(view: &View<'_>, way: &Way) -> Option<Target> {
    let Some(Step::Name(name)) = way.steps.last() else { return None };
    let mut hosts = view.model().hosts.iter();
    let is_known = hosts.any(|host| host.middlewares.get(name).is_some_and(|it| it.span.is_some()));
    let under = way.steps.iter().rev().nth(1);
    let is_set = matches!(under, Some(Step::Name(parent)) if parent == "middlewares");
    (is_known && is_set).then(|| Target::Middleware { name: name.clone() })
}

/// A name of a selection such as `config.a.b.service.port`, also by way of a variable.
fn selected(document: &Document<'_>, outline: &Outline, at: u32) -> Option<Found> {
    outline.selections.iter().find_map(|selection| {
        let touches = |(_, (start, end)): &(String, outline::Bytes)| (*start..=*end).contains(&at);
        let nth = selection.names.iter().position(touches)?;
        let names = selection.names.get(..=nth)?.iter().map(|(name, _)| name.clone()).collect();
        let span = document.span(selection.names.get(nth)?.1);
        let way = unfold(document, outline, names)?;
        let target = inside(document.view.model(), &way)?.target()?;
        Some(Found { target, span })
    })
}

/// The path of an option that a selection names: behind `config`, or behind a variable that is bound to
/// such a path.
pub(crate) fn unfold(
    document: &Document<'_>,
    outline: &Outline,
    mut names: Vec<String>,
) -> Option<Way> {
    // A variable may be bound by way of others.
    for _ in 0..8 {
        let first = names.first()?;
        // A test has a configuration for each of its machines.
        let before = match first.as_str() {
            "config" => 1,
            "nodes" => 2,
            _ => 0,
        };
        if before > 0 {
            let steps = names.into_iter().skip(before).map(Step::Name).collect();
            return Some(Way { steps, ..Way::default() });
        }
        let bound = bound(document, outline, first)?;
        names.splice(..1, bound);
    }
    None
}

/// The selection to which a `let` binds a variable.
fn bound(document: &Document<'_>, outline: &Outline, name: &str) -> Option<Vec<String>> {
    let binding = outline.bindings.iter().find(|binding| {
        binding.way.is_local
            && !binding.is_inherited
            && matches!(&binding.way.steps[..], [Step::Name(known)] if known == name)
    })?;
    let text = document.text(binding.span);
    let (_, value) = text.split_once('=')?;
    let value = value.trim().trim_end_matches(';').trim_end();
    let start = binding.span.1 - (text.len() - text.find(value)?) as u32;
    let whole = (start, start + value.len() as u32);
    let selection = outline.selections.iter().find(|selection| {
        let (first, last) = (selection.names.first(), selection.names.last());
        let ends = first.zip(last).map(|((_, first), (_, last))| (first.0, last.1));
        ends.is_some_and(|ends| ends.0 == whole.0 && ends.1 >= whole.1.saturating_sub(1))
    })?;
    Some(selection.names.iter().map(|(name, _)| name.clone()).collect())
}

/// A string that names something: a member of a list of a service, or the path that it has.
fn written(document: &Document<'_>, outline: &Outline, at: u32) -> Option<Found> {
    let text = outline.texts.iter().find(|text| (text.span.0..=text.span.1).contains(&at))?;
    let (span, name) = (document.span(text.span), document.text(text.span).to_owned());
    let view = &document.view;
    let by_value = uses(view).into_iter().find(|used| {
        let Some(place) = used.value.span.and_then(|span| view.place(span)) else { return false };
        place.file == document.id && place.start <= at && at <= place.end
    });
    let target = match by_value {
        Some(used) => used.target()?,
        None => by_way(view, &text.way, name)?,
    };
    Some(Found { target, span })
}

/// What a string means that stands at a path of a contract.
fn by_way(view: &View<'_>, way: &Way, name: String) -> Option<Target> {
    let inside = inside(view.model(), way).filter(|_| !way.is_argument)?;
    let contract = view.model().contracts.get(inside.contract)?;
    let role = contract.roles.role_of(contract.field(inside.fields.first()?)?)?;
    named_by(role, inside.contract, name, &inside.fields)
}

fn named_by(role: Role, contract: usize, name: String, fields: &[String]) -> Option<Target> {
    match role {
        Role::DependsOn => Some(Target::Service { contract, name }),
        Role::Middlewares => Some(Target::Middleware { name }),
        Role::Databases if fields.len() < 2 || fields.last()? == "name" => {
            Some(Target::Database { name })
        }
        _ => None,
    }
}

/// A string by which a service names something else.
pub(crate) struct Use<'m> {
    pub service: &'m Service,
    pub role: Role,
    pub name: &'m str,
    pub value: &'m Located,
}

impl Use<'_> {
    pub fn target(&self) -> Option<Target> {
        named_by(self.role, self.service.contract, self.name.to_owned(), &[])
    }
}

/// Every such string of every service.
pub(crate) fn uses<'v>(view: &View<'v>) -> Vec<Use<'v>> {
    let model = view.model();
    let services = model.all().flat_map(|host| &host.services);
    services.flat_map(|service| of_service(model, service)).collect()
}

/// The strings by which one service names something else.
pub(crate) fn of_service<'m>(model: &'m Model, service: &'m Service) -> Vec<Use<'m>> {
    let Some(contract) = model.contracts.get(service.contract) else { return Vec::new() };
    let mut found = Vec::new();
    for role in [Role::DependsOn, Role::Middlewares, Role::Databases] {
        let Some(field) = service.role(contract, role) else { continue };
        let own = std::slice::from_ref(&field.value);
        let items = match &field.value.datum {
            Datum::List { items, .. } => items,
            _ => own,
        };
        for item in items {
            let value = match role {
                Role::Databases => item.get("name").unwrap_or(item),
                _ => item,
            };
            found.extend(value.as_str().map(|name| Use { service, role, name, value }));
        }
    }
    found
}

/// The contract of a target.
pub(crate) fn contract<'v>(view: &View<'v>, contract: usize) -> Option<&'v Contract> {
    view.model().contracts.get(contract)
}
