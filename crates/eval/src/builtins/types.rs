//! What a value is.

use super::{Args, Builtin};
use crate::evaluator::Evaluator;
use crate::unknown::Eval;
use crate::value::Value;

pub(super) const TABLE: &[Builtin] = &[
    Builtin { name: "functionArgs", arity: 1, run: function_args },
    Builtin {
        name: "isAttrs",
        arity: 1,
        run: |ev, args| is(ev, args, |v| matches!(v, Value::Attrs(_))),
    },
    Builtin {
        name: "isBool",
        arity: 1,
        run: |ev, args| is(ev, args, |v| matches!(v, Value::Bool(_))),
    },
    Builtin {
        name: "isFloat",
        arity: 1,
        run: |ev, args| is(ev, args, |v| matches!(v, Value::Float(_))),
    },
    Builtin { name: "isFunction", arity: 1, run: |ev, args| is(ev, args, |v| v.is_function()) },
    Builtin {
        name: "isInt",
        arity: 1,
        run: |ev, args| is(ev, args, |v| matches!(v, Value::Int(_))),
    },
    Builtin {
        name: "isList",
        arity: 1,
        run: |ev, args| is(ev, args, |v| matches!(v, Value::List(_))),
    },
    Builtin {
        name: "isNull",
        arity: 1,
        run: |ev, args| is(ev, args, |v| matches!(v, Value::Null)),
    },
    Builtin {
        name: "isPath",
        arity: 1,
        run: |ev, args| is(ev, args, |v| matches!(v, Value::Path(_))),
    },
    Builtin {
        name: "isString",
        arity: 1,
        run: |ev, args| is(ev, args, |v| matches!(v, Value::Str(_) | Value::Template(_))),
    },
    Builtin { name: "typeOf", arity: 1, run: type_of },
];

fn is<'a>(ev: &Evaluator<'a>, args: Args<'a>, test: fn(&Value<'a>) -> bool) -> Eval<'a> {
    Ok(Value::Bool(test(&ev.force(args[0])?)))
}

fn type_of<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    Ok(Value::Str(match ev.force(args[0])? {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Int(_) => "int",
        Value::Float(_) => "float",
        Value::Str(_) | Value::Template(_) => "string",
        Value::Path(_) => "path",
        Value::List(_) => "list",
        Value::Attrs(_) => "set",
        Value::Lambda(_) | Value::Builtin(_) => "lambda",
    }))
}

pub(crate) fn function_args<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let formals = match ev.force(args[0])? {
        Value::Lambda(closure) => match &closure.lambda().parameter {
            nixpact_syntax::Parameter::Pattern { formals, .. } => &**formals,
            nixpact_syntax::Parameter::Name(_) => &[],
        },
        Value::Builtin(_) => &[],
        other => return ev.type_error(other, "a function"),
    };
    let entries = formals.iter().map(|formal| crate::Attr {
        name: formal.name,
        value: ev.value(Value::Bool(formal.default.is_some())),
        span: None,
    });
    Ok(Value::Attrs(ev.attrs(entries.collect())))
}
