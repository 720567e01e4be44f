//! What in one service breaks the contract on its own: missing, wrong and unknown fields.

use std::fmt;

use nixpact_eval::{Evaluator, Thunk, Value};
use nixpact_modules::{
    Definition, Mismatch, Node, OptionDecl, Slot, Type, TypeRef, Universe, mismatches,
};
use nixpact_syntax::Symbol;

use crate::discover::example;
use crate::model::{Finding, FindingKind, Site};
use crate::nearest::nearest;
use crate::plain::{name_places, written};

/// Deeper submodules are not looked at.
const MAX_DEPTH: usize = 6;

/// Finds what is wrong in a service, which is a universe of its own.
pub(crate) fn audit<'a>(ev: &Evaluator<'a>, universe: &'a Universe<'a>, out: &mut Vec<Finding>) {
    visit(ev, universe, universe.root(ev), None, out, 0);
}

/// Where a field stands in its service.
struct Place<'p> {
    around: Option<&'p Place<'p>>,
    name: Symbol,
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.around {
            Some(around) => write!(out, "{around}.{}", self.name),
            None => write!(out, "{}", self.name),
        }
    }
}

fn visit<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    node: &'a Node<'a>,
    around: Option<&Place<'_>>,
    out: &mut Vec<Finding>,
    depth: usize,
) {
    let children = node.children(ev);
    // Few services have what is not declared.
    let is_closed =
        || universe.is_closed(ev) && node.opaque(ev).is_none() && node.undeclared(ev).is_none();
    for (name, child) in children {
        if name.as_str() == "_module" {
            continue;
        }
        let place = Place { around, name: *name };
        match child.option(ev) {
            Some(option) => field(ev, option, &place, out, depth),
            // It has a finding of its own.
            None if child.invalid(ev).is_some() => {}
            None if child.is_declared() => visit(ev, universe, child, Some(&place), out, depth),
            None if is_closed() => unknown(ev, children, child, &place, out),
            None => {}
        }
    }
}

fn unknown<'a>(
    ev: &Evaluator<'a>,
    siblings: &[(Symbol, &'a Node<'a>)],
    child: &'a Node<'a>,
    place: &Place<'_>,
    out: &mut Vec<Finding>,
) {
    let name = child.path.last();
    let declared = siblings.iter().filter(|(_, node)| node.is_declared());
    let nearest =
        nearest(name.as_str(), declared.map(|(name, _)| name.as_str())).map(str::to_owned);
    for definition in child.definitions {
        let written = definition.span.or_else(|| ev.written(definition.value));
        let names = name_places(ev, definition.span, name.as_str());
        out.push(Finding {
            field: place.to_string(),
            kind: FindingKind::Unknown { nearest: nearest.clone(), names },
            site: Site { span: written, through: Vec::new() },
            law: None,
        });
    }
}

fn field<'a>(
    ev: &Evaluator<'a>,
    option: &'a OptionDecl<'a>,
    place: &Place<'_>,
    out: &mut Vec<Finding>,
    depth: usize,
) {
    let slot = option.slot;
    // Forced first, so that a definition that depends on itself is met where Nix meets it.
    let _ = ev.force(slot.value(ev));
    let state = slot.state(ev);
    let law = option.spans.first().copied();
    let ty = slot.ty.get(ev);
    if state.active.is_empty() && state.undecided.is_none() {
        if option.may_be_declared_elsewhere() {
            return;
        }
        out.push(Finding {
            field: place.to_string(),
            kind: FindingKind::Missing { ty: ty.describe(ev), example: example(ev, option, ty) },
            site: Site::default(),
            law,
        });
        return;
    }
    let mut wrong = Vec::new();
    if !state.is_default {
        for definition in state.active {
            mismatches(ev, slot.ty, definition, &mut wrong);
        }
    }
    out.extend(wrong.iter().map(|mismatch| wrong_type(ev, mismatch, place, law)));
    if depth < MAX_DEPTH && !state.is_default {
        nested(ev, slot, place, out, depth + 1);
    }
}

