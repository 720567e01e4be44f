//! NixOS' own modules, where a checkout of nixpkgs is at hand.

use nixpact_eval::{Attr, Attrs, Eval, Evaluator, Thunk, Value};
use nixpact_syntax::Symbol;

use crate::hosts::given;
use crate::library::evaluation;
use crate::universe::Universe;

/// In the arguments of an evaluation with NixOS' own modules, those that `lib.nixosSystem` was given.
const GIVEN: &str = "_given";

/// What `lib.evalModules` is called with by the checkout's own `lib.nixosSystem`.
pub(crate) fn arguments<'a>(ev: &Evaluator<'a>, given: &'a Thunk<'a>) -> &'a Thunk<'a> {
    let Some(system) = ev.real_nixos_system() else { return given };
    ev.lazy(move |ev| match ev.unnoted(|| whole(ev, system, given)) {
        Ok(Some(whole)) => Ok(Value::Attrs(whole)),
        // It is looked at as far as its own modules go.
        Ok(None) | Err(_) => ev.force(given),
    })
}

fn whole<'a>(
    ev: &Evaluator<'a>,
    system: &'a Thunk<'a>,
    given: &'a Thunk<'a>,
) -> Eval<'a, Option<&'a Attrs<'a>>> {
    let attrs = ev.force_closed_attrs(given)?;
    // Another nixpkgs has other modules.
    if attrs.get(Symbol::new("_lib")).is_some_and(|lib| !ev.is_lib_of_flake(lib.value)) {
        return Ok(None);
    }
    let mut own: Vec<Attr<'a>> = attrs.unordered().to_vec();
    own.retain(|attr| attr.name.as_str() != "_lib");
    // Else it asks the environment, of which a flake sees nothing, and where the modules are written, which
    // only errors tell.
    for (name, nothing) in [("extraModules", ev.list(&[])), ("modulesLocation", Value::Null)] {
        if attrs.get(Symbol::new(name)).is_none() && ev.nixos_system_names(name) {
            own.push(ev.attr(name, ev.value(nothing)));
        }
    }
    let own = ev.value(Value::Attrs(ev.attrs(own)));
    let configuration = ev.force_attrs(ev.apply(system, &[own]))?;
    let Some(whole) = evaluation::arguments(configuration) else { return Ok(None) };
    let given = ev.attrs(vec![ev.attr(GIVEN, given)]);
    Ok(Some(ev.update_attrs(ev.force_attrs(whole)?, given)))
}

/// The universe of a host; where [`arguments`] found NixOS' own modules, these are in one beside it.
pub(crate) fn universe<'a>(
    ev: &Evaluator<'a>,
    arguments: &'a Thunk<'a>,
) -> Eval<'a, &'a Universe<'a>> {
    let arguments = ev.force_attrs(arguments)?;
    let (sources, special) = given(ev, arguments)?;
    let Some(own) = arguments.get(Symbol::new(GIVEN)) else {
        return Ok(Universe::host(ev, &sources, special, None));
    };
    let whole = Universe::system(ev, &sources, special);
    let (sources, _) = given(ev, ev.force_attrs(own.value)?)?;
    Ok(Universe::host(ev, &sources, special, Some(whole)))
}
