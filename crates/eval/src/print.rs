//! Values as Nix prints them with `--strict`.

use crate::builtins::is_of_nix;
use crate::evaluator::Evaluator;
use crate::thunk::Thunk;
use crate::trees::is_outside;
use crate::unknown::{Eval, Stop};
use crate::value::{Piece, Value};

/// How deep a value is printed; below it, and behind as many bytes as a string may have, stands `…`.
pub(crate) const MAX_DEPTH: usize = 100;

/// The value of `thunk` as `nix-instantiate --eval --strict` prints it, unknown parts as
/// `«unknown: reason»`.
///
/// # Errors
///
/// The first error that Nix would report in it.
pub fn print<'a>(evaluator: &Evaluator<'a>, thunk: &'a Thunk<'a>) -> Eval<'a, String> {
    let mut out = String::new();
    write(evaluator, evaluator.force(thunk), &mut out, &mut Vec::new())?;
    Ok(out)
}

fn write<'a>(
    evaluator: &Evaluator<'a>,
    value: Eval<'a>,
    out: &mut String,
    around: &mut Vec<*const ()>,
) -> Eval<'a, ()> {
    // A value may hold the same parts again and again.
    if around.len() > MAX_DEPTH || out.len() > evaluator.limits.string {
        out.push('…');
        return Ok(());
    }
    let place: *const () = match value {
        Ok(Value::List(list)) => std::ptr::from_ref(list).cast(),
        Ok(Value::Attrs(attrs)) => std::ptr::from_ref(attrs).cast(),
        _ => std::ptr::null(),
    };
    if !place.is_null() && around.contains(&place) {
        // The value holds itself.
        out.push_str("«repeated»");
        return Ok(());
    }
    around.push(place);
    match value {
        Err(Stop::Unknown(unknown)) => out.push_str(&format!("«unknown: {unknown}»")),
        Err(error) => return Err(error),
        Ok(Value::Null) => out.push_str("null"),
        Ok(Value::Bool(value)) => out.push_str(if value { "true" } else { "false" }),
        Ok(Value::Int(value)) => out.push_str(&value.to_string()),
        Ok(Value::Float(value)) => out.push_str(&float(value)),
        Ok(Value::Str(text)) => quote(text, out),
        Ok(Value::Template(pieces)) => {
            out.push('"');
            for piece in pieces {
                match piece {
                    Piece::Known(text) => escape(text, out),
                    Piece::Location(path) | Piece::Copy(path) => out.push_str(&location(path)),
                    Piece::Unknown(unknown) => {
                        out.push_str(&format!("«unknown: {unknown}»"));
                    }
                }
            }
            out.push('"');
        }
        Ok(Value::Path(path)) => out.push_str(&location(path)),
        Ok(Value::List(list)) => {
            out.push_str("[ ");
            for item in list.items {
                write(evaluator, evaluator.force(item), out, around)?;
                out.push(' ');
            }
            if let Some(rest) = list.rest {
                out.push_str(&format!("«unknown: {}» ", rest.reason));
            }
            out.push(']');
        }
        Ok(Value::Attrs(attrs)) => {
            out.push_str("{ ");
            for attr in attrs.sorted() {
                out.push_str(&attribute_name(attr.name.as_str()));
                out.push_str(" = ");
                write(evaluator, evaluator.force(attr.value), out, around)?;
                out.push_str("; ");
            }
            if let Some(rest) = attrs.rest {
                out.push_str(&format!("«unknown: {}» ", rest.reason));
            }
            out.push('}');
        }
        Ok(Value::Lambda(_)) => out.push_str("<LAMBDA>"),
        Ok(Value::Builtin(partial)) if !is_of_nix(partial.builtin) => out.push_str("<LAMBDA>"),
        Ok(Value::Builtin(partial)) if partial.arguments.is_empty() => out.push_str("<PRIMOP>"),
        Ok(Value::Builtin(_)) => out.push_str("<PRIMOP-APP>"),
    }
    around.pop();
    Ok(())
}

/// A path, whose beginning may differ between machines.
fn location(path: &str) -> String {
    match path.starts_with('/') {
        true if is_outside(path) => path.trim_start_matches('/').to_owned(),
        true => path.to_owned(),
        false if path.is_empty() => "«repository»".to_owned(),
        false => format!("«repository»/{path}"),
    }
}

/// Six significant digits, as C++ streams print floats.
pub(crate) fn float(value: f64) -> String {
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value.is_nan() {
        return format!("{sign}nan");
    }
    if value == 0.0 {
        return format!("{sign}0");
    }
    if value.is_infinite() {
        return value.to_string();
    }
    let scientific = format!("{value:.5e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let trim = |digits: &str| match digits.contains('.') {
        true => digits.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => digits.to_owned(),
    };
    if (-5..6).contains(&exponent) && exponent >= -4 {
        return trim(&format!("{value:.*}", (5 - exponent).max(0) as usize));
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{}e{sign}{:02}", trim(mantissa), exponent.abs())
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    escape(text, out);
    out.push('"');
}

fn escape(text: &str, out: &mut String) {
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' if chars.peek() == Some(&'{') => out.push_str("\\$"),
            other => out.push(other),
        }
    }
}

/// A string as Nix writes it, such as `"a\"b"`.
pub fn string_literal(text: &str) -> String {
    let mut out = String::new();
    quote(text, &mut out);
    out
}

/// A name as an attribute path writes it: in quotes where it needs them.
pub fn attribute_name(name: &str) -> String {
    let mut chars = name.chars();
    let starts = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    let plain = chars.all(|c| c.is_ascii_alphanumeric() || "_'-".contains(c));
    let keyword = ["if", "then", "else", "assert", "with", "let", "in", "rec", "inherit"];
    if starts && plain && !keyword.contains(&name) {
        return name.to_owned();
    }
    string_literal(name)
}
