//! The services of one host.

use nixpact_eval::Evaluator;
use nixpact_modules::{OptionDecl, Slot, Universe};
use nixpact_source::{FileId, Span};
use nixpact_syntax::Symbol;

use crate::audit::audit;
use crate::datum::{Datum, Located, located, unknown_value};
use crate::deprecated;
use crate::discover::Found;
use crate::model::{
    Contract, Definition, Enabled, Field, FieldState, Finding, FindingKind, Room, Service,
    ServiceFacts,
};
use crate::nix::recursion::{Recursion, recursion};
use crate::plain::name_places;
use crate::reuse::HostParts;
use crate::roles::Role;

/// Which members of a contract's option are looked at.
pub(crate) type Meant<'m, 'a> = &'m dyn Fn(&Slot<'a>) -> bool;

/// The members of a contract's option for which `is_meant` holds, sorted by name.
pub(crate) fn services<'a>(
    ev: &Evaluator<'a>,
    found: Found<'a>,
    contract: (usize, &Contract),
    is_meant: Meant<'_, 'a>,
    (at, parts): (usize, HostParts<'_>),
) -> Vec<Service> {
    // Forced first, so that a definition that depends on itself is met where Nix meets it.
    let _ = ev.force(found.slot.value(ev));
    let Some(elements) = found.slot.elements(ev) else { return Vec::new() };
    // To look up their names takes longer than the fields of a small service.
    let fields: Vec<Symbol> =
        contract.1.fields.iter().map(|field| Symbol::new(&field.name)).collect();
    elements
        .entries
        .iter()
        .filter(|(_, slot)| is_meant(slot))
        .filter_map(|(name, slot)| {
            parts.service(ev, (at, *name), || service(ev, name.as_str(), slot, contract, &fields))
        })
        .collect()
}

fn service<'a>(
    ev: &Evaluator<'a>,
    name: &str,
    slot: &'a Slot<'a>,
    (index, contract): (usize, &Contract),
    fields: &[Symbol],
) -> Option<Service> {
    let _ = ev.force(slot.value(ev));
    let state = slot.state(ev);
    if state.active.is_empty() && state.undecided.is_none() {
        // Every definition is under a condition that is false.
        return None;
    }
    let universe = slot.universe(ev)?;
    let root = universe.root(ev);
    let mut recursions: Vec<Recursion> = Vec::new();
    if state.undecided.is_some() {
        recursions.extend(recursion(ev, slot.value(ev), state.undecided, || slot.path.to_string()));
    }
    let fields: Vec<Field> = fields
        .iter()
        .map(|name| {
            let child = root.child(ev, *name);
            match child.and_then(|child| Some((child, child.option(ev)?))) {
                Some((child, option)) => {
                    let value = child.value(ev);
                    let field = field(ev, value, option);
                    recursions.extend(recursion(ev, value, None, || child.path.to_string()));
                    field
                }
                None => group(ev, child),
            }
        })
        .collect();
    let spans = spans(slot);
    let main = main_span(&spans, &fields);
    let certain = !state.active.is_empty();
    let mut findings = Vec::new();
    audit(ev, universe, &mut findings);
    let lacks = findings.iter().any(|it| matches!(it.kind, FindingKind::Missing { .. }));
    let only_switch = only_switch(contract, &fields, &findings) && !is_named(ev, &spans, name);
    let facts = ServiceFacts {
        names: if only_switch { names(ev, &spans, name) } else { Vec::new() },
        only_switch,
        recursions,
        deprecated: deprecated::uses(ev, contract, &fields),
        room: main.filter(|_| lacks).and_then(|main| room(ev, main.file, &fields)),
        name: name.to_owned(),
        span: main,
        enabled: enabled(contract, &fields, certain, universe, ev),
        spans,
        fields,
        findings,
    };
    Some(Service::new(index, facts))
}

/// Whether nothing but the switch is defined, under whatever condition.
fn only_switch(contract: &Contract, fields: &[Field], findings: &[Finding]) -> bool {
    let Some(switch) = contract.roles.field(Role::Enable) else { return false };
    let is_left = |field: &Field| {
        matches!(field.state, FieldState::Default | FieldState::Missing)
            && field.definitions.is_empty()
    };
    let others = fields.iter().enumerate().filter(|(at, _)| *at != switch);
    let is_stray = |finding: &Finding| matches!(finding.kind, FindingKind::Unknown { .. });
    !contract.open
        && fields.get(switch).is_some_and(|field| field.state == FieldState::Defined)
        && others.into_iter().all(|(_, field)| is_left(field))
        && !findings.iter().any(is_stray)
}

