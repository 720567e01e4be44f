//! Places from which the values of services come, whatever functions they pass on the way: what stands in
//! the arguments of a function of the repository that makes services.
//!
//! All of it rests on where the evaluator has found each value and each name to be written.

use std::collections::{BTreeMap, BTreeSet};

use nixpact_contract::{Contract, Datum, FieldState, Located, Service};
use nixpact_source::{FileId, Span};
use nixpact_syntax::outline::{self, Binding, Bytes, Outline, Step, Text, Way};

use crate::references::bare;
use crate::target::{Found, Target, value};
use crate::view::{Document, View};

/// The service or field that is made of what stands at byte `at`; `None` where it is more than one.
pub(crate) fn at(document: &Document<'_>, outline: &Outline, at: u32) -> Option<Found> {
    let around = |(start, end): Bytes| start <= at && at <= end;
    if let Some(text) = outline.texts.iter().find(|text| around(text.span))
        && let Some(target) = named(document, outline, text)
    {
        return Some(Found { target, span: document.span(text.span) });
    }
    let bindings = outline.bindings.iter().filter(|it| around(it.span) && !it.is_inherited);
    let binding = bindings.min_by_key(|binding| binding.span.1 - binding.span.0);
    if let Some(binding) = binding
        && let Some(name) = binding.names.iter().find(|name| around(**name))
    {
        let span = document.span(*name);
        let is_last = binding.names.last() == Some(name);
        let value = value(document, binding).filter(|_| is_last);
        let target =
            Names::in_document(document).at(span).or_else(|| one(&all_of(document, value?)))?;
        return Some(Found { target, span });
    }
    innermost(document, at)
}

/// The services and fields whose names are written at each place.
pub(crate) struct Names(BTreeMap<Span, Meant>);

impl Names {
    pub fn of(view: &View<'_>) -> Names {
        Names::within(view, |_| true)
    }

    /// Those of one document.
    pub fn in_document(document: &Document<'_>) -> Names {
        Names::within(&document.view, |file| file == document.id)
    }

    fn within(view: &View<'_>, is_wanted: impl Fn(FileId) -> bool) -> Names {
        let mut names: BTreeMap<Span, Meant> = BTreeMap::new();
        let mut add = |place: Span, service: &Service, path: Vec<String>| {
            let meant = (service.contract, service.name.clone(), path);
            names.entry(bare(view, place)).or_default().insert(meant);
        };
        each_service(view, |service, contract| {
            let place = |span: Span| view.place(span).filter(|span| is_wanted(span.file));
            for span in service.spans.iter().filter_map(|span| place(*span)) {
                if view.sources().text(bare(view, span)) == service.name {
                    add(span, service, Vec::new());
                }
            }
            for (decl, field) in contract.fields.iter().zip(&service.fields) {
                let keys = field.definitions.iter().filter_map(|it| place(it.key?));
                keys.for_each(|key| add(key, service, vec![decl.name.clone()]));
            }
        });
        Names(names)
    }

    pub fn at(&self, name: Span) -> Option<Target> {
        one(self.0.get(&name)?)
    }
}

/// Where strings are written that give a service its name.
pub(crate) fn naming(view: &View<'_>, contract: usize, name: &str) -> Vec<Span> {
    let wanted = Target::Service { contract, name: name.to_owned() };
    let mut places = Vec::new();
    for (at, file) in (0_u32..).zip(view.sources().files()) {
        if file.text.contains(name) {
            let document = Document { view: *view, id: FileId::new(at), file };
            let outline = outline::outline(&file.text);
            let texts = outline.texts.iter().filter(|text| document.text(text.span) == name);
            let texts = texts.filter(|it| named(&document, &outline, it).as_ref() == Some(&wanted));
            places.extend(texts.map(|text| document.span(text.span)));
        }
    }
    places
}

/// A contract's position, a service, and a path below it.
type Meant = BTreeSet<(usize, String, Vec<String>)>;

/// What all of these mean together: of one field in several services the field alone.
fn one(all: &Meant) -> Option<Target> {
    let (contract, name, path) = all.first()?.clone();
    let is_alone = all.len() == 1;
    if !all.iter().all(|other| (other.0, &other.2) == (contract, &path)) {
        return None;
    }
    match path.is_empty() {
        true => is_alone.then_some(Target::Service { contract, name }),
        false => Some(Target::Field { contract, service: is_alone.then_some(name), path }),
    }
}

