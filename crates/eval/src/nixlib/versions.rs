//! `lib.versions`, and names with versions.

use super::common::{attribute, field};
use crate::builtins::{self, Args, Builtin};
use crate::coerce::Coercion;
use crate::evaluator::Evaluator;
use crate::unknown::{ErrorKind, Eval};
use crate::value::Value;

pub(super) const TABLE: &[Builtin] = &[
    Builtin { name: "major", arity: 1, run: |ev, args| component(ev, args, 0) },
    Builtin { name: "majorMinor", arity: 1, run: major_minor },
    Builtin { name: "minor", arity: 1, run: |ev, args| component(ev, args, 1) },
    Builtin { name: "pad", arity: 2, run: pad },
    Builtin { name: "patch", arity: 1, run: |ev, args| component(ev, args, 2) },
];

fn component<'a>(ev: &Evaluator<'a>, args: Args<'a>, at: usize) -> Eval<'a> {
    match builtins::version_components(ev.force_str(args[0])?).get(at) {
        Some(component) => Ok(Value::Str(component)),
        None => ev.error(ErrorKind::Other, format!("list index {at} is out of bounds")),
    }
}

fn major_minor<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let components = builtins::version_components(ev.force_str(args[0])?);
    Ok(ev.str(&components[..components.len().min(2)].join(".")))
}

fn pad<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let length = super::lists::bounded(ev, ev.force_int(args[0])?)?;
    let version = ev.coerce_str(args[1], Coercion::Interpolation)?;
    let (numeric, suffix) = version.split_at(version.find('-').unwrap_or(version.len()));
    let mut components = builtins::version_components(numeric);
    components.resize(length, "0");
    Ok(ev.str(&(components.join(".") + suffix)))
}

pub(super) fn version_older<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let order = builtins::compare(ev, args[1], args[0])?;
    Ok(Value::Bool(order.is_gt()))
}

pub(super) fn version_at_least<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let order = builtins::compare(ev, args[1], args[0])?;
    Ok(Value::Bool(!order.is_gt()))
}

/// `if isString x then parse x else x.pname or (parse x.name)`.
pub(super) fn get_name<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    parsed(ev, args, "pname", |name| builtins::parse_drv_name(name).0)
}

pub(super) fn get_version<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    parsed(ev, args, "version", |name| builtins::parse_drv_name(name).1)
}

fn parsed<'a>(ev: &Evaluator<'a>, args: Args<'a>, attr: &str, part: fn(&str) -> &str) -> Eval<'a> {
    let value = ev.force(args[0])?;
    if matches!(value, Value::Str(_) | Value::Template(_)) {
        return Ok(Value::Str(part(ev.force_str(args[0])?)));
    }
    match attribute(ev, value, attr)? {
        Some(found) => ev.force(found),
        None => {
            let name = field(ev, ev.force_attrs(args[0])?, "name")?;
            Ok(Value::Str(part(ev.force_str(name)?)))
        }
    }
}
