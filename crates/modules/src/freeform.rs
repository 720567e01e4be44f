//! `freeformType`: what no option declares, merged by a type.

use nixpact_eval::{Attr, Eval, Evaluator, Stop, Unknown, Value};
use nixpact_syntax::Symbol;

use crate::names;
use crate::node::Node;
use crate::property::{RawDefinition, push_down};
use crate::slot::Slot;
use crate::types::{Type, TypeRef};
use crate::universe::Universe;

/// The configuration of modules with a `freeformType`: what is declared, over the rest.
pub(crate) fn value<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    ty: &'a TypeRef<'a>,
    rest: Option<&'a Unknown<'a>>,
) -> Eval<'a> {
    let mut undeclared = Vec::new();
    let declared = split(ev, universe.root(ev), &mut Vec::new(), &mut undeclared)?;
    let declared = ev.value(Value::Attrs(ev.open_attrs(declared, rest)));
    if undeclared.is_empty() {
        return ev.force(declared);
    }
    let undeclared = ev.arena.alloc_slice_copy(&undeclared);
    let opaque = universe.root(ev).opaque;
    let loose = Slot::new(ev, universe.path, merging(ev, ty), undeclared, None, opaque);
    // Nothing asks the type whether it takes them.
    loose.is_checked.set(true);
    if let Some(unknown) = depends_on_itself(ev, loose) {
        return Err(Stop::Unknown(unknown));
    }
    let loose = loose.value(ev);
    match ev.select(ev.whole_lib(), Symbol::new("recursiveUpdate"))? {
        Some(update) => ev.call_all(ev.force(update)?, &[loose, declared]),
        None => ev.unsupported("recursiveUpdate"),
    }
}

/// Why it is not known which attributes there are, where that depends on itself: then so does each of them.
fn depends_on_itself<'a>(ev: &Evaluator<'a>, loose: &'a Slot<'a>) -> Option<&'a Unknown<'a>> {
    let Type::AttrsOf { lazy: false, .. } = loose.ty.get(ev).unchecked() else { return None };
    let members = loose.elements(ev)?.entries.iter();
    let mut undecided = members.filter_map(|(_, member)| member.state(ev).undecided);
    undecided.find(|unknown| unknown.is_recursion())
}

/// The type that merges sets.
fn merging<'a>(ev: &Evaluator<'a>, ty: &'a TypeRef<'a>) -> &'a TypeRef<'a> {
    match ty.get(ev).unchecked() {
        // A type that consists of itself reaches a limit.
        Type::NullOr(inner) => ev.nested(|| Ok(merging(ev, inner))).unwrap_or(ty),
        _ => ty,
    }
}

/// The declared part of a place; the definitions of the rest, each with its path around it, go to
/// `undeclared` in the order of their names (`unmatchedDefns`).
fn split<'a>(
    ev: &Evaluator<'a>,
    node: &'a Node<'a>,
    path: &mut Vec<Symbol>,
    undeclared: &mut Vec<RawDefinition<'a>>,
) -> Eval<'a, Vec<Attr<'a>>> {
    let mut declared = Vec::new();
    for raw in node.definitions {
        push_down(ev, *raw, &mut |_, _| {}, &mut |opaque| {
            undeclared.push(at_root(ev, path, &opaque.definition(ev)));
        });
    }
    for (name, child) in node.try_children(ev)? {
        if path.is_empty() && *name == *names::MODULE {
            continue;
        }
        path.push(*name);
        if !child.is_declared() {
            undeclared.extend(child.definitions.iter().map(|raw| at_root(ev, path, raw)));
        } else if child.option(ev).is_some() || child.may_be_option(ev) {
            declared.push(child.attr(ev, *name));
        } else {
            let below = split(ev, child, path, undeclared)?;
            let rest = child.opaque(ev);
            let value = ev.value(Value::Attrs(ev.open_attrs(below, rest)));
            declared.push(Attr { name: *name, value, span: None });
        }
        path.pop();
    }
    Ok(declared)
}

/// The definition of the whole that a definition at a path below makes.
fn at_root<'a>(ev: &Evaluator<'a>, path: &[Symbol], raw: &RawDefinition<'a>) -> RawDefinition<'a> {
    let mut value = raw.wrapped(ev);
    for name in path.iter().rev() {
        let attr = Attr { name: *name, value, span: raw.span };
        value = ev.value(Value::Attrs(ev.attrs(vec![attr])));
    }
    RawDefinition {
        span: raw.span,
        undecided: raw.undecided,
        ..RawDefinition::new(value, raw.file)
    }
}
