//! JSON.

use super::{Args, Builtin};
use crate::evaluator::Evaluator;
use crate::thunk::Thunk;
use crate::unknown::{ErrorKind, Eval, Stop};
use crate::value::Value;

pub(super) const TABLE: &[Builtin] = &[
    Builtin { name: "fromJSON", arity: 1, run: from_json },
    Builtin { name: "toJSON", arity: 1, run: |ev, args| Ok(ev.str(&to_json(ev, args[0])?)) },
];

pub(crate) fn from_json<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    match serde_json::from_str(ev.force_str(args[0])?) {
        Ok(json) => Ok(from_value(ev, json)),
        Err(error) => ev.error(ErrorKind::Other, format!("invalid JSON: {error}")),
    }
}

fn from_value<'a>(ev: &Evaluator<'a>, json: serde_json::Value) -> Value<'a> {
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(value) => Value::Bool(value),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(value) => Value::Int(value),
            None => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        serde_json::Value::String(text) => ev.str(&text),
        serde_json::Value::Array(items) => {
            let items: Vec<_> = items.into_iter().map(|v| ev.value(from_value(ev, v))).collect();
            ev.list(&items)
        }
        serde_json::Value::Object(entries) => {
            let entries =
                entries.into_iter().map(|(name, v)| ev.attr(&name, ev.value(from_value(ev, v))));
            Value::Attrs(ev.attrs(entries.collect()))
        }
    }
}

/// `builtins.toJSON`.
pub(crate) fn to_json<'a>(ev: &Evaluator<'a>, thunk: &'a Thunk<'a>) -> Eval<'a, String> {
    let mut out = String::new();
    write(ev, thunk, &mut out)?;
    Ok(out)
}

fn write<'a>(ev: &Evaluator<'a>, thunk: &'a Thunk<'a>, out: &mut String) -> Eval<'a, ()> {
    ev.nested(|| match ev.force(thunk)? {
        Value::Null => {
            out.push_str("null");
            Ok(())
        }
        Value::Bool(value) => {
            out.push_str(if value { "true" } else { "false" });
            Ok(())
        }
        Value::Int(value) => {
            out.push_str(&value.to_string());
            Ok(())
        }
        Value::Float(_) => ev.unsupported("a float in toJSON"),
        Value::Str(text) => {
            string(text, out);
            Ok(())
        }
        Value::Template(pieces) => Err(ev.template_unknown(pieces)),
        Value::Path(_) => Err(ev.unknown(crate::Reason::Impure("a store path"), None)),
        Value::List(list) => {
            out.push('[');
            for (at, item) in list.items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(ev, item, out)?;
            }
            out.push(']');
            list.rest.map_or(Ok(()), |rest| Err(Stop::Unknown(rest)))
        }
        value @ Value::Attrs(attrs) => {
            let special = |name| attrs.get(nixpact_syntax::Symbol::new(name));
            if special("__toString").is_some() {
                let text = ev.value(ev.to_string_value(Ok(value))?);
                return write(ev, text, out);
            }
            if let Some(path) = special("outPath") {
                return write(ev, path.value, out);
            }
            out.push('{');
            for (at, attr) in attrs.sorted().iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                string(attr.name.as_str(), out);
                out.push(':');
                write(ev, attr.value, out)?;
            }
            out.push('}');
            attrs.rest.map_or(Ok(()), |rest| Err(Stop::Unknown(rest)))
        }
        other => {
            ev.error(ErrorKind::Type, format!("cannot convert {} to JSON", other.type_name()))
        }
    })
}

fn string(text: &str, out: &mut String) {
    out.push_str(&serde_json::Value::from(text).to_string());
}
