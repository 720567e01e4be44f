//! Why there may be more at a place than is known, and what is refused there where there is not.

use nixpact_eval::{Attrs, Evaluator, Reason, Stop, Unknown, Value};

use super::Node;
use crate::flakes::flake_parts;
use crate::foreign;
use crate::names;
use crate::opaque;
use crate::path::Path;
use crate::property::push_down;
use crate::universe::Universe;

impl<'a> Node<'a> {
    /// Whether nixpkgs refuses what is defined here and not declared, as far as the repository can tell:
    /// among options that the repository declares, and all of whose declarations are known.
    pub fn is_closed(&'a self, ev: &Evaluator<'a>) -> bool {
        let universe = self.universe;
        let is_checked = match universe.is_own() {
            true => universe.is_closed(ev),
            false => universe.checks_definitions(ev),
        };
        // Where all modules are known, what is not known are definitions, which declare nothing.
        let rest = match universe.is_whole(ev) {
            true => self.undeclared(ev),
            false => self.rest(ev),
        };
        is_checked && self.is_declared() && rest.is_none()
    }

    /// A place here or below that surely is defined, and belongs to no declaration: conditions do not matter
    /// to nixpkgs.
    pub(crate) fn stray(&'a self, ev: &Evaluator<'a>) -> Option<&'a Node<'a>> {
        self.children(ev).iter().find_map(|(name, child)| {
            // What is not defined has no definition below it.
            if *name == *names::MODULE || child.definitions.is_empty() {
                return None;
            }
            match child.is_declared() {
                true if child.option(ev).is_some() => None,
                true => child.stray(ev).filter(|_| child.rest(ev).is_none()),
                false => child.definitions.iter().any(|raw| !raw.is_possible()).then_some(*child),
            }
        })
    }

    /// Why this place may have options that are not known.
    pub(crate) fn rest(&self, ev: &Evaluator<'a>) -> Option<&'a Unknown<'a>> {
        rest_of(ev, self.universe, self.path)
            .map(|rest| self.because_of_own(ev, rest))
            .or_else(|| self.opaque(ev))
            .or_else(|| self.undeclared(ev))
            .or_else(|| self.universe.foreign_module(ev))
    }

    /// Why something is unknown that is not declared: nearly all outputs of a flake are defined by its own
    /// modules, so that one that is not known says more, and after that one from outside.
    pub(crate) fn because_of_own(
        &self,
        ev: &Evaluator<'a>,
        foreign: &'a Unknown<'a>,
    ) -> &'a Unknown<'a> {
        if !self.universe.is_flake() {
            return foreign;
        }
        let module = self.others(ev).or_else(|| {
            let modules = self.universe.collected(ev).foreign_modules(ev);
            modules.min_by_key(|unknown| flake_parts::is_tool(unknown))
        });
        module.map_or(foreign, |module| ev.unknown_because(foreign.reason, module))
    }

    /// Why there may be options here that are not known.
    pub fn undeclared(&self, ev: &Evaluator<'a>) -> Option<&'a Unknown<'a>> {
        self.open_declaration(ev, |_| true).or_else(|| self.undeclared_above(ev))
    }

    /// A set of declarations around this place, of which not all names are known, may lead here, too.
    fn undeclared_above(&self, ev: &Evaluator<'a>) -> Option<&'a Unknown<'a>> {
        if std::ptr::eq(self.path, self.universe.path) {
            return None;
        }
        let mut around = self.universe.root(ev);
        for name in self.path.segments().split_off(self.universe.path.segments().len()) {
            let is_here = |attrs: &Attrs<'a>| attrs.get(name).is_none() && attrs.may_have(name);
            if let Some(unknown) = around.open_declaration(ev, is_here) {
                return Some(unknown);
            }
            around = around.child(ev, name)?;
        }
        None
    }

    fn open_declaration(
        &self,
        ev: &Evaluator<'a>,
        is_meant: impl Fn(&Attrs<'a>) -> bool,
    ) -> Option<&'a Unknown<'a>> {
        self.declarations.iter().find_map(|raw| match ev.force(raw.value) {
            Ok(Value::Attrs(attrs)) => attrs.rest.filter(|_| is_meant(attrs)),
            Err(Stop::Unknown(unknown)) => Some(unknown),
            // What Nix refuses there comes first.
            Err(Stop::Error(_)) => Some(ev.unknown_ref(Reason::Broken, None)),
            Ok(_) => None,
        })
    }

    /// Why there may be definitions here that are not known.
    pub fn opaque(&self, ev: &Evaluator<'a>) -> Option<&'a Unknown<'a>> {
        opaque::reason(ev, self.opaque)
    }

    /// Why there may be attributes here of which no definition has the name.
    pub(crate) fn others(&self, ev: &Evaluator<'a>) -> Option<&'a Unknown<'a>> {
        let mut opaque = self.opaque;
        for raw in self.definitions {
            push_down(ev, *raw, &mut |_, _| {}, &mut |unknown| opaque = unknown.push(ev, opaque));
        }
        opaque::reason(ev, opaque)
    }
}

/// Why a place may have options that the repository does not declare.
pub(crate) fn rest_of<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    path: &'a Path<'a>,
) -> Option<&'a Unknown<'a>> {
    if universe.is_own() {
        return universe.declared_elsewhere();
    }
    if universe.is_whole(ev) {
        return None;
    }
    match path.segments().get(universe.path.segments().len()) {
        // Whatever outputs modules of flakes declare, there may be any others.
        Some(_) if universe.is_flake() && flake_parts::is_outputs(path) => {
            Some(foreign::at(ev, path))
        }
        Some(name) if !foreign::is_nixos_namespace(name.as_str()) => None,
        _ => Some(foreign::at(ev, path)),
    }
}