/// A finding for a value of another type than that of its field or option.
pub(crate) fn wrong_type<'a>(
    ev: &Evaluator<'a>,
    mismatch: &Mismatch<'a>,
    place: &dyn fmt::Display,
    law: Option<nixpact_source::Span>,
) -> Finding {
    let origin = ev.origin(mismatch.value);
    let found = nixpact_eval::print(ev, mismatch.value).unwrap_or_default();
    let members = mismatch.expected.members(ev);
    let suggestion = nearest(&found, members.iter().map(String::as_str))
        .map(str::to_owned)
        .or_else(|| unquoted(ev, mismatch.expected, mismatch.value));
    let expected = mismatch.expected.describe(ev);
    let kind = match ev.force(mismatch.value) {
        Ok(value) => value.type_name(),
        Err(_) => "a value",
    };
    let written = written(ev, mismatch.value, mismatch.definition.file, &origin);
    let shown = match found.chars().count() {
        0..=60 => format!("{kind} ({found})"),
        _ => kind.to_owned(),
    };
    Finding {
        field: place.to_string(),
        kind: FindingKind::WrongType { expected, found: shown, members, suggestion, written },
        site: Site { span: origin.span.or(mismatch.definition.span), through: origin.through },
        law,
    }
}

/// What a string of a number or Boolean would be without its quotes, where that is of the type and Nix
/// writes it so.
fn unquoted<'a>(ev: &Evaluator<'a>, expected: &Type<'a>, value: &'a Thunk<'a>) -> Option<String> {
    let Ok(Value::Str(text)) = ev.force(value) else { return None };
    let number = text.parse::<i64>().ok().filter(|number| number.to_string() == text);
    let fits = match expected.unchecked() {
        Type::Int | Type::Number => number.is_some(),
        Type::IntBetween { low, high, .. } => number.is_some_and(|number| {
            low.is_none_or(|low| low <= number) && high.is_none_or(|high| number <= high)
        }),
        Type::Bool => matches!(text, "true" | "false"),
        _ => false,
    };
    fits.then(|| text.to_owned())
}

/// Looks into the submodules that a field's value consists of.
fn nested<'a>(
    ev: &Evaluator<'a>,
    slot: &'a Slot<'a>,
    place: &Place<'_>,
    out: &mut Vec<Finding>,
    depth: usize,
) {
    match slot.ty.get(ev).unchecked() {
        Type::AttrsOf { element, .. } if element.get(ev).submodule(ev).is_some() => {
            for (name, member) in slot.elements(ev).map_or(&[][..], |elements| elements.entries) {
                if let Some(universe) = member.universe(ev) {
                    let place = Place { around: Some(place), name: *name };
                    visit(ev, universe, universe.root(ev), Some(&place), out, depth);
                }
            }
        }
        Type::ListOf { element, .. } if element.get(ev).submodule(ev).is_some() => {
            for definition in slot.state(ev).active {
                let Ok(Value::List(list)) = ev.force(definition.value) else { continue };
                for item in list.items {
                    member(ev, slot, element, definition, item, place, out, depth);
                }
            }
        }
        ty if ty.submodule(ev).is_some() => {
            if let Some(universe) = slot.universe(ev) {
                visit(ev, universe, universe.root(ev), Some(place), out, depth);
            }
        }
        _ => {}
    }
}

#[allow(clippy::too_many_arguments, reason = "one call, and a struct for it would only forward")]
fn member<'a>(
    ev: &Evaluator<'a>,
    slot: &'a Slot<'a>,
    element: &'a TypeRef<'a>,
    definition: &Definition<'a>,
    item: &'a Thunk<'a>,
    place: &Place<'_>,
    out: &mut Vec<Finding>,
    depth: usize,
) {
    let member = Slot::member(ev, slot.path, element, item, definition);
    let Some(universe) = member.universe(ev) else { return };
    let first = out.len();
    visit(ev, universe, universe.root(ev), Some(place), out, depth);
    // A field that is missing has no place but the member that lacks it.
    let origin = ev.origin(item);
    for finding in &mut out[first..] {
        if finding.site.span.is_none() {
            finding.site = Site { span: origin.span, through: origin.through.clone() };
        }
    }
}
