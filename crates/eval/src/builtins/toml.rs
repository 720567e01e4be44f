//! TOML.

use super::{Args, Builtin};
use crate::evaluator::Evaluator;
use crate::unknown::{ErrorKind, Eval, Reason};
use crate::value::Value;

pub(super) const TABLE: &[Builtin] = &[Builtin { name: "fromTOML", arity: 1, run: from_toml }];

pub(crate) fn from_toml<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let text = ev.force_str(args[0])?;
    if text.contains("\\u0000") || text.contains("\\U00000000") || text.contains("\\x00") {
        return Err(ev.unknown(Reason::VersionDependent("a null byte in TOML"), None));
    }
    match text.parse::<::toml::Table>() {
        Ok(table) => from_value(ev, ::toml::Value::Table(table)),
        Err(error) => ev.error(ErrorKind::Other, format!("invalid TOML: {}", error.message())),
    }
}

fn from_value<'a>(ev: &Evaluator<'a>, toml: ::toml::Value) -> Eval<'a> {
    Ok(match toml {
        ::toml::Value::String(text) => ev.str(&text),
        ::toml::Value::Integer(number) => Value::Int(number),
        ::toml::Value::Float(number) => Value::Float(number),
        ::toml::Value::Boolean(value) => Value::Bool(value),
        ::toml::Value::Datetime(_) => {
            return ev.error(ErrorKind::Other, "dates and times are not supported");
        }
        ::toml::Value::Array(items) => {
            let mut values = Vec::with_capacity(items.len());
            for item in items {
                values.push(ev.value(from_value(ev, item)?));
            }
            ev.list(&values)
        }
        ::toml::Value::Table(entries) => {
            let mut attrs = Vec::with_capacity(entries.len());
            for (name, value) in entries {
                attrs.push(ev.attr(&name, ev.value(from_value(ev, value)?)));
            }
            Value::Attrs(ev.attrs(attrs))
        }
    })
}
