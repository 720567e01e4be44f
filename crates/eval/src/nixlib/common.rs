//! What the functions of `lib` share.

use nixpact_syntax::Symbol;

use crate::evaluator::Evaluator;
use crate::thunk::Thunk;
use crate::unknown::{ErrorKind, Eval, Stop, Unknown};
use crate::value::{Attr, Attrs, Value};

/// Calls a function that is not forced yet.
pub(super) fn call<'a>(
    ev: &Evaluator<'a>,
    function: &'a Thunk<'a>,
    arguments: &[&'a Thunk<'a>],
) -> Eval<'a> {
    arguments.iter().fold(ev.force(function), |f, argument| ev.call_result(f, argument))
}

/// The arguments for another function of `lib` or of Nix.
pub(super) fn args_of<'a, const N: usize>(
    ev: &Evaluator<'a>,
    arguments: [&'a Thunk<'a>; N],
) -> crate::Args<'a> {
    ev.arena.alloc(arguments)
}

/// The answer of a predicate.
pub(super) fn test<'a>(
    ev: &Evaluator<'a>,
    predicate: &'a Thunk<'a>,
    arguments: &[&'a Thunk<'a>],
) -> Eval<'a, bool> {
    match call(ev, predicate, arguments)? {
        Value::Bool(answer) => Ok(answer),
        other => ev.type_error(other, "a Boolean"),
    }
}

/// The name of an attribute as a string.
pub(super) fn name<'a>(ev: &Evaluator<'a>, attr: &Attr<'a>) -> &'a Thunk<'a> {
    ev.value(Value::Str(attr.name.as_str()))
}

/// `set.${name}` when it is needed.
pub(super) fn select_later<'a>(
    ev: &Evaluator<'a>,
    set: &'a Thunk<'a>,
    name: &'a Thunk<'a>,
) -> &'a Thunk<'a> {
    ev.lazy(move |ev| crate::builtins::get_attr(ev, args_of(ev, [name, set])))
}

/// A thunk with the value that `run` makes of `source`, whose place it keeps.
pub(super) fn derived<'a>(
    ev: &Evaluator<'a>,
    source: &'a Thunk<'a>,
    run: impl Fn(&Evaluator<'a>) -> Eval<'a> + 'a,
) -> &'a Thunk<'a> {
    let thunk = ev.lazy(run);
    thunk.set_origin(source);
    thunk
}

/// The attribute `name`; `None` when it is known not to be there or `set` is no set.
pub(super) fn attribute<'a>(
    ev: &Evaluator<'a>,
    set: Value<'a>,
    name: &str,
) -> Eval<'a, Option<&'a Thunk<'a>>> {
    match set {
        Value::Attrs(_) => ev.select(set, Symbol::new(name)),
        _ => Ok(None),
    }
}

/// The attribute `name` of a set that must have it.
pub(super) fn field<'a>(
    ev: &Evaluator<'a>,
    set: &'a Attrs<'a>,
    name: &str,
) -> Eval<'a, &'a Thunk<'a>> {
    match ev.select(Value::Attrs(set), Symbol::new(name))? {
        Some(found) => Ok(found),
        None => ev.error(ErrorKind::MissingAttribute, format!("attribute '{name}' missing")),
    }
}

/// `assertMsg condition message`.
pub(super) fn require<'a>(ev: &Evaluator<'a>, condition: bool, message: &str) -> Eval<'a, ()> {
    if condition { Ok(()) } else { ev.error(ErrorKind::Throw, message) }
}

/// Splits what stopped an evaluation: what is unknown may be kept, an error may not.
pub(super) fn known<'a, T>(result: Eval<'a, T>) -> Eval<'a, Result<T, &'a Unknown<'a>>> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(Stop::Unknown(unknown)) => Ok(Err(unknown)),
        Err(error) => Err(error),
    }
}

/// A list made for a call of another function.
pub(super) fn list<'a>(
    ev: &Evaluator<'a>,
    items: impl Iterator<Item = &'a Thunk<'a>>,
    rest: Option<&'a Unknown<'a>>,
) -> Value<'a> {
    let items: Vec<_> = items.collect();
    ev.open_list(&items, rest)
}

/// `if condition then value else otherwise`, where the type of `value` is all that is known while
/// the condition is not: `open` makes the value that stands for both.
pub(super) fn optional<'a>(
    ev: &Evaluator<'a>,
    condition: &'a Thunk<'a>,
    value: impl FnOnce() -> Eval<'a>,
    otherwise: Value<'a>,
    open: impl FnOnce(Value<'a>, &'a Unknown<'a>) -> Option<Value<'a>>,
) -> Eval<'a> {
    match known(ev.force_bool(condition))? {
        Ok(true) => value(),
        Ok(false) => Ok(otherwise),
        Err(unknown) => {
            value().ok().and_then(|value| open(value, unknown)).ok_or(Stop::Unknown(unknown))
        }
    }
}
