//! Calling a module that is a function (`applyModuleArgs`).

use nixpact_eval::{Evaluator, Stop, Thunk, Value};
use nixpact_syntax::{Formal, Parameter};

use crate::names;
use crate::universe::Universe;

/// Calls a module function.
pub(crate) fn call<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    function: Value<'a>,
) -> Result<Value<'a>, Stop<'a>> {
    ev.call(function, arguments(ev, universe, function))
}

/// What a module function is called with: of `_module.args` and the like, what it names.
pub(crate) fn arguments<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    function: Value<'a>,
) -> &'a Thunk<'a> {
    let (formals, has_whole): (&[Formal], bool) = match function {
        Value::Lambda(closure) => match &closure.lambda().parameter {
            Parameter::Pattern { formals, whole, .. } => (formals, whole.is_some()),
            Parameter::Name(_) => (&[], true),
        },
        _ => (&[], false),
    };
    let names = formals.iter().map(|formal| formal.name);
    // NixOS and home-manager give it to all of their modules. Nobody sees it but who has a name for it, or for
    // all arguments.
    let is_there = has_whole && universe.is_host();
    let more = is_there.then_some(*names::MODULES_PATH);
    let more = more.filter(|more| formals.iter().all(|formal| formal.name != *more));
    // Formals without ellipsis get only what they name, as an unexpected argument is refused.
    let args = universe.module_args(ev, &mut names.chain(more));
    ev.value(Value::Attrs(args))
}
