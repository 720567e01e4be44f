//! What Nix refuses among the options that the repository declares: conflicts, clashes, and definitions
//! that belong to no option.

use nixpact_eval::Evaluator;
use nixpact_modules::{
    ClashKind, Invalid, InvalidKind, Node, OPTION_ARGUMENTS, OptionDecl, Path, Slot, Type, Universe,
};
use nixpact_source::Span;
use nixpact_syntax::Symbol;

use crate::audit::wrong_type;
use crate::discover::Found;
use crate::extract::Meant;
use crate::model::{Party, Refused, RefusedKind};
use crate::nearest::nearest;
use crate::nix::recursion::{Recursion, recursion};
use crate::plain::name_places;
use crate::reuse::{HostParts, Looked};

/// Deeper options are not looked at.
const MAX_DEPTH: usize = 12;

/// Longer values are not shown.
const MAX_SHOWN_CHARS: usize = 60;

/// Looks at every option of a universe that the repository declares: what Nix refuses there, and the
/// options outside of services whose value needs itself.
///
/// `is_complete` says that all modules of it are known, or come from outside of the repository: else
/// one that is not among them may declare what seems undeclared.
pub(crate) fn refused<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    contracts: &[Found<'a>],
    is_complete: bool,
    is_meant: Meant<'_, 'a>,
    parts: HostParts<'_>,
) -> (Vec<Refused>, Vec<Recursion>) {
    let has_others = !universe.collected(ev).unresolved.is_empty();
    let mut visitor = Visitor {
        ev,
        contracts,
        is_complete,
        has_others,
        is_meant,
        parts,
        service: None,
        of_nixos: false,
        found: Vec::new(),
        recursions: Vec::new(),
    };
    visitor.node(universe.root(ev), 0);
    (visitor.found, visitor.recursions)
}

/// Looks at what the repository defines of the options of NixOS itself, in a universe all of whose modules
/// are known.
pub(crate) fn refused_by_nixos<'a>(ev: &Evaluator<'a>, whole: &'a Universe<'a>) -> Vec<Refused> {
    let mut visitor = Visitor {
        ev,
        contracts: &[],
        is_complete: true,
        has_others: false,
        is_meant: &|_| true,
        parts: HostParts::default(),
        service: None,
        of_nixos: true,
        found: Vec::new(),
        recursions: Vec::new(),
    };
    visitor.node(whole.root(ev), 0);
    visitor.found
}

struct Visitor<'v, 'a> {
    ev: &'v Evaluator<'a>,
    contracts: &'v [Found<'a>],
    is_complete: bool,
    /// There are modules from outside of the repository.
    has_others: bool,
    /// Options and members whose definitions are looked at.
    is_meant: Meant<'v, 'a>,
    parts: HostParts<'v>,
    /// The service in whose contract the visitor is.
    service: Option<Symbol>,
    /// It looks at what is defined of the options of NixOS.
    of_nixos: bool,
    found: Vec<Refused>,
    recursions: Vec<Recursion>,
}

