//! Values in the place of options: what modules define where options are declared below, and which is no
//! set that could define these.

use nixpact_eval::{ErrorKind, Evaluator, Stop, Thunk, Value};

use crate::node::{Node, RawDeclaration};
use crate::property::{Property, RawDefinition, property};

/// A definition that nixpkgs refuses as it defines a set of options by something else.
#[derive(Clone, Copy)]
pub struct Misplaced<'a> {
    pub definition: RawDefinition<'a>,
    /// What it is, with its article.
    pub what: &'static str,
}

impl<'a> Node<'a> {
    /// The definitions of that kind at this very place, whose conditions do not matter.
    pub fn misplaced(&'a self, ev: &Evaluator<'a>) -> Vec<Misplaced<'a>> {
        let mut found = Vec::new();
        if !self.declarations.iter().any(|raw| is_namespace(ev, raw)) {
            return found;
        }
        for definition in self.definitions.iter().filter(|raw| !raw.is_possible()) {
            if let Some(Ok(what)) = no_set(ev, definition.value) {
                found.push(Misplaced { definition: *definition, what });
            }
        }
        found
    }

    /// An error for such a definition here or below, or for what Nix reports while it looks for one.
    pub(crate) fn misplaced_below(&'a self, ev: &Evaluator<'a>) -> Option<Stop<'a>> {
        for definition in self.definitions.iter().filter(|raw| !raw.is_possible()) {
            let Some(value) = no_set(ev, definition.value) else { continue };
            return Some(value.map_or_else(
                |stop| stop,
                |what| {
                    let message =
                        format!("{what} is defined for the set of options '{}'", self.path);
                    let stop = ev.error_stop(ErrorKind::Throw, message);
                    let span = definition.span.or_else(|| ev.written(definition.value));
                    span.map_or(stop, |span| ev.at(stop, span))
                },
            ));
        }
        let is_defined = |child: &Node<'a>| !child.definitions.is_empty();
        self.children(ev).iter().find_map(|(_, child)| {
            let is_namespace = || child.declarations.iter().any(|raw| is_namespace(ev, raw));
            (is_defined(child) && child.option(ev).is_none() && is_namespace())
                .then(|| child.misplaced_below(ev))
                .flatten()
        })
    }
}

/// Whether options, and no option itself, are declared by it for sure.
fn is_namespace<'a>(ev: &Evaluator<'a>, raw: &RawDeclaration<'a>) -> bool {
    matches!(
        ev.force(raw.value),
        Ok(Value::Attrs(attrs)) if attrs.rest.is_none() && !attrs.is_empty() && !crate::node::is_option(ev, attrs)
    )
}

/// What there is below properties (`pushDownProperties`) and is no set, or what Nix reports while it looks.
fn no_set<'a>(ev: &Evaluator<'a>, value: &'a Thunk<'a>) -> Option<Result<&'static str, Stop<'a>>> {
    let known = |stop| matches!(stop, Stop::Error(_)).then_some(Err(stop));
    match ev.force(value) {
        Ok(Value::Attrs(attrs)) => match property(ev, attrs)? {
            Property::If { content, .. } | Property::Override { content, .. } => {
                no_set(ev, content)
            }
            Property::Merge(contents) => match ev.force_list(contents) {
                Ok(list) => list.items.iter().find_map(|item| no_set(ev, item)),
                Err(stop) => known(stop),
            },
            // Nixpkgs takes their parts for options.
            Property::Order { .. } | Property::Definition(_) => None,
        },
        Ok(other) => Some(Ok(other.type_name())),
        Err(stop) => known(stop),
    }
}
