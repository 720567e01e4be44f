//! `lib.trivial`, `lib.asserts` and `lib.debug`.

use nixpact_syntax::Operator;

use super::common::{args_of, attribute, call, known, require, test};
use super::merge;
use crate::builtins::{self, Args, Builtin};
use crate::coerce::Coercion;
use crate::evaluator::Evaluator;
use crate::thunk::Thunk;
use crate::unknown::{ErrorKind, Eval, Stop};
use crate::value::Value;

pub(super) const TABLE: &[Builtin] = &[
    Builtin { name: "and", arity: 2, run: |ev, args| connect(ev, args, false) },
    Builtin { name: "bitNot", arity: 1, run: |ev, args| Ok(Value::Int(!ev.force_int(args[0])?)) },
    Builtin { name: "boolToString", arity: 1, run: |ev, args| word(ev, args, "true", "false") },
    Builtin { name: "boolToYesNo", arity: 1, run: |ev, args| word(ev, args, "yes", "no") },
    Builtin { name: "checkListOfEnum", arity: 3, run: check_list_of_enum },
    Builtin { name: "compare", arity: 2, run: compare },
    Builtin { name: "concat", arity: 2, run: concat },
    Builtin { name: "const", arity: 2, run: |ev, args| ev.force(args[0]) },
    Builtin { name: "defaultTo", arity: 2, run: default_to },
    Builtin { name: "flip", arity: 3, run: |ev, args| call(ev, args[0], &[args[2], args[1]]) },
    Builtin { name: "fromHexString", arity: 1, run: from_hex_string },
    Builtin { name: "functionArgs", arity: 1, run: function_args },
    Builtin { name: "id", arity: 1, run: |ev, args| ev.force(args[0]) },
    Builtin { name: "importJSON", arity: 1, run: import_json },
    Builtin { name: "importTOML", arity: 1, run: import_toml },
    Builtin { name: "info", arity: 2, run: info },
    Builtin { name: "isFunction", arity: 1, run: is_function },
    Builtin { name: "mapNullable", arity: 2, run: map_nullable },
    Builtin { name: "max", arity: 2, run: |ev, args| extreme(ev, args, true) },
    Builtin { name: "mergeAttrs", arity: 2, run: merge::merge_attrs },
    Builtin { name: "min", arity: 2, run: |ev, args| extreme(ev, args, false) },
    Builtin { name: "mirrorFunctionArgs", arity: 2, run: mirror_function_args },
    Builtin { name: "mod", arity: 2, run: modulo },
    Builtin { name: "or", arity: 2, run: |ev, args| connect(ev, args, true) },
    Builtin { name: "pipe", arity: 2, run: pipe },
    Builtin { name: "setFunctionArgs", arity: 2, run: set_function_args },
    Builtin { name: "showWarnings", arity: 2, run: show_warnings },
    Builtin { name: "splitByAndCompare", arity: 5, run: split_by_and_compare },
    Builtin { name: "throwIf", arity: 2, run: |ev, args| throw_if(ev, args, true) },
    Builtin { name: "throwIfNot", arity: 2, run: |ev, args| throw_if(ev, args, false) },
    Builtin { name: "toBaseDigits", arity: 2, run: to_base_digits },
    Builtin { name: "toFunction", arity: 1, run: to_function },
    Builtin { name: "toHexString", arity: 1, run: to_hex_string },
    Builtin { name: "warn", arity: 2, run: warn },
    Builtin { name: "warnIf", arity: 2, run: |ev, args| warn_if(ev, args, true) },
    Builtin { name: "warnIfNot", arity: 2, run: |ev, args| warn_if(ev, args, false) },
    Builtin { name: "xor", arity: 2, run: xor },
];

pub(super) const ASSERTS: &[Builtin] = &[
    Builtin { name: "assertMsg", arity: 2, run: merge::assert_msg },
    Builtin { name: "assertOneOf", arity: 3, run: assert_one_of },
];

/// Those that `lib` itself does not have.
pub(super) const INNER_ASSERTS: &[Builtin] = &[
    Builtin { name: "assertEachOneOf", arity: 3, run: assert_each_one_of },
    Builtin { name: "checkAssertWarn", arity: 3, run: check_assert_warn },
];

pub(super) const DEBUG: &[Builtin] = &[
    Builtin { name: "traceIf", arity: 3, run: trace_if },
    Builtin { name: "traceVal", arity: 1, run: |ev, args| ev.force(args[0]) },
    Builtin { name: "traceValFn", arity: 2, run: trace_val_fn },
];

static IDENTITY: Builtin = Builtin { name: "id", arity: 1, run: |ev, args| ev.force(args[0]) };

static CONSTANT: Builtin = Builtin { name: "const", arity: 2, run: |ev, args| ev.force(args[0]) };

// Truth

