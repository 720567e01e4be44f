//! Calling a module that is a function (`applyModuleArgs`).

use nixpact_eval::{Evaluator, Stop, Thunk, Value};
use nixpact_syntax::{Formal, Parameter};

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
    let formals: &[Formal] = match function {
        Value::Lambda(closure) => match &closure.lambda().parameter {
            Parameter::Pattern { formals, .. } => formals,
            Parameter::Name(_) => &[],
        },
        _ => &[],
    };
    // Formals without ellipsis get only what they name, as an unexpected argument is refused.
    let args = universe.module_args(ev, &mut formals.iter().map(|formal| formal.name));
    ev.value(Value::Attrs(args))
}
