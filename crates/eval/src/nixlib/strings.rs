//! `lib.strings`: joining, splitting, numbers.

use super::common::{args_of, known, list, optional, require, test};
use super::{affix, attrsets, lists, packages, quoting, versions};
use crate::builtins::{self, Args, Builtin};
use crate::coerce::Coercion;
use crate::evaluator::Evaluator;
use crate::thunk::Thunk;
use crate::unknown::{ErrorKind, Eval};
use crate::value::{Piece, Value};

pub(super) const TABLE: &[Builtin] = &[
    Builtin { name: "addContextFrom", arity: 2, run: add_context_from },
    Builtin { name: "concatImapStrings", arity: 2, run: concat_imap_strings },
    Builtin { name: "concatImapStringsSep", arity: 3, run: concat_imap_strings_sep },
    Builtin { name: "concatLines", arity: 1, run: concat_lines },
    Builtin { name: "concatMapAttrsStringSep", arity: 3, run: concat_map_attrs_string_sep },
    Builtin { name: "concatMapStrings", arity: 2, run: concat_map_strings },
    Builtin { name: "concatMapStringsSep", arity: 3, run: concat_map_strings_sep },
    Builtin { name: "concatStrings", arity: 1, run: |ev, args| join(ev, "", args[0]) },
    Builtin {
        name: "enableFeature",
        arity: 2,
        run: |ev, args| feature(ev, args, "enable", "disable"),
    },
    Builtin {
        name: "enableFeatureAs",
        arity: 3,
        run: |ev, args| feature_as(ev, args, "enable", "disable"),
    },
    Builtin { name: "escape", arity: 2, run: quoting::escape },
    Builtin { name: "escapeRegex", arity: 1, run: quoting::escape_regex },
    Builtin { name: "escapeShellArg", arity: 1, run: quoting::escape_shell_arg },
    Builtin { name: "escapeShellArgs", arity: 1, run: quoting::escape_shell_args },
    Builtin { name: "escapeURL", arity: 1, run: quoting::escape_url },
    Builtin { name: "escapeXML", arity: 1, run: quoting::escape_xml },
    Builtin { name: "fileContents", arity: 1, run: file_contents },
    Builtin { name: "fixedWidthNumber", arity: 2, run: fixed_width_number },
    Builtin { name: "fixedWidthString", arity: 3, run: fixed_width_string },
    Builtin { name: "getName", arity: 1, run: versions::get_name },
    Builtin { name: "getVersion", arity: 1, run: versions::get_version },
    Builtin { name: "hasInfix", arity: 2, run: affix::has_infix },
    Builtin { name: "hasPrefix", arity: 2, run: affix::has_prefix },
    Builtin { name: "hasSuffix", arity: 2, run: affix::has_suffix },
    Builtin { name: "intersperse", arity: 2, run: intersperse },
    Builtin { name: "isStringLike", arity: 1, run: is_string_like },
    Builtin { name: "isValidPosixName", arity: 1, run: quoting::is_valid_posix_name },
    Builtin { name: "join", arity: 2, run: builtins::concat_strings_sep },
    Builtin {
        name: "makeBinPath",
        arity: 1,
        run: |ev, args| search_path_of(ev, "bin", "bin", args[0]),
    },
    Builtin {
        name: "makeIncludePath",
        arity: 1,
        run: |ev, args| search_path_of(ev, "dev", "include", args[0]),
    },
    Builtin {
        name: "makeLibraryPath",
        arity: 1,
        run: |ev, args| search_path_of(ev, "lib", "lib", args[0]),
    },
    Builtin { name: "makeSearchPath", arity: 2, run: make_search_path },
    Builtin { name: "makeSearchPathOutput", arity: 3, run: make_search_path_output },
    Builtin { name: "nameFromURL", arity: 2, run: name_from_url },
    Builtin { name: "optionalString", arity: 2, run: optional_string },
    Builtin { name: "removePrefix", arity: 2, run: affix::remove_prefix },
    Builtin { name: "removeSuffix", arity: 2, run: affix::remove_suffix },
    Builtin { name: "replaceString", arity: 3, run: replace_string },
    Builtin { name: "splitString", arity: 2, run: split_string },
    Builtin { name: "splitStringBy", arity: 3, run: split_string_by },
    Builtin { name: "stringAsChars", arity: 2, run: string_as_chars },
    Builtin { name: "stringToCharacters", arity: 1, run: string_to_characters },
    Builtin { name: "toCamelCase", arity: 1, run: quoting::to_camel_case },
    Builtin { name: "toInt", arity: 1, run: |ev, args| to_int(ev, args[0], false) },
    Builtin { name: "toIntBase10", arity: 1, run: |ev, args| to_int(ev, args[0], true) },
    Builtin {
        name: "toLower",
        arity: 1,
        run: |ev, args| quoting::recase(ev, args, str::to_ascii_lowercase),
    },
    Builtin { name: "toSentenceCase", arity: 1, run: quoting::to_sentence_case },
    Builtin { name: "toShellVar", arity: 2, run: quoting::to_shell_var },
    Builtin { name: "toShellVars", arity: 1, run: quoting::to_shell_vars },
    Builtin {
        name: "toUpper",
        arity: 1,
        run: |ev, args| quoting::recase(ev, args, str::to_ascii_uppercase),
    },
    Builtin { name: "trim", arity: 1, run: |ev, args| affix::trim(ev, args[0], true, true) },
    Builtin { name: "trimWith", arity: 1, run: affix::trim_with },
    Builtin { name: "versionAtLeast", arity: 2, run: versions::version_at_least },
    Builtin { name: "versionOlder", arity: 2, run: versions::version_older },
    Builtin { name: "withFeature", arity: 2, run: |ev, args| feature(ev, args, "with", "without") },
    Builtin {
        name: "withFeatureAs",
        arity: 3,
        run: |ev, args| feature_as(ev, args, "with", "without"),
    },
];