fn each_service(view: &View<'_>, mut visit: impl FnMut(&Service, &Contract)) {
    let model = view.model();
    for service in model.all().flat_map(|host| &host.services) {
        if let Some(contract) = model.contracts.get(service.contract) {
            visit(service, contract);
        }
    }
}

/// Visits the places of a value and of what is in it, with their paths; list members are stepped over.
fn each_place<'m>(
    value: &'m Located,
    path: &mut Vec<&'m str>,
    visit: &mut impl FnMut(Span, &[&'m str], &Datum),
) {
    if let Some(span) = value.span {
        visit(span, path, &value.datum);
    }
    match &value.datum {
        Datum::List { items, .. } => items.iter().for_each(|item| each_place(item, path, visit)),
        Datum::Attrs { entries, .. } => {
            for (name, value) in entries {
                path.push(name);
                each_place(value, path, visit);
                path.pop();
            }
        }
        _ => {}
    }
}

/// Visits the places of all values of all services that are in a document.
fn each_value(document: &Document<'_>, mut visit: impl FnMut(Span, &Service, &[&str], &Datum)) {
    let view = &document.view;
    each_service(view, |service, contract| {
        // A default is the contract's own.
        let fields = contract.fields.iter().zip(&service.fields);
        for (decl, field) in fields.filter(|(_, field)| field.state != FieldState::Default) {
            let mut path = vec![decl.name.as_str()];
            each_place(&field.value, &mut path, &mut |span, path, datum| {
                if span.file == document.id
                    && let Some(place) = view.place(span)
                {
                    visit(place, service, path, datum);
                }
            });
        }
    });
}

fn owned(path: &[&str]) -> Vec<String> {
    path.iter().map(|name| (*name).to_owned()).collect()
}

/// The fields of which a text is the value.
fn all_of(document: &Document<'_>, text: Bytes) -> Meant {
    let mut found = Meant::new();
    each_value(document, |span, service, path, _| {
        if (span.start, span.end) == text {
            found.insert((service.contract, service.name.clone(), owned(path)));
        }
    });
    found
}

/// The field of the innermost value around a place that is no set or list.
fn innermost(document: &Document<'_>, at: u32) -> Option<Found> {
    let (mut found, mut length, mut place) = (Meant::new(), u32::MAX, None);
    each_value(document, |span, service, path, datum| {
        let is_whole = matches!(datum, Datum::List { .. } | Datum::Attrs { .. } | Datum::Function);
        let own = span.end - span.start;
        if is_whole || !(span.start..=span.end).contains(&at) || own > length {
            return;
        }
        if own < length {
            found.clear();
            (length, place) = (own, Some(span));
        }
        found.insert((service.contract, service.name.clone(), owned(path)));
    });
    Some(Found { target: one(&found)?, span: place? })
}

/// The service to which a string gives its name: where that name is computed from a variable, the string is
/// the variable's value or an argument, and what stands beside it is the value of a field of that service.
pub(crate) fn named(document: &Document<'_>, outline: &Outline, text: &Text) -> Option<Target> {
    let view = &document.view;
    let name = document.text(text.span);
    let mut found = Meant::new();
    each_service(view, |service, _| {
        let variables = || service.spans.iter().filter_map(|span| variable(view, *span));
        if service.name == name
            && variables().next().is_some()
            && beside(document, outline, text, variables().collect())
                .is_some_and(|area| comes_from(document, service, area))
        {
            found.insert((service.contract, service.name.clone(), Vec::new()));
        }
    });
    one(&found)
}

/// `name` of an attribute `${name}` in the model.
pub(crate) fn variable<'v>(view: &View<'v>, key: Span) -> Option<&'v str> {
    let text = view.sources().text(view.place(key)?);
    let inside = text.trim_matches('"').strip_prefix("${")?.strip_suffix('}')?.trim();
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-_'".contains(c);
    (!inside.is_empty() && inside.chars().all(is_name)).then_some(inside)
}