fn word<'a>(ev: &Evaluator<'a>, args: Args<'a>, yes: &'static str, no: &'static str) -> Eval<'a> {
    Ok(Value::Str(if ev.force_bool(args[0])? { yes } else { no }))
}

/// `&&`, or `||` where `decisive` is true: a side with that value decides.
fn connect<'a>(ev: &Evaluator<'a>, args: Args<'a>, decisive: bool) -> Eval<'a> {
    match known(ev.force_bool(args[0]))? {
        Ok(left) if left == decisive => Ok(Value::Bool(decisive)),
        Ok(_) => ev.force_bool(args[1]).map(Value::Bool),
        Err(unknown) => match ev.force_bool(args[1]) {
            Ok(right) if right == decisive => Ok(Value::Bool(decisive)),
            _ => Err(Stop::Unknown(unknown)),
        },
    }
}

fn xor<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    Ok(Value::Bool(ev.force_bool(args[0])? != ev.force_bool(args[1])?))
}

// Plumbing

fn pipe<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let mut value = args[0];
    for function in ev.force_items(args[1])? {
        value = ev.value(call(ev, function, &[value])?);
    }
    ev.force(value)
}

fn concat<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    ev.concat(ev.force(args[0]), ev.force(args[1]))
}

fn default_to<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    match ev.force(args[1])? {
        Value::Null => ev.force(args[0]),
        value => Ok(value),
    }
}

fn map_nullable<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    match ev.force(args[1])? {
        Value::Null => Ok(Value::Null),
        _ => call(ev, args[0], &[args[1]]),
    }
}

// Numbers

/// `min` is `if x < y then x else y`, `max` is `if x > y then x else y`.
fn extreme<'a>(ev: &Evaluator<'a>, args: Args<'a>, larger: bool) -> Eval<'a> {
    let (x, y) = (ev.force(args[0])?, ev.force(args[1])?);
    let first = if larger { ev.less(y, x)? } else { ev.less(x, y)? };
    Ok(if first { x } else { y })
}

/// `base - (int * (base / int))`.
fn modulo<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let (base, int) = (ev.force(args[0])?, ev.force(args[1])?);
    let quotient = ev.arithmetic(Operator::Div, base, int)?;
    ev.arithmetic(Operator::Sub, base, ev.arithmetic(Operator::Mul, int, quotient)?)
}

fn compare<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let (a, b) = (ev.force(args[0])?, ev.force(args[1])?);
    Ok(Value::Int(if ev.less(a, b)? { -1 } else { i64::from(ev.less(b, a)?) }))
}

fn split_by_and_compare<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let [predicate, yes, no, a, b] = *args else { return Ok(Value::Null) };
    match (test(ev, predicate, &[a])?, test(ev, predicate, &[b])?) {
        (true, true) => call(ev, yes, &[a, b]),
        (true, false) => Ok(Value::Int(-1)),
        (false, true) => Ok(Value::Int(1)),
        (false, false) => call(ev, no, &[a, b]),
    }
}

fn digits<'a>(ev: &Evaluator<'a>, base: i64, number: &'a Thunk<'a>) -> Eval<'a, Vec<i64>> {
    let mut number = match ev.force(number)? {
        Value::Int(number) if base >= 2 && number >= 0 => number,
        _ => return ev.error(ErrorKind::Assert, "assertion failed"),
    };
    let mut digits = vec![number % base];
    while number >= base {
        number /= base;
        digits.push(number % base);
    }
    digits.reverse();
    Ok(digits)
}

fn to_base_digits<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let Value::Int(base) = ev.force(args[0])? else {
        return ev.error(ErrorKind::Assert, "assertion failed");
    };
    let digits: Vec<_> =
        digits(ev, base, args[1])?.into_iter().map(|digit| ev.value(Value::Int(digit))).collect();
    Ok(ev.list(&digits))
}

fn to_hex_string<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    digits(ev, 16, args[0])?;
    Ok(ev.str(&format!("{:X}", ev.force_int(args[0])?)))
}

fn from_hex_string<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let text = ev.force_str(args[0])?;
    let digits = text.strip_prefix("0x").unwrap_or(text);
    match i64::from_str_radix(digits, 16) {
        Ok(number) if digits.len() <= 16 && !digits.starts_with(['+', '-']) => {
            Ok(Value::Int(number))
        }
        _ => Err(ev.unknown(crate::Reason::VersionDependent("fromHexString of this"), None)),
    }
}

// Functions

fn is_function<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    Ok(Value::Bool(callable(ev, args[0])?))
}

/// Whether it is a function, or a set whose `__functor` gives one.
fn callable<'a>(ev: &Evaluator<'a>, value: &'a Thunk<'a>) -> Eval<'a, bool> {
    let forced = ev.force(value)?;
    match attribute(ev, forced, "__functor")? {
        Some(functor) => Ok(call(ev, functor, &[value])?.is_function()),
        None => Ok(forced.is_function()),
    }
}

