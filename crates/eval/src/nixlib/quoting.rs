//! `lib.strings`: escaping and case. What becomes of a character does not depend on the others as a
//! rule, so that strings known in part are changed piece by piece.

use super::affix::{pieces, text};
use super::common::{known, list};
use super::strings::string_like;
use crate::builtins::{self, Args};
use crate::coerce::{Coercion, Text};
use crate::evaluator::Evaluator;
use crate::thunk::Thunk;
use crate::unknown::{ErrorKind, Eval, Reason, Stop};
use crate::value::{Piece, Value};

/// Changes the known pieces; what becomes of the others is unknown.
fn change<'a>(
    ev: &Evaluator<'a>,
    old: &[Piece<'a>],
    change: impl Fn(&str) -> String,
) -> Vec<Piece<'a>> {
    let piece = |piece: &Piece<'a>| match piece {
        Piece::Known(text) => Piece::Known(ev.arena.alloc_str(&change(text))),
        Piece::Location(_) | Piece::Copy(_) => {
            Piece::Unknown(ev.unknown_ref(Reason::Impure("where the repository lies"), None))
        }
        Piece::Unknown(unknown) => Piece::Unknown(unknown),
    };
    old.iter().map(piece).collect()
}

/// The same for a value that must be a string.
fn change_string<'a>(
    ev: &Evaluator<'a>,
    value: &'a Thunk<'a>,
    how: impl Fn(&str) -> String,
) -> Eval<'a> {
    match known(ev.force(value))? {
        Ok(value @ (Value::Str(_) | Value::Template(_))) => {
            let old = pieces(ev, Ok(value), Coercion::Interpolation)?;
            Ok(text(ev, &change(ev, old, how)))
        }
        Ok(other) => ev.type_error(other, "a string"),
        // It is a string, or an error.
        Err(unknown) => Ok(text(ev, &[Piece::Unknown(unknown)])),
    }
}

pub(super) fn recase<'a>(ev: &Evaluator<'a>, args: Args<'a>, case: fn(&str) -> String) -> Eval<'a> {
    change_string(ev, args[0], case)
}

// Escaping

/// `escape characters text`, where the characters may be longer strings.
pub(super) fn escape<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let mut single = Vec::new();
    for character in ev.force_items(args[0])? {
        match ev.force_str(character)?.as_bytes() {
            [byte] => single.push(*byte),
            _ => return escape_strings(ev, args),
        }
    }
    change_string(ev, args[1], |text| backslashed(text, &single))
}

fn escape_strings<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let mut escaped = Vec::new();
    for from in ev.force_items(args[0])? {
        escaped.push(ev.value(ev.str(&format!("\\{}", ev.force_str(from)?))));
    }
    let escaped = ev.value(ev.list(&escaped));
    builtins::replace_strings(ev, super::common::args_of(ev, [args[0], escaped, args[1]]))
}

fn backslashed(text: &str, characters: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if u8::try_from(c).is_ok_and(|c| c.is_ascii() && characters.contains(&c)) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

pub(super) fn escape_regex<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    change_string(ev, args[0], |text| backslashed(text, b"\\[{()^$?*+|."))
}

pub(super) fn escape_xml<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    change_string(ev, args[0], |text| {
        let escaped = text.chars().map(|c| match c {
            '"' => "&quot;".to_owned(),
            '\'' => "&apos;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '&' => "&amp;".to_owned(),
            other => other.to_string(),
        });
        escaped.collect()
    })
}

pub(super) fn escape_url<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    change_string(ev, args[0], |text| {
        let escaped = text.chars().map(|c| match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' | '.' | '~' => c.to_string(),
            // The other characters of `lib/ascii-table.nix`; what lies beyond stays as it is.
            ' '..='~' | '\t' | '\n' | '\r' => format!("%{:02X}", u32::from(c)),
            other => other.to_string(),
        });
        escaped.collect()
    })
}

/// The code of a character of `lib/ascii-table.nix`.
pub(super) fn char_to_int<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    match ev.force_str(args[0])?.as_bytes() {
        [c @ (b' '..=b'~' | b'\t' | b'\n' | b'\r')] => Ok(Value::Int(i64::from(*c))),
        _ => ev.error(ErrorKind::MissingAttribute, "attribute missing"),
    }
}

// The shell

/// Whether a shell takes the text as it is: `[[:alnum:],._+:@%/-]+`.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|c| c.is_ascii_alphanumeric() || b",._+:@%/-".contains(&c))
}

pub(super) fn escape_shell_arg<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    shell_arg(ev, args[0])
}

fn shell_arg<'a>(ev: &Evaluator<'a>, argument: &'a Thunk<'a>) -> Eval<'a> {
    let old = pieces(ev, ev.force(argument), Coercion::ToString)?;
    let quotes = Piece::Known("'");
    match old {
        [] | [Piece::Known("")] => Ok(Value::Str("''")),
        [Piece::Known(only)] if is_plain(only) => Ok(Value::Str(only)),
        _ if old.iter().any(|piece| matches!(piece, Piece::Known(text) if !is_plain(text))) => {
            let mut quoted = vec![quotes];
            quoted.extend(change(ev, old, |text| text.replace('\'', "'\\''")));
            quoted.push(quotes);
            Ok(text(ev, &quoted))
        }
        // Whether it is quoted depends on what is not known.
        _ => match ev.template_unknown(old) {
            Stop::Unknown(unknown) => Ok(text(ev, &[Piece::Unknown(unknown)])),
            error => Err(error),
        },
    }
}

