//! Services that are looked at as if they were enabled.

use nixpact_eval::{Evaluator, Thunk, Value};
use nixpact_modules::{RawDefinition, Source, Universe};
use nixpact_syntax::Symbol;

use crate::discover;
use crate::roles::Role;
use crate::settings::Settings;

/// The priority of the assumption: no definition has a stronger one.
const PRIORITY: i64 = -1;

/// The universe in which the services of the settings are enabled, where it has them.
pub(crate) fn enabled<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    settings: &Settings,
) -> &'a Universe<'a> {
    if settings.assume_enabled.is_empty() {
        return universe;
    }
    let mut definitions = Vec::new();
    for found in discover::contracts(ev, universe, settings) {
        let contract = discover::describe(ev, found, settings);
        let Some(switch) = contract.as_ref().and_then(|contract| contract.role(Role::Enable))
        else {
            continue;
        };
        let Some(elements) = found.slot.elements(ev) else { continue };
        let is_there =
            |name: &str| elements.entries.iter().any(|(known, _)| known.as_str() == name);
        for name in settings.assume_enabled.iter().filter(|name| is_there(name)) {
            let mut path = found.slot.path.segments();
            path.extend([Symbol::new(name), Symbol::new(&switch.name)]);
            let definition = RawDefinition::new(at(ev, &path, forced(ev)), None);
            definitions.push(Source::Config(definition));
        }
    }
    match definitions.is_empty() {
        true => universe,
        false => universe.extended(ev, &definitions),
    }
}

/// `lib.mkOverride PRIORITY true`
fn forced<'a>(ev: &Evaluator<'a>) -> &'a Thunk<'a> {
    let entries = vec![
        ev.attr("_type", ev.value(Value::Str("override"))),
        ev.attr("priority", ev.value(Value::Int(PRIORITY))),
        ev.attr("content", ev.value(Value::Bool(true))),
    ];
    ev.value(Value::Attrs(ev.attrs(entries)))
}

/// The set that holds a value at a path.
fn at<'a>(ev: &Evaluator<'a>, path: &[Symbol], value: &'a Thunk<'a>) -> &'a Thunk<'a> {
    path.iter().rev().fold(value, |value, name| {
        ev.value(Value::Attrs(ev.attrs(vec![ev.attr(name.as_str(), value)])))
    })
}