/// Those that `lib` itself does not have, or has under the same name for lists.
pub(super) const INNER: &[Builtin] = &[
    Builtin { name: "charToInt", arity: 1, run: quoting::char_to_int },
    Builtin { name: "escapeNixIdentifier", arity: 1, run: quoting::escape_nix_identifier },
    Builtin { name: "escapeNixString", arity: 1, run: quoting::escape_nix_string },
    Builtin { name: "floatToString", arity: 1, run: float_to_string },
    Builtin { name: "isConvertibleWithToString", arity: 1, run: is_convertible },
    Builtin { name: "levenshtein", arity: 2, run: levenshtein },
    Builtin { name: "replicate", arity: 2, run: replicate },
    Builtin { name: "sanitizeDerivationName", arity: 1, run: quoting::sanitize_derivation_name },
];

// Joining

fn join<'a>(ev: &Evaluator<'a>, separator: &'static str, items: &'a Thunk<'a>) -> Eval<'a> {
    let separator = ev.value(Value::Str(separator));
    builtins::concat_strings_sep(ev, args_of(ev, [separator, items]))
}

fn join_value<'a>(ev: &Evaluator<'a>, separator: &'a Thunk<'a>, items: Value<'a>) -> Eval<'a> {
    builtins::concat_strings_sep(ev, args_of(ev, [separator, ev.value(items)]))
}

fn concat_map_strings_sep<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let items = ev.force_list(args[2])?;
    let mapped = items.items.iter().map(|item| ev.apply(args[1], &[*item]));
    join_value(ev, args[0], list(ev, mapped, items.rest))
}

fn concat_map_strings<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let none = ev.value(Value::Str(""));
    concat_map_strings_sep(ev, args_of(ev, [none, args[0], args[1]]))
}

fn concat_imap_strings_sep<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    join_value(ev, args[0], lists::imap(ev, args[1], args[2], 1)?)
}

fn concat_imap_strings<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    join_value(ev, ev.value(Value::Str("")), lists::imap(ev, args[0], args[1], 1)?)
}

fn concat_map_attrs_string_sep<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    join_value(ev, args[0], attrsets::map_attrs_to_list(ev, &args[1..])?)
}

/// `optionalString (lines != [ ]) (concatStringsSep "\n" lines + "\n")`.
fn concat_lines<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let lines = ev.force_list(args[0])?;
    match (lines.items, lines.rest) {
        ([], None) => Ok(Value::Str("")),
        (_, Some(rest)) => Ok(Value::Template(ev.arena.alloc_slice_copy(&[Piece::Unknown(rest)]))),
        (_, None) => ev.add(join(ev, "\n", args[0]), Ok(Value::Str("\n"))),
    }
}

fn intersperse<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let items = ev.force_items(args[1])?;
    let separated = items.iter().enumerate().flat_map(|(at, item)| {
        let separator = if at > 0 { Some(args[0]) } else { None };
        separator.into_iter().chain([*item])
    });
    Ok(list(ev, separated, None))
}

fn replicate<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let length = lists::bounded(ev, ev.force_int(args[0])?)?;
    join_value(ev, ev.value(Value::Str("")), ev.list(&vec![args[1]; length]))
}

fn optional_string<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    optional(
        ev,
        args[0],
        || ev.force(args[1]),
        Value::Str(""),
        |value, unknown| match value {
            Value::Str(_) | Value::Template(_) => {
                Some(Value::Template(ev.arena.alloc_slice_copy(&[Piece::Unknown(unknown)])))
            }
            _ => None,
        },
    )
}

fn make_search_path<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    packages::search_path(ev, None, args[0], args[1])
}