pub(super) fn escape_shell_args<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    shell_args(ev, args[0])
}

fn shell_args<'a>(ev: &Evaluator<'a>, arguments: &'a Thunk<'a>) -> Eval<'a> {
    let items = ev.force_list(arguments)?;
    let quoted = items.items.iter().map(|item| {
        let item = *item;
        ev.lazy(move |ev| shell_arg(ev, item))
    });
    let quoted = ev.value(list(ev, quoted, items.rest));
    let space = ev.value(Value::Str(" "));
    builtins::concat_strings_sep(ev, super::common::args_of(ev, [space, quoted]))
}

/// `[a-zA-Z_][a-zA-Z0-9_]*`
fn is_posix_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_')
}

pub(super) fn is_valid_posix_name<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    Ok(Value::Bool(is_posix_name(ev.force_str(args[0])?)))
}

pub(super) fn to_shell_var<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    shell_var(ev, ev.force_str(args[0])?, args[1])
}

fn shell_var<'a>(ev: &Evaluator<'a>, name: &str, value: &'a Thunk<'a>) -> Eval<'a> {
    if !is_posix_name(name) {
        let message = format!("toShellVar: {name} is not a valid shell variable name");
        return ev.error(ErrorKind::Throw, message);
    }
    let mut text = Text::new(ev);
    match ev.force(value)? {
        Value::Attrs(attrs) if !string_like(Value::Attrs(attrs))? => {
            let attrs = ev.force_closed_attrs(value)?;
            text.push_str(&format!("declare -A {name}=("));
            for (at, attr) in attrs.sorted().iter().enumerate() {
                text.push_str(if at > 0 { " [" } else { "[" });
                let key = shell_arg(ev, super::common::name(ev, attr));
                text.push(key, Coercion::Interpolation)?;
                text.push_str("]=");
                text.push(shell_arg(ev, attr.value), Coercion::Interpolation)?;
            }
            text.push_str(")");
        }
        Value::List(_) => {
            text.push_str(&format!("declare -a {name}=("));
            text.push(shell_args(ev, value), Coercion::Interpolation)?;
            text.push_str(")");
        }
        _ => {
            text.push_str(&format!("{name}="));
            text.push(shell_arg(ev, value), Coercion::Interpolation)?;
        }
    }
    Ok(text.finish())
}

pub(super) fn to_shell_vars<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let attrs = ev.force_closed_attrs(args[0])?;
    let mut text = Text::new(ev);
    for (at, attr) in attrs.sorted().iter().enumerate() {
        if at > 0 {
            text.push_str("\n");
        }
        text.push(shell_var(ev, attr.name.as_str(), attr.value), Coercion::Interpolation)?;
    }
    Ok(text.finish())
}

// Nix

fn nix_string(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('$', "\\$")
}

/// A name as it is written in Nix.
pub(super) fn nix_identifier(name: &str) -> String {
    const KEYWORDS: &[&str] =
        &["assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with"];
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|c| c.is_ascii_alphanumeric() || b"_'-".contains(&c));
    if plain && !KEYWORDS.contains(&name) { name.to_owned() } else { nix_string(name) }
}

pub(super) fn escape_nix_identifier<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    Ok(ev.str(&nix_identifier(ev.force_str(args[0])?)))
}

pub(super) fn escape_nix_string<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let json = ev.value(builtins::to_json(ev, args[0])?);
    change_string(ev, json, |text| text.replace('$', "\\$"))
}

pub(super) fn sanitize_derivation_name<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let name = ev.coerce_str(args[0], Coercion::Interpolation)?;
    if name.len() <= 207 {
        // It is matched with a regular expression.
        ev.force_str(args[0])?;
    }
    let mut sanitized = String::new();
    for c in name.trim_start_matches('.').chars() {
        if c.is_ascii_alphanumeric() || "+._?=-".contains(c) {
            sanitized.push(c);
        } else if !sanitized.ends_with('\0') {
            sanitized.push('\0');
        }
    }
    let sanitized = sanitized.replace('\0', "-");
    let start = sanitized.len().saturating_sub(207);
    Ok(ev.str(if sanitized.is_empty() { "unknown" } else { &sanitized[start..] }))
}

// Case

fn string_only<'a>(ev: &Evaluator<'a>, value: &'a Thunk<'a>) -> Eval<'a, &'a str> {
    match ev.force(value)? {
        Value::Str(_) | Value::Template(_) => ev.force_str(value),
        _ => ev.error(ErrorKind::Throw, "only string values are accepted"),
    }
}

fn sentence_case(text: &str) -> String {
    let end = text.chars().next().map_or(0, char::len_utf8);
    text[..end].to_ascii_uppercase() + &text[end..].to_ascii_lowercase()
}

pub(super) fn to_sentence_case<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    Ok(ev.str(&sentence_case(string_only(ev, args[0])?)))
}

pub(super) fn to_camel_case<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let text = string_only(ev, args[0])?;
    let mut camel = String::new();
    let mut parts = 0;
    for word in text.split(['-', '_', ' ']) {
        let mut start = 0;
        let bytes = word.as_bytes();
        for at in 1..=bytes.len().max(1) {
            let ends = at >= bytes.len()
                || (bytes[at - 1].is_ascii_lowercase() && bytes[at].is_ascii_uppercase());
            if ends {
                let part = &word[start..at.min(word.len())];
                camel += &if parts == 0 { part.to_ascii_lowercase() } else { sentence_case(part) };
                parts += 1;
                start = at;
            }
        }
    }
    Ok(ev.str(&camel))
}
