//! JSON.

use super::{Args, Builtin};
use crate::coerce::{Coercion, Text};
use crate::evaluator::Evaluator;
use crate::thunk::Thunk;
use crate::unknown::{ErrorKind, Eval, Limit, Reason, Stop};
use crate::value::{Attrs, Piece, Value};

pub(super) const TABLE: &[Builtin] = &[
    Builtin { name: "fromJSON", arity: 1, run: from_json },
    Builtin { name: "toJSON", arity: 1, run: |ev, args| to_json(ev, args[0]) },
];

pub(crate) fn from_json<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let text = ev.force_str(args[0])?;
    if text.contains("\\u0000") {
        return Err(ev.unknown(Reason::VersionDependent("a null byte in JSON"), None));
    }
    match serde_json::from_str(text) {
        Ok(json) => from_value(ev, json),
        Err(error) if error.to_string().contains("recursion limit") => {
            Err(ev.unknown(Reason::Limit(Limit::Depth), None))
        }
        Err(error) => ev.error(ErrorKind::Other, format!("invalid JSON: {error}")),
    }
}

fn from_value<'a>(ev: &Evaluator<'a>, json: serde_json::Value) -> Eval<'a> {
    Ok(match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(value) => Value::Bool(value),
        serde_json::Value::Number(number) => return from_number(ev, &number),
        serde_json::Value::String(text) => ev.str(&text),
        serde_json::Value::Array(items) => {
            let mut values = Vec::with_capacity(items.len());
            for item in items {
                values.push(ev.value(from_value(ev, item)?));
            }
            ev.list(&values)
        }
        serde_json::Value::Object(entries) => {
            let mut attrs = Vec::with_capacity(entries.len());
            for (name, value) in entries {
                attrs.push(ev.attr(&name, ev.value(from_value(ev, value)?)));
            }
            Value::Attrs(ev.attrs(attrs))
        }
    })
}

fn from_number<'a>(ev: &Evaluator<'a>, number: &serde_json::Number) -> Eval<'a> {
    match (number.as_i64(), number.as_f64()) {
        (Some(value), _) => Ok(Value::Int(value)),
        // `-0` is an integer to Nix.
        (None, Some(value)) if value == 0.0 && value.is_sign_negative() => {
            Err(ev.unknown(Reason::Unsupported("a negative zero in JSON"), None))
        }
        // Old versions wrap around.
        (None, _) if number.is_u64() => {
            Err(ev.unknown(Reason::VersionDependent("a large integer in JSON"), None))
        }
        (None, value) => Ok(Value::Float(value.unwrap_or(f64::NAN))),
    }
}

/// `builtins.toJSON`; what is unknown in the value leaves an unknown piece in the text.
pub(crate) fn to_json<'a>(ev: &Evaluator<'a>, thunk: &'a Thunk<'a>) -> Eval<'a> {
    let mut out = Text::new(ev);
    write(ev, thunk, &mut out)?;
    Ok(out.finish())
}

fn write<'a>(ev: &Evaluator<'a>, thunk: &'a Thunk<'a>, out: &mut Text<'_, 'a>) -> Eval<'a, ()> {
    out.check_length(0)?;
    match ev.nested(|| write_value(ev, ev.force(thunk)?, out)) {
        Err(Stop::Unknown(unknown)) => {
            out.push_piece(Piece::Unknown(unknown));
            Ok(())
        }
        other => other,
    }
}

fn write_value<'a>(ev: &Evaluator<'a>, value: Value<'a>, out: &mut Text<'_, 'a>) -> Eval<'a, ()> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if value { "true" } else { "false" }),
        Value::Int(value) => out.push_str(&value.to_string()),
        Value::Float(value) => out.push_str(&float(ev, value)?),
        Value::Str(text) => out.push_str(&string(ev, text)?),
        Value::Template(pieces) => write_template(ev, pieces, out)?,
        Value::Path(_) => return Err(ev.unknown(Reason::Impure("a store path"), None)),
        Value::List(list) => {
            if let Some(rest) = list.rest {
                return Err(Stop::Unknown(rest));
            }
            out.push_str("[");
            for (at, item) in list.items.iter().enumerate() {
                if at > 0 {
                    out.push_str(",");
                }
                write(ev, item, out)?;
            }
            out.push_str("]");
        }
        Value::Attrs(attrs) => write_attrs(ev, value, attrs, out)?,
        Value::Lambda(_) | Value::Builtin(_) => {
            let message = format!("cannot convert {} to JSON", value.type_name());
            return ev.error(ErrorKind::Type, message);
        }
    }
    Ok(())
}

fn write_template<'a>(
    ev: &Evaluator<'a>,
    pieces: &[Piece<'a>],
    out: &mut Text<'_, 'a>,
) -> Eval<'a, ()> {
    out.push_str("\"");
    for piece in pieces {
        match piece {
            Piece::Known(text) => {
                let quoted = string(ev, text)?;
                out.push_str(&quoted[1..quoted.len() - 1]);
            }
            // A path of the file system may hold quotes as well.
            Piece::Location(_) | Piece::Copy(_) => match ev.template_unknown(&[]) {
                Stop::Unknown(unknown) => out.push_piece(Piece::Unknown(unknown)),
                error => return Err(error),
            },
            piece => out.push_piece(*piece),
        }
    }
    out.push_str("\"");
    Ok(())
}

fn write_attrs<'a>(
    ev: &Evaluator<'a>,
    value: Value<'a>,
    attrs: &'a Attrs<'a>,
    out: &mut Text<'_, 'a>,
) -> Eval<'a, ()> {
    let special = |name| attrs.get(nixpact_syntax::Symbol::new(name));
    if special("__toString").is_some() {
        let mut text = Text::new(ev);
        text.push(Ok(value), Coercion::Interpolation)?;
        return write(ev, ev.value(text.finish()), out);
    }
    if let Some(rest) = attrs.rest {
        return Err(Stop::Unknown(rest));
    }
    if let Some(path) = special("outPath") {
        return write(ev, path.value, out);
    }
    out.push_str("{");
    for (at, attr) in attrs.sorted().iter().enumerate() {
        if at > 0 {
            out.push_str(",");
        }
        out.push_str(&string(ev, attr.name.as_str())?);
        out.push_str(":");
        write(ev, attr.value, out)?;
    }
    out.push_str("}");
    Ok(())
}

fn string<'a>(ev: &Evaluator<'a>, text: &str) -> Eval<'a, String> {
    if text.contains(['\x08', '\x0c']) {
        return Err(ev.unknown(Reason::VersionDependent("a control character in JSON"), None));
    }
    Ok(serde_json::Value::from(text).to_string())
}

/// Old versions of Nix write six digits, new ones as many as are needed.
fn float<'a>(ev: &Evaluator<'a>, value: f64) -> Eval<'a, String> {
    let shortest = value.to_string();
    let digits = shortest.trim_start_matches(['-', '0', '.']).bytes().filter(u8::is_ascii_digit);
    let plain = (1e-4..1e6).contains(&value.abs()) && value.fract() != 0.0;
    if plain && digits.count() <= 6 {
        return Ok(shortest);
    }
    Err(ev.unknown(Reason::VersionDependent("how a float is written"), None))
}
