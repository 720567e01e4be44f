//! Calling a module that is a function (`applyModuleArgs`).

use nixpact_eval::{Eval, Evaluator, Stop, Thunk, Value};
use nixpact_syntax::{Formal, Parameter};

use crate::names;
use crate::universe::Universe;

/// Calls a module function.
pub(crate) fn call<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    function: Value<'a>,
) -> Result<Value<'a>, Stop<'a>> {
    ev.call(function, arguments(ev, universe, function)?)
}

/// What a module function is called with: of `_module.args` and the like, what it names.
pub(crate) fn arguments<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    function: Value<'a>,
) -> Eval<'a, &'a Thunk<'a>> {
    let (formals, has_whole): (&[Formal], bool) = match function {
        Value::Lambda(closure) => match &closure.lambda().parameter {
            Parameter::Pattern { formals, whole, .. } => (formals, whole.is_some()),
            Parameter::Name(_) => (&[], true),
        },
        Value::Attrs(_) => return arguments_of_set(ev, universe, function),
        _ => (&[], false),
    };
    let names = formals.iter().map(|formal| formal.name);
    // NixOS and home-manager give it to all of their modules. Nobody sees it but who has a name for it, or for
    // all arguments.
    let is_there = has_whole && universe.is_host();
    let more = is_there.then_some(*names::MODULES_PATH);
    let more = more.filter(|more| formals.iter().all(|formal| formal.name != *more));
    // Formals without ellipsis get only what they name, as an unexpected argument is refused.
    let args = universe.module_args(ev, &mut names.chain(more), None);
    Ok(ev.value(Value::Attrs(args)))
}

/// The same for a set that can be called, which may say itself what it names.
fn arguments_of_set<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    set: Value<'a>,
) -> Eval<'a, &'a Thunk<'a>> {
    let named = match ev.function_args(set) {
        Err(Stop::Unknown(unknown)) => ev.open_attrs(Vec::new(), Some(unknown)),
        named => named?,
    };
    let names = named.unordered().iter().map(|named| named.name);
    let more = universe.is_host().then_some(*names::MODULES_PATH);
    let more = more.filter(|more| named.get(*more).is_none());
    let args = universe.module_args(ev, &mut names.chain(more), named.rest);
    Ok(ev.value(Value::Attrs(args)))
}
