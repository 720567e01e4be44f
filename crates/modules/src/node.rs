//! The tree of options and definitions, built as far as it is looked at.

mod open;

use std::cell::{Cell, OnceCell};

use nixpact_eval::{Attr, Attrs, Compute, Eval, Evaluator, Reason, Stop, Thunk, Unknown, Value};
use nixpact_source::Span;
use nixpact_syntax::Symbol;
use rustc_hash::FxHashMap;

pub(crate) use open::rest_of;

use crate::declare;
use crate::flakes::flake_parts;
use crate::foreign;
use crate::invalid;
use crate::library::options::OPTION;
use crate::names;
use crate::opaque::{self, Opaques};
use crate::option::OptionDecl;
use crate::path::Path;
use crate::property::{RawDefinition, push_down};
use crate::template::{Template, TemplateOption};
use crate::universe::Universe;

/// A set of declarations, or one, as a module writes it.
#[derive(Clone, Copy)]
pub(crate) struct RawDeclaration<'a> {
    pub value: &'a Thunk<'a>,
    pub span: Option<Span>,
    /// The module is none of the repository's.
    pub is_outside: bool,
}

/// A place in the tree.
pub struct Node<'a> {
    pub universe: &'a Universe<'a>,
    pub path: &'a Path<'a>,
    pub(crate) declarations: &'a [RawDeclaration<'a>],
    pub definitions: &'a [RawDefinition<'a>],
    /// Why there may be definitions here that are not known.
    pub(crate) opaque: Opaques<'a>,
    option: OnceCell<Option<OptionDecl<'a>>>,
    children: OnceCell<&'a [(Symbol, &'a Node<'a>)]>,
    building: Cell<bool>,
    value: OnceCell<&'a Thunk<'a>>,
}

/// What modules write below a place.
#[derive(Default)]
struct Below<'a> {
    declarations: Vec<RawDeclaration<'a>>,
    definitions: Vec<RawDefinition<'a>>,
}