/// Where the other arguments of a call stand that has a string among them: the set of arguments in which a
/// variable has it as its value, or the argument behind it.
fn beside(
    document: &Document<'_>,
    outline: &Outline,
    text: &Text,
    variables: Vec<&str>,
) -> Option<Bytes> {
    let quoted = (text.span.0.checked_sub(1)?, text.span.1 + 1);
    let mut bindings = outline.bindings.iter();
    if let Some(binding) = bindings.find(|binding| value(document, binding) == Some(quoted)) {
        let name = document.text(*binding.names.last()?);
        let bracket = outline.brackets.get(binding.parent?)?;
        return variables.contains(&name).then_some(bracket.span);
    }
    let rest = document.file.text.get(quoted.1 as usize..)?;
    let start = quoted.1 + (rest.len() - rest.trim_start().len()) as u32;
    let mut brackets = outline.brackets.iter();
    match brackets.find(|bracket| bracket.span.0 == start) {
        Some(bracket) => Some(bracket.span),
        None => {
            let is_end = |c: char| c.is_whitespace() || ";)]},".contains(c);
            let length = rest.trim_start().find(is_end).unwrap_or(rest.trim_start().len());
            (length > 0).then_some((start, start + length as u32))
        }
    }
}

/// Whether the value of a field of a service is written in a part of a document.
fn comes_from(document: &Document<'_>, wanted: &Service, area: Bytes) -> bool {
    let mut comes = false;
    each_value(document, |span, service, _, _| {
        comes |= service.contract == wanted.contract
            && service.name == wanted.name
            && area.0 <= span.start
            && span.end <= area.1;
    });
    comes
}

/// The path of the option that is meant where something is being written, in an argument that becomes part
/// of a service; `bracket` is where the innermost brackets begin.
pub(crate) fn way(
    document: &Document<'_>,
    outline: &Outline,
    way: &Way,
    (bracket, at): (u32, u32),
) -> Option<Way> {
    passed_on(document, outline, way, at)
        .or_else(|| assigned(document, outline, way, (bracket, at)))
}

/// In a set whose attributes are fields of a service.
fn passed_on(document: &Document<'_>, outline: &Outline, way: &Way, at: u32) -> Option<Way> {
    let written = Names::in_document(document);
    let around = outline.brackets.iter().enumerate().rev();
    let mut around = around.filter(|(_, it)| it.is_set && it.span.0 < at && at <= it.span.1);
    around.find_map(|(nth, bracket)| {
        let rest = way.steps.strip_prefix(&bracket.way.steps[..])?;
        let bindings = outline.bindings.iter().filter(|binding| binding.parent == Some(nth));
        let names = bindings.filter_map(|binding| Some(document.span(*binding.names.first()?)));
        let fields = names.filter_map(|name| written.at(name));
        let (contract, service) = { fields }.find_map(|target| match target {
            Target::Field { contract, service, .. } => Some((contract, service)),
            _ => None,
        })?;
        option_way(document, contract, service, rest)
    })
}

/// In the value of a variable that is the value of a field.
fn assigned(
    document: &Document<'_>,
    outline: &Outline,
    way: &Way,
    (bracket, at): (u32, u32),
) -> Option<Way> {
    let around = |binding: &&Binding| binding.span.0 <= at && at <= binding.span.1;
    let bindings = outline.bindings.iter().filter(around);
    let binding = bindings.min_by_key(|binding| binding.span.1 - binding.span.0)?;
    let Some(Target::Field { contract, service, path }) =
        one(&all_of(document, value(document, binding)?))
    else {
        return None;
    };
    let in_list = binding.span.0 < bracket && way.steps.last() == Some(&Step::Element);
    let mut rest: Vec<Step> = path.into_iter().map(Step::Name).collect();
    rest.extend(in_list.then_some(Step::Element));
    option_way(document, contract, service, &rest)
}

fn option_way(
    document: &Document<'_>,
    contract: usize,
    service: Option<String>,
    rest: &[Step],
) -> Option<Way> {
    let option = &document.view.model().contracts.get(contract)?.option;
    let mut steps: Vec<Step> = option.split('.').map(|name| Step::Name(name.to_owned())).collect();
    steps.push(service.map_or(Step::Dynamic, Step::Name));
    steps.extend_from_slice(rest);
    Some(Way { steps, ..Way::default() })
}