fn search_path_of<'a>(
    ev: &Evaluator<'a>,
    output: &'static str,
    directory: &'static str,
    paths: &'a Thunk<'a>,
) -> Eval<'a> {
    let [output, directory] = [output, directory].map(|name| ev.value(Value::Str(name)));
    packages::search_path(ev, Some(output), directory, paths)
}

fn make_search_path_output<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    packages::search_path(ev, Some(args[0]), args[1], args[2])
}

/// The context of a string, which is all that this adds, is not part of a value here.
fn add_context_from<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    known(ev.coerce_str(args[0], Coercion::Interpolation))?.ok();
    ev.add(Ok(Value::Str("")), ev.force(args[1]))
}

fn replace_string<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let (from, to) = (ev.value(ev.list(&args[..1])), ev.value(ev.list(&args[1..2])));
    builtins::replace_strings(ev, args_of(ev, [from, to, args[2]]))
}

// Taking apart

/// The bytes of a string as strings; those of characters beyond ASCII cannot be held here.
fn characters<'a>(ev: &Evaluator<'a>, text: &'a str) -> Vec<&'a Thunk<'a>> {
    (0..text.len())
        .map(|at| match text.get(at..at + 1) {
            Some(character) => ev.value(Value::Str(character)),
            None => ev.lazy(|ev| ev.unsupported("a byte of a character beyond ASCII")),
        })
        .collect()
}

fn string_to_characters<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let text = ev.coerce_str(args[0], Coercion::Interpolation)?;
    Ok(ev.list(&characters(ev, text)))
}

fn string_as_chars<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let text = ev.coerce_str(args[1], Coercion::Interpolation)?;
    let mapped = characters(ev, text).into_iter().map(|c| ev.apply(args[0], &[c]));
    join_value(ev, ev.value(Value::Str("")), list(ev, mapped, None))
}

fn split_string<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let separator = ev.coerce_str(args[0], Coercion::ToString)?;
    if separator.is_empty() {
        return ev.unsupported("splitString with an empty separator");
    }
    let text = match ev.force(args[1])? {
        Value::Str(text) => text,
        Value::Template(pieces) => match ev.split_place(pieces, separator) {
            Some(parts) => return Ok(ev.list(&parts)),
            None => return Err(ev.template_unknown(pieces)),
        },
        _ => return ev.unsupported("splitString of what is not a string"),
    };
    Ok(list(ev, text.split(separator).map(|part| ev.value(Value::Str(part))), None))
}

fn split_string_by<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let predicate = args[0];
    let text = ev.coerce_str(args[2], Coercion::Interpolation)?;
    if !text.is_ascii() {
        return ev.unsupported("splitStringBy of characters beyond ASCII");
    }
    let (mut parts, mut start) = (Vec::new(), 0);
    for at in 0..text.len() {
        let before = ev.value(Value::Str(&text[at.saturating_sub(1)..at]));
        let current = ev.value(Value::Str(&text[at..=at]));
        if test(ev, predicate, &[before, current])? {
            parts.push(ev.value(Value::Str(&text[start..at])));
            // It is asked for where a part is put together.
            let keep = match known(ev.force_bool(args[1])) {
                Ok(keep) => keep.map_err(crate::Stop::Unknown)?,
                Err(_) => return ev.unsupported("splitStringBy without a Boolean"),
            };
            start = if keep { at } else { at + 1 };
        }
    }
    parts.push(ev.value(Value::Str(&text[start..])));
    Ok(ev.list(&parts))
}

fn name_from_url<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let (url, separator) = (ev.force_str(args[0])?, ev.coerce_str(args[1], Coercion::ToString)?);
    if separator.is_empty() {
        return ev.unsupported("nameFromURL with an empty separator");
    }
    let file = url.rsplit('/').next().unwrap_or_default();
    match file.split_once(separator) {
        Some((name, _)) => Ok(Value::Str(name)),
        None => ev.error(ErrorKind::Assert, "assertion failed"),
    }
}

fn file_contents<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    match builtins::read_file(ev, args)? {
        Value::Str(text) => Ok(Value::Str(text.strip_suffix('\n').unwrap_or(text))),
        other => Ok(other),
    }
}

// Numbers

/// `toInt` and, where leading zeros are allowed, `toIntBase10`.
fn to_int<'a>(ev: &Evaluator<'a>, text: &'a Thunk<'a>, zeros: bool) -> Eval<'a> {
    let text = ev.force_str(text)?;
    let stripped = text.trim_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
    // Zeros may even stand before a sign there, but at least one digit is left.
    let trimmed = if zeros { stripped.trim_start_matches('0') } else { stripped };
    let number = if trimmed.is_empty() && !stripped.is_empty() { "0" } else { trimmed };
    let digits = number.strip_prefix('-').unwrap_or(number);
    if digits.is_empty() || !digits.bytes().all(|c| c.is_ascii_digit()) {
        return ev.error(ErrorKind::Throw, format!("Could not convert \"{text}\" to int."));
    }
    if digits.len() > 1 && digits.starts_with('0') {
        if number.len() > digits.len() || zeros {
            // `-01` is no JSON.
            return ev.error(ErrorKind::Other, "invalid JSON");
        }
        let message = format!("toInt: \"{text}\" may be an octal or a zero padded integer.");
        return ev.error(ErrorKind::Throw, message);
    }
    match number.parse() {
        Ok(number) => Ok(Value::Int(number)),
        Err(_) => ev.error(ErrorKind::Throw, format!("Could not convert \"{text}\" to int.")),
    }
}

