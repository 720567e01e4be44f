//! Arithmetic and comparison as functions.

use nixpact_syntax::Operator;

use super::{Args, Builtin};
use crate::evaluator::Evaluator;
use crate::unknown::{Eval, Reason};
use crate::value::Value;

pub(super) const TABLE: &[Builtin] = &[
    Builtin { name: "add", arity: 2, run: add },
    Builtin { name: "bitAnd", arity: 2, run: |ev, args| bits(ev, args, |a, b| a & b) },
    Builtin { name: "bitOr", arity: 2, run: |ev, args| bits(ev, args, |a, b| a | b) },
    Builtin { name: "bitXor", arity: 2, run: |ev, args| bits(ev, args, |a, b| a ^ b) },
    Builtin { name: "ceil", arity: 1, run: |ev, args| round(ev, args, f64::ceil) },
    Builtin { name: "div", arity: 2, run: |ev, args| arithmetic(ev, args, Operator::Div) },
    Builtin { name: "floor", arity: 1, run: |ev, args| round(ev, args, f64::floor) },
    Builtin { name: "lessThan", arity: 2, run: less_than },
    Builtin { name: "mul", arity: 2, run: |ev, args| arithmetic(ev, args, Operator::Mul) },
    Builtin { name: "sub", arity: 2, run: |ev, args| arithmetic(ev, args, Operator::Sub) },
];

fn add<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    match (ev.force(args[0])?, ev.force(args[1])?) {
        (left @ (Value::Int(_) | Value::Float(_)), right) => ev.add(Ok(left), Ok(right)),
        (other, _) => ev.type_error(other, "a number"),
    }
}

fn arithmetic<'a>(ev: &Evaluator<'a>, args: Args<'a>, operator: Operator) -> Eval<'a> {
    ev.arithmetic(operator, ev.force(args[0])?, ev.force(args[1])?)
}

fn bits<'a>(ev: &Evaluator<'a>, args: Args<'a>, combine: fn(i64, i64) -> i64) -> Eval<'a> {
    Ok(Value::Int(combine(ev.force_int(args[0])?, ev.force_int(args[1])?)))
}

fn round<'a>(ev: &Evaluator<'a>, args: Args<'a>, round: fn(f64) -> f64) -> Eval<'a> {
    match ev.force(args[0])? {
        // Old versions of Nix go through a float here too.
        Value::Int(value) if value.unsigned_abs() <= 1 << 53 => Ok(Value::Int(value)),
        Value::Float(value) if value.abs() < (1u64 << 62) as f64 => {
            Ok(Value::Int(round(value) as i64))
        }
        Value::Int(_) | Value::Float(_) => {
            Err(ev.unknown(Reason::VersionDependent("rounding a large number"), None))
        }
        other => ev.type_error(other, "a number"),
    }
}

fn less_than<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    Ok(Value::Bool(ev.less(ev.force(args[0])?, ev.force(args[1])?)?))
}
