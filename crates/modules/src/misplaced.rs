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
            let mut what = None;
            values(ev, definition.value, &mut |value| what = what.or(value.ok()));
            found.extend(what.map(|what| Misplaced { definition: *definition, what }));
        }
        found
    }

    /// An error for such a definition here or below, or for what Nix reports while it looks for one.
    pub(crate) fn misplaced_below(&'a self, ev: &Evaluator<'a>) -> Option<Stop<'a>> {
        for definition in self.definitions.iter().filter(|raw| !raw.is_possible()) {
            let mut stop = None;
            values(ev, definition.value, &mut |value| {
                stop = stop.or_else(|| match value {
                    Ok(what) => {
                        let path = self.path;
                        let message = format!("{what} is defined for the set of options '{path}'");
                        let stop = ev.error_stop(ErrorKind::Throw, message);
                        let span = definition.span.or_else(|| ev.written(definition.value));
                        Some(span.map_or(stop, |span| ev.at(stop, span)))
                    }
                    Err(stop) => Some(stop),
                });
            });
            if stop.is_some() {
                return stop;
            }
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

/// Calls `found` with what is no set below properties (`pushDownProperties`).
fn values<'a>(
    ev: &Evaluator<'a>,
    value: &'a Thunk<'a>,
    found: &mut dyn FnMut(Result<&'static str, Stop<'a>>),
) {
    match ev.force(value) {
        Ok(Value::Attrs(attrs)) => match property(ev, attrs) {
            Some(Property::If { content, .. } | Property::Override { content, .. }) => {
                values(ev, content, found);
            }
            Some(Property::Merge(contents)) => match ev.force_list(contents) {
                Ok(list) => list.items.iter().for_each(|item| values(ev, item, found)),
                Err(stop @ Stop::Error(_)) => found(Err(stop)),
                Err(Stop::Unknown(_)) => {}
            },
            // Nixpkgs takes their parts for options.
            Some(Property::Order { .. } | Property::Definition(_)) | None => {}
        },
        Ok(other) => found(Ok(other.type_name())),
        Err(stop @ Stop::Error(_)) => found(Err(stop)),
        Err(Stop::Unknown(_)) => {}
    }
}