fn fixed_width_string<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let width = ev.force_int(args[0])?;
    let text = ev.coerce_str(args[2], Coercion::Interpolation)?;
    // What is wide enough stays as it is, and the filler is not looked at.
    match width == text.len() as i64 {
        true => ev.force(args[2]),
        false => pad(ev, width, ev.coerce_str(args[1], Coercion::Interpolation)?, text),
    }
}

fn fixed_width_number<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let width = ev.force_int(args[0])?;
    pad(ev, width, "0", ev.coerce_str(args[1], Coercion::ToString)?)
}

/// Puts `filler` before the text until it is as wide as asked, in bytes.
fn pad<'a>(ev: &Evaluator<'a>, width: i64, filler: &str, text: &str) -> Eval<'a> {
    let mut missing = width.saturating_sub(text.len() as i64);
    let mut padded = String::new();
    while missing > 0 && !filler.is_empty() && padded.len() <= ev.limits.string {
        padded.push_str(filler);
        missing -= filler.len() as i64;
    }
    require(
        ev,
        missing >= 0,
        &format!("fixedWidthString: requested string length ({width}) is shorter than the text"),
    )?;
    let limit = match missing {
        0 => return Ok(ev.str(&(padded + text))),
        _ if filler.is_empty() => crate::Reason::Recursion,
        _ => crate::Reason::Limit(crate::Limit::Memory),
    };
    Err(ev.unknown(limit, None))
}

fn float_to_string<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    ev.to_string_value(Ok(ev.force(args[0])?))
}

fn levenshtein<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let a = ev.coerce_str(args[0], Coercion::Interpolation)?.as_bytes();
    let b = ev.coerce_str(args[1], Coercion::Interpolation)?.as_bytes();
    let mut row: Vec<i64> = (0..=b.len() as i64).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i as i64 + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + i64::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    Ok(Value::Int(row[b.len()]))
}

// Flags of build tools

fn feature<'a>(ev: &Evaluator<'a>, args: Args<'a>, yes: &str, no: &str) -> Eval<'a> {
    let (Value::Bool(flag), feature @ (Value::Str(_) | Value::Template(_))) =
        (ev.force(args[0])?, ev.force(args[1])?)
    else {
        return ev.error(ErrorKind::Assert, "assertion failed");
    };
    let prefix = ev.str(&format!("--{}-", if flag { yes } else { no }));
    ev.add(Ok(prefix), Ok(feature))
}

fn feature_as<'a>(ev: &Evaluator<'a>, args: Args<'a>, yes: &str, no: &str) -> Eval<'a> {
    let name = feature(ev, args, yes, no)?;
    match ev.force_bool(args[0])? {
        true => ev.add(ev.add(Ok(name), Ok(Value::Str("="))), ev.force(args[2])),
        false => Ok(name),
    }
}

// What becomes a string

fn is_string_like<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    Ok(Value::Bool(string_like(ev.force(args[0])?)?))
}

/// `isString x || isPath x || x ? outPath || x ? __toString`.
pub(super) fn string_like<'a>(value: Value<'a>) -> Eval<'a, bool> {
    match value {
        Value::Str(_) | Value::Template(_) | Value::Path(_) => Ok(true),
        Value::Attrs(attrs) => {
            let has = |name| attrs.get(nixpact_syntax::Symbol::new(name)).is_some();
            match (has("outPath") || has("__toString"), attrs.rest) {
                (true, _) => Ok(true),
                (false, Some(rest)) => Err(crate::Stop::Unknown(rest)),
                (false, None) => Ok(false),
            }
        }
        _ => Ok(false),
    }
}

fn is_convertible<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    Ok(Value::Bool(convertible(ev, args[0])?))
}

fn convertible<'a>(ev: &Evaluator<'a>, value: &'a Thunk<'a>) -> Eval<'a, bool> {
    match ev.force(value)? {
        Value::Null | Value::Int(_) | Value::Float(_) | Value::Bool(_) => Ok(true),
        Value::List(list) => {
            Ok(!ev.exists(list, |item| Ok(!ev.nested(|| convertible(ev, item))?))?)
        }
        other => string_like(other),
    }
}