fn to_function<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    match callable(ev, args[0])? {
        true => ev.force(args[0]),
        false => Ok(ev.partial(&CONSTANT, &[args[0]])),
    }
}

pub(crate) fn function_args<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let value = ev.force(args[0])?;
    let Some(functor) = attribute(ev, value, "__functor")? else {
        return builtins::function_args(ev, args);
    };
    match attribute(ev, value, "__functionArgs")? {
        Some(arguments) => ev.force(arguments),
        None => {
            let function = ev.apply(functor, &[args[0]]);
            builtins::function_args(ev, args_of(ev, [function]))
        }
    }
}

fn set_function_args<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let functor = ev.value(ev.partial(&CONSTANT, &[args[0]]));
    let functor = ev.attr("__functor", functor);
    Ok(Value::Attrs(ev.attrs(vec![functor, ev.attr("__functionArgs", args[1])])))
}

fn mirror_function_args<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let function = args_of(ev, [args[0]]);
    let arguments = ev.lazy(move |ev| function_args(ev, function));
    set_function_args(ev, args_of(ev, [args[1], arguments]))
}

// Files

fn import_json<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let text = ev.value(builtins::read_file(ev, args)?);
    builtins::from_json(ev, args_of(ev, [text]))
}

fn import_toml<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let text = ev.value(builtins::read_file(ev, args)?);
    builtins::from_toml(ev, args_of(ev, [text]))
}

// Warnings and errors

fn warn<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    // The text of the warning must be a string; which one does not matter.
    known(ev.force_str(args[0]))?.ok();
    ev.force(args[1])
}

fn info<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    known(ev.coerce_str(args[0], Coercion::Interpolation))?.ok();
    ev.force(args[1])
}

fn warn_if<'a>(ev: &Evaluator<'a>, args: Args<'a>, when: bool) -> Eval<'a> {
    match known(ev.force_bool(args[0]))? {
        Ok(answer) if answer == when => {
            static WARN: Builtin = Builtin { name: "warn", arity: 2, run: warn };
            Ok(ev.partial(&WARN, &[args[1]]))
        }
        // Either way the value is passed on.
        _ => Ok(ev.partial(&IDENTITY, &[])),
    }
}

/// What is printed may be unknown, and whether it is.
/// What is traced is computed, which may fail.
fn trace_val_fn<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    known(ev.force(ev.apply(args[0], &[args[1]])))?.ok();
    ev.force(args[1])
}

fn trace_if<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    if let Ok(true) = known(ev.force_bool(args[0]))? {
        known(ev.force(args[1]))?.ok();
    }
    ev.force(args[2])
}

fn throw_if<'a>(ev: &Evaluator<'a>, args: Args<'a>, when: bool) -> Eval<'a> {
    if ev.force_bool(args[0])? == when {
        let message = builtins::message(ev, args[1]);
        return ev.error(ErrorKind::Throw, message);
    }
    Ok(ev.partial(&IDENTITY, &[]))
}

fn show_warnings<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    for warning in ev.force_list(args[0])?.items {
        known(ev.force_str(warning))?.ok();
    }
    ev.force(args[1])
}

fn check_list_of_enum<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let valid = ev.force_list(args[1])?;
    let items = ev.force_items(args[2])?;
    for item in items {
        if !ev.exists(valid, |one| ev.equal_thunks(item, one))? {
            let message = builtins::message(ev, args[0]);
            return ev
                .error(ErrorKind::Throw, format!("{message}: unexpected; see the valid ones"));
        }
    }
    Ok(ev.partial(&IDENTITY, &[]))
}

fn one_of<'a>(
    ev: &Evaluator<'a>,
    name: &'a Thunk<'a>,
    value: &'a Thunk<'a>,
    allowed: &'a Thunk<'a>,
) -> Eval<'a> {
    let allowed = ev.force_list(allowed)?;
    let found = ev.exists(allowed, |item| ev.equal_thunks(value, item))?;
    let name = builtins::message(ev, name);
    require(ev, found, &format!("{name} must be one of the allowed values"))?;
    Ok(Value::Bool(true))
}

fn assert_one_of<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    one_of(ev, args[0], args[1], args[2])
}

fn assert_each_one_of<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    for value in ev.force_items(args[1])? {
        one_of(ev, args[0], value, args[2])?;
    }
    Ok(Value::Bool(true))
}

fn check_assert_warn<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    for assertion in ev.force_items(args[0])? {
        let attrs = ev.force_attrs(assertion)?;
        if !ev.force_bool(super::common::field(ev, attrs, "assertion")?)? {
            let message = builtins::message(ev, super::common::field(ev, attrs, "message")?);
            return ev.error(ErrorKind::Throw, format!("\nFailed assertions:\n- {message}"));
        }
    }
    show_warnings(ev, args_of(ev, [args[1], args[2]]))
}
