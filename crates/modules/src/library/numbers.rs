//! `lib.types.ints`, `lib.types.numbers` and `lib.types.port`.

use nixpact_eval::{Args, Builtin, ErrorKind, Eval, Evaluator, Value};

use super::types::checked;
use crate::types::type_value;

/// An integer type: its name and its bounds, both inclusive.
fn between<'a>(
    ev: &Evaluator<'a>,
    name: &'static str,
    low: Option<i64>,
    high: Option<i64>,
) -> Value<'a> {
    let bound = |bound: Option<i64>| ev.value(bound.map_or(Value::Null, Value::Int));
    type_value(ev, name, &[bound(low), bound(high)])
}

pub(super) fn port<'a>(ev: &Evaluator<'a>) -> Value<'a> {
    between(ev, "unsignedInt16", Some(0), Some(65_535))
}

pub(super) fn ints<'a>(ev: &Evaluator<'a>, _: Args<'a>) -> Eval<'a> {
    let sized = |name, low, high| ev.value(between(ev, name, Some(low), Some(high)));
    let attrs = vec![
        ev.attr("positive", ev.value(between(ev, "positiveInt", Some(1), None))),
        ev.attr("unsigned", ev.value(between(ev, "unsignedInt", Some(0), None))),
        ev.attr("between", ev.value(ev.partial(&INT_BETWEEN, &[]))),
        ev.attr("u8", sized("unsignedInt8", 0, 255)),
        ev.attr("u16", ev.value(port(ev))),
        ev.attr("u32", sized("unsignedInt32", 0, 4_294_967_295)),
        ev.attr("s8", sized("signedInt8", -128, 127)),
        ev.attr("s16", sized("signedInt16", -32_768, 32_767)),
        ev.attr("s32", sized("signedInt32", -2_147_483_648, 2_147_483_647)),
    ];
    Ok(Value::Attrs(ev.attrs(attrs)))
}

static INT_BETWEEN: Builtin = Builtin {
    name: "ints.between",
    arity: 2,
    run: |ev, args| match (ev.force(args[0])?, ev.force(args[1])?) {
        (Value::Int(low), Value::Int(high)) if low > high => {
            ev.error(ErrorKind::Throw, "ints.between: lowest must be smaller than highest")
        }
        (Value::Int(_), Value::Int(_)) => Ok(type_value(ev, "intBetween", args)),
        _ => ev.unsupported("a bound that is no integer"),
    },
};

pub(super) fn numbers<'a>(ev: &Evaluator<'a>, _: Args<'a>) -> Eval<'a> {
    let checked = |check: &'static Builtin, description: &'static str| {
        let number = type_value(ev, "number", &[]);
        ev.value(checked(ev, number, ev.partial(check, &[]), description))
    };
    let attrs = vec![
        ev.attr("between", ev.value(ev.partial(&NUMBER_BETWEEN, &[]))),
        ev.attr(
            "nonnegative",
            checked(&NONNEGATIVE, "nonnegative integer or floating point number, meaning >=0"),
        ),
        ev.attr(
            "positive",
            checked(&POSITIVE, "positive integer or floating point number, meaning >0"),
        ),
    ];
    Ok(Value::Attrs(ev.attrs(attrs)))
}

static NUMBER_BETWEEN: Builtin = Builtin {
    name: "numbers.between",
    arity: 2,
    run: |ev, args| {
        if ev.less(ev.force(args[1])?, ev.force(args[0])?)? {
            let message = "numbers.between: lowest must be smaller than highest";
            return ev.error(ErrorKind::Throw, message);
        }
        let bound = |bound| ev.builtin("toJSON", &[bound]).map(|text| ev.value(text));
        let description = format!(
            "integer or floating point number between {} and {} (both inclusive)",
            ev.force_str(bound(args[0])?)?,
            ev.force_str(bound(args[1])?)?,
        );
        let check = ev.partial(&IS_BETWEEN, args);
        let number = type_value(ev, "number", &[]);
        Ok(checked(ev, number, check, ev.arena.alloc_str(&description)))
    },
};

/// The bounds, and the number.
static IS_BETWEEN: Builtin = Builtin {
    name: "numbers.between",
    arity: 3,
    run: |ev, args| {
        let number = ev.force(args[2])?;
        let is_below = ev.less(number, ev.force(args[0])?)?;
        Ok(Value::Bool(!is_below && !ev.less(ev.force(args[1])?, number)?))
    },
};

static NONNEGATIVE: Builtin = Builtin {
    name: "numbers.nonnegative",
    arity: 1,
    run: |ev, args| ev.less(ev.force(args[0])?, Value::Int(0)).map(|below| Value::Bool(!below)),
};

static POSITIVE: Builtin = Builtin {
    name: "numbers.positive",
    arity: 1,
    run: |ev, args| ev.less(Value::Int(0), ev.force(args[0])?).map(Value::Bool),
};