impl<'a> Node<'a> {
    pub(crate) fn new(
        ev: &Evaluator<'a>,
        universe: &'a Universe<'a>,
        path: &'a Path<'a>,
        declarations: &'a [RawDeclaration<'a>],
        definitions: &'a [RawDefinition<'a>],
        opaque: Opaques<'a>,
    ) -> &'a Node<'a> {
        ev.arena.alloc(Node {
            universe,
            path,
            declarations,
            definitions,
            opaque,
            option: OnceCell::new(),
            children: OnceCell::new(),
            building: Cell::new(false),
            value: OnceCell::new(),
        })
    }

    /// Whether a module declares an option here or below.
    pub fn is_declared(&self) -> bool {
        !self.declarations.is_empty() || self.template().is_some()
    }

    /// Whether a module of the repository declares an option here or below.
    pub fn is_declared_inside(&self) -> bool {
        self.declarations.iter().any(|raw| !raw.is_outside) || self.template().is_some()
    }

    /// Whether a module from outside of the repository declares an option here or below.
    pub fn is_declared_outside(&self) -> bool {
        self.declarations.iter().any(|raw| raw.is_outside)
    }

    /// Whether any module defines something here or below, true or not.
    pub(crate) fn is_defined(&self) -> bool {
        !self.definitions.is_empty()
    }

    /// Whether a module of the repository defines something here or below.
    pub fn is_defined_inside(&self) -> bool {
        self.definitions.iter().any(|raw| raw.file.is_some_and(|file| !file.is_outside()))
    }

    /// Whether one of its declarations is not known, and may be an option.
    pub(crate) fn may_be_option(&self, ev: &Evaluator<'a>) -> bool {
        self.declarations.iter().any(|raw| unknown_of(ev, raw).is_some())
    }

    /// Why there may be definitions of an option here that are not known: modules of other flakes define
    /// those of NixOS, too.
    pub(crate) fn doubts(&self, ev: &Evaluator<'a>) -> Opaques<'a> {
        if !self.is_declared_outside() || flake_parts::is_of_one(self) {
            return self.opaque;
        }
        self.universe.collected(ev).foreign(ev, self.opaque)
    }

    /// What declares the options below, at the root of a member that shares them.
    fn template(&self) -> Option<&'a Template<'a>> {
        let template = self.universe.template();
        template.filter(|_| std::ptr::eq(self.path, self.universe.path))
    }

    /// Where its name is declared first.
    pub fn declaration_span(&self) -> Option<Span> {
        self.declarations.iter().find_map(|raw| raw.span)
    }

    /// The option declared at this very place.
    pub fn option(&'a self, ev: &Evaluator<'a>) -> Option<&'a OptionDecl<'a>> {
        if let Some(known) = ev.recall(&self.option) {
            return known.as_ref();
        }
        let more = || rest_of(ev, self.universe, self.path);
        let declared = ev.remember(&self.option, || declare::merge(ev, self.declarations, more));
        let option = declared.map(|it| OptionDecl::new(ev, ev.arena.alloc(it), self));
        let _ = self.option.set(option);
        // An evaluation inside of this one may have come first.
        self.option.get()?.as_ref()
    }

    /// The places below this one, sorted by name; those of an option are in its [`Slot`](crate::Slot). None where
    /// they are asked for while they are being found.
    pub fn children(&'a self, ev: &Evaluator<'a>) -> &'a [(Symbol, &'a Node<'a>)] {
        self.try_children(ev).unwrap_or_default()
    }

    /// The places below this one; unknown where finding them depends on them.
    pub(crate) fn try_children(
        &'a self,
        ev: &Evaluator<'a>,
    ) -> Eval<'a, &'a [(Symbol, &'a Node<'a>)]> {
        if let Some(known) = ev.recall(&self.children) {
            return Ok(known);
        }
        if self.building.replace(true) {
            return Err(ev.unknown(Reason::Recursion, None));
        }
        let children = ev.remember(&self.children, || self.build_children(ev));
        self.building.set(false);
        let _ = self.children.set(children);
        Ok(children)
    }

    /// Whether the option's value is computed from the merged one.
    pub(crate) fn has_apply(&'a self, ev: &Evaluator<'a>) -> bool {
        self.option(ev).is_some_and(|option| option.apply.is_some())
    }

    fn build_children(&'a self, ev: &Evaluator<'a>) -> &'a [(Symbol, &'a Node<'a>)] {
        let mut below: FxHashMap<Symbol, Below<'a>> = FxHashMap::default();
        let mut opaque = self.opaque;
        for declaration in self.declarations {
            // A declaration that is not known declares nothing that can be checked.
            let Ok(Value::Attrs(attrs)) = ev.force(declaration.value) else { continue };
            if may_be_option(ev, attrs).is_some() {
                continue;
            }
            for attr in attrs.unordered() {
                let raw = RawDeclaration { value: attr.value, span: attr.span, ..*declaration };
                below.entry(attr.name).or_default().declarations.push(raw);
            }
        }
        let holds_outputs = self.universe.is_flake() && std::ptr::eq(self.path, self.universe.path);
        for definition in self.definitions {
            push_down(
                ev,
                *definition,
                &mut |attrs, raw| {
                    below.reserve(attrs.len());
                    for attr in attrs.unordered() {
                        let value = match holds_outputs {
                            true => flake_parts::definition(ev, self.universe, attr),
                            false => attr.value,
                        };
                        let raw = RawDefinition { value, span: attr.span, ..raw };
                        below.entry(attr.name).or_default().definitions.push(raw);
                    }
                },
                &mut |unknown| opaque = unknown.push(ev, opaque),
            );
        }
        let mut children = match self.template() {
            Some(template) => self.shared_children(ev, template, &mut below, opaque),
            None => Vec::new(),
        };
        // Those of a template are in order.
        let is_sorted = below.is_empty();
        children.extend(below.into_iter().map(|(name, mut below)| {
            let path = self.path.child(ev, name);
            // They are the modules of a submodule, which are taken the other way round once more.
            if holds_outputs && flake_parts::is_outputs(path) {
                below.definitions.reverse();
            }
            let declarations = ev.arena.alloc_slice_copy(&below.declarations);
            let definitions = ev.arena.alloc_slice_copy(&below.definitions);
            let universe = self.universe;
            let opaque = opaque::below(ev, opaque, name);
            (name, Node::new(ev, universe, path, declarations, definitions, opaque))
        }));
        if !is_sorted {
            children.sort_unstable_by_key(|(name, _)| name.as_str());
        }
        ev.arena.alloc_slice_copy(&children)
    }

    /// The children that a template has: shared as a whole where nothing is defined.
    fn shared_children(
        &'a self,
        ev: &Evaluator<'a>,
        template: &'a Template<'a>,
        below: &mut FxHashMap<Symbol, Below<'a>>,
        opaque: Opaques<'a>,
    ) -> Vec<(Symbol, &'a Node<'a>)> {
        let universe = self.universe;
        let child = |option: &TemplateOption<'a>| {
            let name = option.name;
            let definitions =
                below.remove(&name).map(|below| below.definitions).unwrap_or_default();
            let opaque = opaque::below(ev, opaque, name);
            if option.has_value && definitions.is_empty() && opaque.is_none() {
                return (name, option.node);
            }
            let path = self.path.child(ev, name);
            let definitions = ev.arena.alloc_slice_copy(&definitions);
            if !option.is_shared {
                let value = ev.lazy(move |ev| universe.declaration(ev, name));
                let span = option.node.declarations.first().and_then(|raw| raw.span);
                let raw = RawDeclaration { value, span, is_outside: false };
                let declarations = ev.arena.alloc_slice_copy(&[raw]);
                return (name, Node::new(ev, universe, path, declarations, definitions, opaque));
            }
            let declarations = option.node.declarations;
            let node = Node::new(ev, universe, path, declarations, definitions, opaque);
            if let Some(shared) = option.node.option(ev) {
                let _ = node.option.set(Some(OptionDecl::new(ev, shared.declared, node)));
            }
            (name, node)
        };
        template.options.iter().map(child).collect()
    }

    pub fn child(&'a self, ev: &Evaluator<'a>, name: Symbol) -> Option<&'a Node<'a>> {
        self.try_child(ev, name).ok().flatten()
    }

    pub(crate) fn try_child(
        &'a self,
        ev: &Evaluator<'a>,
        name: Symbol,
    ) -> Eval<'a, Option<&'a Node<'a>>> {
        let children = self.try_children(ev)?;
        // To compare a few numbers beats the search for a text.
        let at = match children.len() <= 32 {
            true => children.iter().position(|(known, _)| *known == name),
            false => children.binary_search_by_key(&name.as_str(), |(it, _)| it.as_str()).ok(),
        };
        Ok(at.map(|at| children[at].1))
    }

    /// The value in `config`.
    pub fn value(&'a self, ev: &Evaluator<'a>) -> &'a Thunk<'a> {
        if let Some(known) = self.value.get() {
            return known;
        }
        let value = match self.option.get() {
            Some(Some(option)) if option.is_plain() => option.slot.value(ev),
            _ => ev.computed(self),
        };
        let _ = self.value.set(value);
        value
    }

    fn evaluate(&'a self, ev: &Evaluator<'a>) -> Eval<'a> {
        if let Some(option) = self.option(ev) {
            option.accepted(ev, self.path)?;
            let value = option.slot.value(ev);
            self.value(ev).set_origin(value);
            return match (option.apply, option.more) {
                (None, None) => ev.force(value),
                (None, Some(more)) => foreign::shared(ev, option.slot, more),
                (Some(apply), None) => ev.call_result(ev.force(apply), value),
                (Some(apply), Some(more)) => {
                    let shared = ev.lazy(move |ev| foreign::shared(ev, option.slot, more));
                    ev.call_result(ev.force(apply), shared)
                }
            };
        }
        if !self.is_declared() {
            return foreign::value(ev, self);
        }
        if let Some(invalid) = invalid::invalid(ev, self.declarations) {
            return Err(invalid.stop(ev, self));
        }
        // It may be an option, of any type.
        if let Some(unknown) = self.declarations.iter().find_map(|raw| unknown_of(ev, raw)) {
            return Err(Stop::Unknown(unknown));
        }
        Ok(Value::Attrs(ev.open_attrs(self.entries(ev)?, self.rest(ev))))
    }

    /// The attributes in `config` of the places below this one.
    pub(crate) fn entries(&'a self, ev: &Evaluator<'a>) -> Eval<'a, Vec<Attr<'a>>> {
        // Where no other module may declare it, what is not declared has no value.
        let has_value = |child: &Node<'a>| {
            child.is_declared()
                || !self.universe.is_own()
                || self.template().is_some()
                || self.universe.declared_elsewhere().is_some()
        };
        let children = self.try_children(ev)?.iter();
        let children = children.filter(|(_, child)| has_value(child));
        Ok(children.map(|(name, child)| child.attr(ev, *name)).collect())
    }

    pub(crate) fn attr(&'a self, ev: &Evaluator<'a>, name: Symbol) -> Attr<'a> {
        let span = self.definitions.first().and_then(|definition| definition.span);
        Attr { name, value: self.value(ev), span }
    }
}