impl<'a> Visitor<'_, 'a> {
    fn node(&mut self, node: &'a Node<'a>, depth: usize) {
        if depth > MAX_DEPTH || !self.is_meant_here(node) {
            return;
        }
        self.misplaced(node);
        let children = node.children(self.ev);
        for (name, child) in children {
            if name.as_str() == "_module" {
                continue;
            }
            if self.of_nixos && !self.is_meant_here(child) {
                continue;
            }
            if let Some(declaration) = child.invalid(self.ev) {
                self.part(child, |visitor| visitor.invalid(child, declaration));
                continue;
            }
            match child.option(self.ev) {
                Some(option) => self.part(child, |visitor| visitor.option(child, option, depth)),
                None if child.is_declared() => {
                    self.part(child, |visitor| visitor.node(child, depth + 1));
                }
                // A contract has a lint of its own for fields that it does not have.
                None if self.is_complete
                    && self.service.is_none()
                    && node.is_closed(self.ev)
                    && !self.is_shared(node) =>
                {
                    self.undeclared(node, child);
                }
                None => {}
            }
        }
    }

    /// Whether a place is looked at: one that the repository declares, or of NixOS one that it defines.
    fn is_meant_here(&self, node: &'a Node<'a>) -> bool {
        if !self.of_nixos {
            return node.is_declared();
        }
        // What is in a member of a set belongs to the option that is the set.
        let is_own = node.is_declared_inside()
            && !node.universe.is_submodule()
            && (!node.is_declared_outside() || node.option(self.ev).is_some());
        node.is_defined_inside() && !is_own
    }

    /// Whether a module from outside of the repository declares options at a place, too: then it is looked
    /// at together with those.
    fn is_shared(&self, node: &'a Node<'a>) -> bool {
        let whole = node.universe.whole(self.ev);
        let node = whole.and_then(|whole| whole.node(self.ev, &node.path.segments()));
        node.is_some_and(Node::is_declared_outside)
    }

    fn invalid(&mut self, node: &'a Node<'a>, declaration: Invalid) {
        let mut meant = (None, Vec::new());
        if let (InvalidKind::Argument(name), span) = (&declaration.kind, declaration.span)
            && let Some(near) = nearest(name, OPTION_ARGUMENTS.iter().copied())
        {
            meant = (Some(near.to_owned()), name_places(self.ev, span, name));
        }
        let (nearest, names) = meant;
        let is_met = node.stops_for(self.ev, &declaration);
        let kind = RefusedKind::Invalid { declaration, is_met, nearest, names };
        self.push(node.path.to_string(), kind);
    }

    fn misplaced(&mut self, node: &'a Node<'a>) {
        for misplaced in node.misplaced(self.ev) {
            let definition = misplaced.definition;
            let span = definition.span.or_else(|| self.ev.written(definition.value));
            if self.of_nixos && span.is_none() {
                continue;
            }
            let mut children = node.children(self.ev).iter();
            let law = children
                .find_map(|(name, child)| Some((name.to_string(), child.declaration_span()?)));
            let kind = RefusedKind::Misplaced { what: misplaced.what, span, law };
            self.push(node.path.to_string(), kind);
        }
    }

    fn option(&mut self, node: &'a Node<'a>, option: &'a OptionDecl<'a>, depth: usize) {
        if let Some(mut clash) = option.clash() {
            // Neither of two declarations of the same option comes first by itself.
            if clash.kind != ClashKind::Below && clash.second < clash.first {
                std::mem::swap(&mut clash.first, &mut clash.second);
            }
            self.push(node.path.to_string(), RefusedKind::Clash(clash));
            return;
        }
        if !(self.is_meant)(option.slot) {
            return;
        }
        let law = option.spans.first().copied();
        if let Some(conflict) = option.conflict(self.ev) {
            return self.conflict(option.slot, &conflict, law);
        }
        let is_written = option.slot.is_written();
        if self.of_nixos {
            self.wrong_types(option.slot, None);
            return self.slot(option.slot, None, depth);
        }
        // Of a service, all fields are looked at elsewhere.
        if is_written && self.service.is_none() && option.slot.ty.get(self.ev).is_scalar() {
            let value = option.slot.value(self.ev);
            let _ = self.ev.force(value);
            let found = recursion(self.ev, value, None, || node.path.to_string());
            self.recursions.extend(found);
        }
        // What is wrong in a service is found with its fields.
        if is_written && self.service.is_none() {
            self.wrong_types(option.slot, law);
        }
        if is_written || option.default.is_some() {
            self.slot(option.slot, law, depth);
        }
    }

    fn wrong_types(&mut self, slot: &'a Slot<'a>, law: Option<Span>) {
        let mut wrong = Vec::new();
        slot.refused_values(self.ev, &mut wrong);
        let is_shared = |path: &Path<'a>| Universe::is_nixos_path(&path.segments());
        for (path, mismatch) in wrong {
            // NixOS may declare the option, too, and the repository add to an enum of it.
            if !self.of_nixos && is_shared(path) && mismatch.expected.may_grow(self.ev) {
                continue;
            }
            // Where the option is not used, nobody asks which values there are.
            if !self.of_nixos && mismatch.expected.computes_values(self.ev) {
                continue;
            }
            let finding = wrong_type(self.ev, &mismatch, path, law);
            // Else it is not the repository's.
            if self.of_nixos && finding.site.span.is_none() {
                continue;
            }
            self.push(path.to_string(), RefusedKind::WrongType(finding));
        }
    }

    /// Looks into the members of a set of options, and into submodules.
    fn slot(&mut self, slot: &'a Slot<'a>, law: Option<Span>, depth: usize) {
        let contract = self.contracts.iter().position(|found| std::ptr::eq(found.slot, slot));
        match slot.ty.get(self.ev).unchecked() {
            Type::AttrsOf { .. } => {
                let Some(elements) = slot.elements(self.ev) else { return };
                let is_meant = self.is_meant;
                for (name, member) in elements.entries.iter().filter(|(_, it)| is_meant(it)) {
                    match contract {
                        Some(contract) => self.service((contract, *name), member, law, depth),
                        None => self.member(member, law, depth),
                    }
                }
            }
            Type::ListOf { .. } => {
                if let Some(member) = slot.invalid_members(self.ev) {
                    self.node(member.root(self.ev), depth + 1);
                }
            }
            ty if ty.submodule(self.ev).is_some() => {
                if let Some(universe) = slot.universe(self.ev) {
                    self.node(universe.root(self.ev), depth + 1);
                }
            }
            _ => {}
        }
    }

    fn member(&mut self, member: &'a Slot<'a>, law: Option<Span>, depth: usize) {
        match member.conflict(self.ev) {
            Some(conflict) => self.conflict(member, &conflict, law),
            None => self.slot(member, law, depth + 1),
        }
    }

    fn service(
        &mut self,
        key: (usize, Symbol),
        member: &'a Slot<'a>,
        law: Option<Span>,
        depth: usize,
    ) {
        let parts = self.parts;
        let looked = parts.looked(self.ev, key, || {
            self.apart(|visitor| {
                visitor.service = Some(key.1);
                visitor.member(member, law, depth);
                visitor.service = None;
            })
        });
        self.add(looked);
    }

    /// Looks at what is at a node and below it. Of a service, all is looked at in one.
    fn part(&mut self, node: &'a Node<'a>, look: impl FnOnce(&mut Self)) {
        if self.service.is_some() {
            return look(self);
        }
        let parts = self.parts;
        let looked = parts.options(self.ev, || node.path.to_string(), || self.apart(look));
        self.add(looked);
    }

    /// What is found by `look`.
    fn apart(&mut self, look: impl FnOnce(&mut Self)) -> Looked {
        let outer = (std::mem::take(&mut self.found), std::mem::take(&mut self.recursions));
        look(self);
        let refused = std::mem::replace(&mut self.found, outer.0);
        let recursions = std::mem::replace(&mut self.recursions, outer.1);
        Looked { refused, recursions }
    }

    fn add(&mut self, looked: Looked) {
        self.found.extend(looked.refused);
        self.recursions.extend(looked.recursions);
    }

    fn conflict(
        &mut self,
        slot: &Slot<'a>,
        conflict: &nixpact_modules::Conflict<'a>,
        law: Option<Span>,
    ) {
        let party = |party: &nixpact_modules::Party<'a>| Party {
            key: party.span,
            value: self.ev.origin(party.value).span,
            module: party.file.and_then(|file| self.ev.path_outside(file)),
            shown: nixpact_eval::print(self.ev, party.value)
                .ok()
                .filter(|text| !text.contains('«') && text.chars().count() <= MAX_SHOWN_CHARS),
        };
        let mut parties: Vec<Party> = conflict.parties.iter().map(party).collect();
        parties.sort();
        parties.dedup();
        if self.of_nixos && parties.iter().all(|party| party.key.is_none()) {
            return;
        }
        self.push(
            slot.path.to_string(),
            RefusedKind::Conflict { kind: conflict.kind, parties, law },
        );
    }

    fn undeclared(&mut self, parent: &'a Node<'a>, child: &'a Node<'a>) {
        let siblings = parent.children(self.ev);
        let declared = || siblings.iter().filter(|(_, node)| node.is_declared());
        let name = child.path.last();
        let near = nearest(name.as_str(), declared().map(|(name, _)| name.as_str()));
        // A namespace of which the repository declares the lesser part is that of another's module.
        if self.has_others && near.is_none() && declared().count() * 2 <= siblings.len() {
            return;
        }
        let beside = declared().find(|(name, _)| near.is_none_or(|near| name.as_str() == near));
        let law = beside.and_then(|(_, node)| node.declaration_span());
        for definition in child.definitions {
            // One of two branches may be meant, of which the other declares nothing there.
            if definition.is_possible() {
                continue;
            }
            let span = definition.span.or_else(|| self.ev.written(definition.value));
            if self.of_nixos && span.is_none() {
                continue;
            }
            let (parent, nearest) = (parent.path.to_string(), near.map(str::to_owned));
            let names = name_places(self.ev, definition.span, name.as_str());
            let kind = RefusedKind::Undeclared { parent, span, nearest, names, law };
            self.push(child.path.to_string(), kind);
        }
    }

    fn push(&mut self, option: String, kind: RefusedKind) {
        let service = self.service.map(|name| name.to_string());
        self.found.push(Refused { option, service, kind });
    }
}
