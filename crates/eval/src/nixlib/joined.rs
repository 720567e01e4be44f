//! The native `lib` together with that of a checkout of nixpkgs.

use nixpact_syntax::Symbol;

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
    /// None: another version has them.
    Version,
    All,
}

/// Native attributes, and of `real` those that are not among them or stand there only for data of
/// nixpkgs. It stays open: other flakes add to `lib`.
pub(crate) fn joined<'a>(
    ev: &Evaluator<'a>,
    native: &'a Attrs<'a>,
    real: &'a Attrs<'a>,
    keep: Keep,
) -> &'a Attrs<'a> {
    let own = native.unordered().iter().filter_map(|attr| match real.get(attr.name) {
        Some(other) => Some(Attr { value: one_of(ev, attr.value, other.value, keep), ..*attr }),
        None => (keep == Keep::All || attr.name.as_str() == OF_THE_FLAKE).then_some(*attr),
    });
    let missing = real.unordered().iter().filter(|attr| native.get(attr.name).is_none());
    ev.open_attrs(own.chain(missing.copied()).collect(), native.rest)
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
    let passing = |attr: &Attr<'a>| {
        let value = ev.value(ev.partial(&WITH_LIB, &[attr.value, itself]));
        Attr { value, ..*attr }
    };
    let function = |name| native.get(Symbol::new(name)).map(passing);
    let (evaluation, system) = (function("evalModules"), function(OF_THE_FLAKE));
    let modules = native.get(Symbol::new("modules")).and_then(|modules| {
        let Some(Ok(Value::Attrs(group))) = modules.value.peek() else { return None };
        let group = ev.update_attrs(group, ev.attrs(evaluation.into_iter().collect()));
        Some(Attr { value: ev.value(Value::Attrs(group)), ..*modules })
    });
    let extend = ev.unknown(Reason::Unsupported("lib.extend of another nixpkgs"), None);
    let extend = ev.attr("extend", ev.stopped(extend));
    let own = [evaluation, system, modules].into_iter().flatten().chain([extend]);
    ev.update_attrs(native, ev.attrs(own.collect()))
}

/// Calls a function with its arguments and `_lib`.
static WITH_LIB: Builtin = Builtin { name: "evalModules", arity: 3, run: with_lib };

fn with_lib<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let lib = ev.attrs(vec![ev.attr("_lib", args[1])]);
    let arguments = ev.update_attrs(ev.force_attrs(args[2])?, lib);
    ev.call(ev.force(args[0])?, ev.value(Value::Attrs(arguments)))
}