impl<'a> Compute<'a> for Node<'a> {
    fn compute(&'a self, ev: &Evaluator<'a>) -> Eval<'a> {
        self.evaluate(ev)
    }

    fn is_from_outside(&self) -> bool {
        !self.is_declared()
    }

    fn needs(&'a self, ev: &Evaluator<'a>) -> Vec<&'a Thunk<'a>> {
        // What `apply` makes of the value may not need it.
        self.option(ev)
            .filter(|option| option.is_plain())
            .map(|option| option.slot.value(ev))
            .into_iter()
            .collect()
    }
}

fn unknown_of<'a>(ev: &Evaluator<'a>, raw: &RawDeclaration<'a>) -> Option<&'a Unknown<'a>> {
    match ev.force(raw.value) {
        Err(Stop::Unknown(unknown)) => Some(unknown),
        Ok(Value::Attrs(attrs)) => may_be_option(ev, attrs),
        _ => None,
    }
}

/// Why a set may be an option without saying so: it has arguments of `mkOption` alone, beside what is not
/// known. Modules write `option // { default = …; }` to declare an option of nixpkgs anew.
pub(crate) fn may_be_option<'a>(
    ev: &Evaluator<'a>,
    attrs: &'a Attrs<'a>,
) -> Option<&'a Unknown<'a>> {
    let rest = attrs.rest?;
    // What is not known may have another tag.
    let is_tag = |attr: &Attr<'a>| {
        attr.name == *names::TYPE_TAG && matches!(ev.force(attr.value), Err(Stop::Unknown(_)))
    };
    let is_argument = |attr: &Attr<'a>| OPTION.contains(&attr.name.as_str()) || is_tag(attr);
    (!attrs.is_empty() && attrs.unordered().iter().all(is_argument)).then_some(rest)
}

pub(crate) fn is_option<'a>(ev: &Evaluator<'a>, attrs: &'a Attrs<'a>) -> bool {
    attrs
        .get(*names::TYPE_TAG)
        .is_some_and(|tag| matches!(ev.force(tag.value), Ok(Value::Str("option"))))
}
