//! The native `lib` together with that of a checkout of nixpkgs.

use std::cell::Cell;

use nixpact_syntax::Symbol;

use super::prelude;
use crate::ON_DEMAND;
use crate::builtins::{Args, Builtin};
use crate::evaluator::Evaluator;
use crate::thunk::Thunk;
use crate::unknown::{Eval, External, Reason};
use crate::value::{Attr, Attrs, Value};

/// What nixpkgs' flake adds to `lib`.
const OF_THE_FLAKE: &str = "nixosSystem";

/// Which native attributes count that the real `lib` does not have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// None, and there are no others.
    Exact,
    /// None: another version has them.
    Version,
    All,
}

/// Native attributes, and of `real` those that are not among them or stand there only for data of
/// nixpkgs. It stays open, unless it is to be exactly that one: other flakes add to `lib`.
pub(crate) fn joined<'a>(
    ev: &Evaluator<'a>,
    native: &'a Attrs<'a>,
    real: &'a Attrs<'a>,
    keep: Keep,
) -> &'a Attrs<'a> {
    let own = native.unordered().iter().filter_map(|attr| match real.get(attr.name) {
        Some(other) => Some(Attr { value: one_of(ev, attr.value, other.value, keep), ..*attr }),
        None => match keep {
            Keep::All => true,
            Keep::Version => attr.name.as_str() == OF_THE_FLAKE,
            Keep::Exact => false,
        }
        .then_some(*attr),
    });
    let missing = real.unordered().iter().filter(|attr| native.get(attr.name).is_none());
    let rest = if keep == Keep::Exact { real.rest } else { native.rest };
    ev.open_attrs(own.chain(missing.copied()).collect(), rest)
}

/// The `lib` of the checkout itself.
pub(crate) fn exact<'a>(
    ev: &Evaluator<'a>,
    native: &'a Attrs<'a>,
    real: &'a Attrs<'a>,
) -> &'a Attrs<'a> {
    fixed(ev, |itself| {
        let lib = passing(ev, joined(ev, native, real, Keep::Exact), itself);
        let extend = ev.attr("extend", prelude::extend(ev, itself));
        ev.update_attrs(lib, ev.attrs(vec![extend]))
    })
}

/// What nixpkgs' flake makes of a `lib`, whose `nixosSystem` is the native one.
pub(crate) fn of_flake<'a>(
    ev: &Evaluator<'a>,
    lib: &'a Attrs<'a>,
    native: &'a Attrs<'a>,
) -> &'a Attrs<'a> {
    fixed(ev, |itself| {
        let system = native.get(Symbol::new(OF_THE_FLAKE)).map(|system| {
            let value = ev.value(ev.partial(&WITH_LIB, &[system.value, itself]));
            Attr { value, ..*system }
        });
        // What is extended has the native one, too; this is made of the lib that is extended.
        let nixos = ev.unknown(Reason::Unsupported("lib.nixos"), None);
        let added = [
            ev.attr("extend", prelude::extend_of_flake(ev, itself)),
            ev.attr("nixos", ev.stopped(nixos)),
        ];
        ev.update_attrs(lib, ev.attrs(system.into_iter().chain(added).collect()))
    })
}

/// A set that is made with itself.
fn fixed<'a>(
    ev: &Evaluator<'a>,
    make: impl FnOnce(&'a Thunk<'a>) -> &'a Attrs<'a>,
) -> &'a Attrs<'a> {
    let itself: &Cell<Option<&'a Attrs<'a>>> = ev.arena.alloc(Cell::new(None));
    let made = make(ev.lazy(|_| Ok(itself.get().map_or(Value::Null, Value::Attrs))));
    itself.set(Some(made));
    made
}

/// The native value of an attribute, the real one, or both where they are groups of functions.
fn one_of<'a>(
    ev: &Evaluator<'a>,
    native: &'a Thunk<'a>,
    real: &'a Thunk<'a>,
    keep: Keep,
) -> &'a Thunk<'a> {
    match native.peek() {
        // What is unknown beforehand is data of nixpkgs.
        Some(Err(_)) => real,
        Some(Ok(Value::Attrs(group))) => match group.rest.map(|rest| rest.reason) {
            Some(Reason::External(External::Other, _)) => real,
            // A type, which is no group: of another making, the module system could not read it.
            Some(ON_DEMAND) => native,
            Some(_) => ev.lazy(move |ev| match ev.force(real) {
                Ok(Value::Attrs(real)) => Ok(Value::Attrs(joined(ev, group, real, keep))),
                _ => Ok(Value::Attrs(group)),
            }),
            None => native,
        },
        _ => native,
    }
}

/// The native `lib` as that of another version of nixpkgs: the modules that it evaluates are given it,
/// too.
pub(crate) fn of_others<'a>(ev: &Evaluator<'a>, native: &'a Attrs<'a>) -> &'a Attrs<'a> {
    let itself = ev.lazy(|ev| Ok(ev.lib_of_others()));
    let extend = ev.unknown(Reason::Unsupported("lib.extend of another nixpkgs"), None);
    let extend = ev.attr("extend", ev.stopped(extend));
    ev.update_attrs(passing(ev, native, itself), ev.attrs(vec![extend]))
}

/// A `lib` whose functions give modules another one.
fn passing<'a>(ev: &Evaluator<'a>, lib: &'a Attrs<'a>, itself: &'a Thunk<'a>) -> &'a Attrs<'a> {
    let passing = |attr: &Attr<'a>| {
        let value = ev.value(ev.partial(&WITH_LIB, &[attr.value, itself]));
        Attr { value, ..*attr }
    };
    let function = |name| lib.get(Symbol::new(name)).map(passing);
    let (evaluation, system) = (function("evalModules"), function(OF_THE_FLAKE));
    let modules = lib.get(Symbol::new("modules")).map(|modules| {
        let changed = ev.attrs(evaluation.into_iter().collect());
        let group = modules.value;
        let group =
            ev.lazy(move |ev| Ok(Value::Attrs(ev.update_attrs(ev.force_attrs(group)?, changed))));
        Attr { value: group, ..*modules }
    });
    ev.update_attrs(lib, ev.attrs([evaluation, system, modules].into_iter().flatten().collect()))
}

/// Calls a function with its arguments and `_lib`, unless that is one that was extended.
static WITH_LIB: Builtin = Builtin { name: "evalModules", arity: 3, run: with_lib };

fn with_lib<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let lib = ev.attrs(vec![ev.attr("_lib", args[1])]);
    let arguments = ev.update_attrs(lib, ev.force_attrs(args[2])?);
    ev.call(ev.force(args[0])?, ev.value(Value::Attrs(arguments)))
}