/// Whether a service is defined in a file that is named for it: its own module, however little it says.
fn is_named(ev: &Evaluator<'_>, spans: &[Span], name: &str) -> bool {
    let mut paths = spans.iter().map(|span| ev.sources.file(span.file).path.as_str());
    paths.any(|path| path.split('/').any(|part| part.trim_end_matches(".nix") == name))
}

/// Where the name of a service could be written anew: all places, or none.
fn names(ev: &Evaluator<'_>, spans: &[Span], name: &str) -> Vec<Span> {
    let places: Vec<Vec<Span>> =
        spans.iter().map(|span| name_places(ev, Some(*span), name)).collect();
    if places.iter().any(Vec::is_empty) { Vec::new() } else { places.concat() }
}

/// Where the service's name is written, in the order of the files.
fn spans(slot: &Slot<'_>) -> Vec<Span> {
    let mut spans: Vec<Span> = slot.definition_spans().collect();
    spans.sort();
    spans.dedup();
    spans
}

/// The place of the name in the file that defines most of the service: settings that only switch it
/// on are not where it is declared.
fn main_span(spans: &[Span], fields: &[Field]) -> Option<Span> {
    let keys = || fields.iter().flat_map(|f| &f.definitions).filter_map(|d| d.key);
    let weight = |span: &Span| keys().filter(|key| key.file == span.file).count();
    spans.iter().rev().max_by_key(|span| weight(span)).copied()
}

fn field<'a>(
    ev: &Evaluator<'a>,
    value: &'a nixpact_eval::Thunk<'a>,
    option: &'a OptionDecl<'a>,
) -> Field {
    let value = located(ev, value);
    let state = option.slot.state(ev);
    let definitions = if state.is_default { &[][..] } else { state.active };
    Field {
        state: match (state.active, state.undecided) {
            (_, Some(_)) => FieldState::Possible,
            ([], None) if option.may_be_declared_elsewhere() => FieldState::Possible,
            ([], None) => FieldState::Missing,
            (_, None) if state.is_default => FieldState::Default,
            (_, None) => FieldState::Defined,
        },
        value,
        definitions: definitions
            .iter()
            .map(|definition| Definition {
                key: definition.span,
                value: ev.written(definition.value),
            })
            .collect(),
    }
}

/// Before the last field in a file that begins its line.
fn room(ev: &Evaluator<'_>, file: FileId, fields: &[Field]) -> Option<Room> {
    let keys = fields.iter().flat_map(|field| &field.definitions).filter_map(|it| it.key);
    let rooms = keys.filter(|key| key.file == file).filter_map(|key| {
        let before = ev.sources.file(file).text.get(..key.start as usize)?;
        let line = before.trim_end_matches([' ', '\t']);
        let above = line.strip_suffix("\r\n").or_else(|| line.strip_suffix('\n'))?;
        let indent = before[above.len()..].into();
        Some(Room { span: Span::new(file, key.start, key.start), indent })
    });
    rooms.max_by_key(|room| room.span.start)
}

/// A set of fields, such as `proxy.enable` and `proxy.port`.
fn group<'a>(ev: &Evaluator<'a>, node: Option<&'a nixpact_modules::Node<'a>>) -> Field {
    let value = match node {
        Some(node) => located(ev, node.value(ev)),
        None => Located::nowhere(Datum::Null),
    };
    let is_defined = node.is_some_and(|node| !node.definitions.is_empty());
    let state = if is_defined { FieldState::Defined } else { FieldState::Default };
    Field { state, value, definitions: Box::default() }
}

fn enabled<'a>(
    contract: &Contract,
    fields: &[Field],
    certain: bool,
    universe: &'a Universe<'a>,
    ev: &Evaluator<'a>,
) -> Enabled {
    let enabled = match contract.roles.field(Role::Enable).map(|at| &fields[at].value.datum) {
        None | Some(Datum::Bool(true)) => Enabled::Yes,
        Some(Datum::Bool(false)) => Enabled::No,
        Some(Datum::Unknown(unknown)) => Enabled::Unknown(unknown.clone()),
        // Nix stops where this is read.
        Some(_) => Enabled::No,
    };
    if certain || enabled == Enabled::No {
        return enabled;
    }
    match universe.collected(ev).unresolved.first() {
        Some(unknown) => Enabled::Unknown(unknown_value(unknown).into()),
        None => {
            let reason = "a condition on it is unknown";
            Enabled::Unknown(crate::datum::UnknownValue::new("condition", reason).into())
        }
    }
}
