//! Derivations. Their store paths are unknown; what Nix checks before it computes them is not.

use std::sync::LazyLock;

use nixpact_syntax::{Ast, Symbol};

use super::{Args, Builtin};
use crate::coerce::{Coercion, Text};
use crate::evaluator::Evaluator;
use crate::nixlib::prelude::own_text;
use crate::thunk::Thunk;
use crate::unknown::{ErrorKind, Eval, Reason, Stop};
use crate::value::{Attr, Attrs, Piece, Value};

pub(super) const TABLE: &[Builtin] = &[
    Builtin { name: "derivation", arity: 1, run: derivation },
    Builtin { name: "derivationStrict", arity: 1, run: derivation_strict },
];

static TEXT: LazyLock<Ast> = LazyLock::new(|| own_text(include_str!("derivation.nix")));

fn derivation<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let ast: &'a Ast = &TEXT;
    let function = ev.force(ev.whole(ast));
    ev.call_result(function, args[0])
}

/// `builtins.derivationStrict`: the path of the derivation and of each output.
fn derivation_strict<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let attrs = ev.force_attrs(args[0])?;
    let name = required(ev, attrs, "name")?;
    let name = match known(ev.force(name))? {
        Some(Value::Str(name)) => Some(checked_name(ev, name)?),
        Some(Value::Template(_)) | None => None,
        Some(other) => return ev.type_error(other, "a string"),
    };
    let structured = flag(ev, attrs, "__structuredAttrs")?;
    let ignore_nulls = flag(ev, attrs, "__ignoreNulls")?;
    for name in ["__contentAddressed", "__impure"] {
        flag(ev, attrs, name)?;
    }
    let outputs = outputs(ev, attrs, structured == Some(true))?;
    for attr in attrs.sorted() {
        check_attribute(ev, &attr, structured, ignore_nulls)?;
    }
    for name in ["builder", "system"] {
        required(ev, attrs, name)?;
    }
    let path = |ending: &str| store_path(ev, name, ending);
    let entries = outputs.iter().map(|output| match *output {
        "out" => ev.attr("out", path("")),
        other => ev.attr(other, path(&format!("-{other}"))),
    });
    Ok(Value::Attrs(ev.attrs(entries.chain([ev.attr("drvPath", path(".drv"))]).collect())))
}

/// The value, or nothing where it is unknown.
fn known<'a, T>(result: Eval<'a, T>) -> Eval<'a, Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Stop::Unknown(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn required<'a>(ev: &Evaluator<'a>, attrs: &Attrs<'a>, name: &str) -> Eval<'a, &'a Thunk<'a>> {
    match (attrs.get(Symbol::new(name)), attrs.rest) {
        (Some(attr), _) => Ok(attr.value),
        (None, Some(rest)) => Err(Stop::Unknown(rest)),
        (None, None) => {
            ev.error(ErrorKind::MissingAttribute, format!("required attribute '{name}' missing"))
        }
    }
}

/// A Boolean attribute, false where it is absent.
fn flag<'a>(ev: &Evaluator<'a>, attrs: &Attrs<'a>, name: &str) -> Eval<'a, Option<bool>> {
    match attrs.get(Symbol::new(name)) {
        Some(attr) => known(ev.force_bool(attr.value)),
        None => Ok(attrs.rest.is_none().then_some(false)),
    }
}

/// The name of a store path (`checkName`).
fn checked_name<'a>(ev: &Evaluator<'a>, name: &'a str) -> Eval<'a, &'a str> {
    let plain = |c: u8| c.is_ascii_alphanumeric() || b"+-._?=".contains(&c);
    if name.is_empty() || name.len() > 211 || !name.bytes().all(plain) {
        return ev.error(ErrorKind::Other, format!("invalid derivation name: '{name}'"));
    }
    match name.starts_with('.') || name.ends_with(".drv") {
        true => Err(ev.unknown(Reason::VersionDependent("whether a name is valid"), None)),
        false => Ok(name),
    }
}

fn outputs<'a>(
    ev: &Evaluator<'a>,
    attrs: &'a Attrs<'a>,
    structured: bool,
) -> Eval<'a, Vec<&'a str>> {
    let Some(attr) = attrs.get(Symbol::new("outputs")) else {
        return attrs.rest.map_or(Ok(vec!["out"]), |rest| Err(Stop::Unknown(rest)));
    };
    let mut names = Vec::new();
    if structured {
        for item in ev.force_items(attr.value)? {
            names.push(ev.force_str(item)?);
        }
    } else {
        let text = ev.to_string_value(ev.force(attr.value))?;
        let text = ev.force_str(ev.value(text))?;
        names.extend(text.split([' ', '\t', '\n', '\r']).filter(|name| !name.is_empty()));
    }
    let unique = |(at, name): (usize, &&str)| !names[..at].contains(name);
    if !names.iter().enumerate().all(unique) {
        return ev.error(ErrorKind::Other, "duplicate derivation output");
    }
    if names.contains(&"drvPath") {
        return Err(ev.unknown(Reason::VersionDependent("an output named 'drvPath'"), None));
    }
    if names.contains(&"drv") {
        return ev.error(ErrorKind::Other, "invalid derivation output name 'drv'");
    }
    if names.is_empty() {
        return ev.error(ErrorKind::Other, "derivation cannot have an empty set of outputs");
    }
    Ok(names)
}

/// Whether an attribute may stand in a derivation.
fn check_attribute<'a>(
    ev: &Evaluator<'a>,
    attr: &Attr<'a>,
    structured: Option<bool>,
    ignore_nulls: Option<bool>,
) -> Eval<'a, ()> {
    let Some(value) = known(ev.force(attr.value))? else { return Ok(()) };
    if matches!(value, Value::Null) && ignore_nulls != Some(false) {
        return Ok(());
    }
    match attr.name.as_str() {
        "__structuredAttrs" | "__ignoreNulls" | "__contentAddressed" | "__impure" => Ok(()),
        "args" => {
            for item in ev.force_list(attr.value)?.items {
                Text::new(ev).push(ev.force(item), Coercion::ToString)?;
            }
            Ok(())
        }
        "outputHashMode" => match value {
            Value::Str("flat" | "recursive" | "nar" | "text" | "git") | Value::Template(_) => {
                Ok(())
            }
            _ => ev.error(ErrorKind::Other, "invalid value for 'outputHashMode' attribute"),
        },
        "builder" | "system" => Text::new(ev).push(Ok(value), Coercion::ToString),
        _ => match structured {
            Some(true) => known(super::to_json(ev, attr.value)).map(drop),
            Some(false) => Text::new(ev).push(Ok(value), Coercion::ToString),
            None => Ok(()),
        },
    }
}

/// `/nix/store/…-name`, with an ending.
pub(super) fn store_path<'a>(
    ev: &Evaluator<'a>,
    name: Option<&str>,
    ending: &str,
) -> &'a Thunk<'a> {
    let store = Piece::Unknown(ev.unknown_ref(Reason::Impure("a store path"), None));
    let pieces = match name {
        Some(name) => {
            vec![store, Piece::Known(ev.arena.alloc_str(&format!("-{name}{ending}")))]
        }
        None => vec![store],
    };
    ev.value(Value::Template(ev.arena.alloc_slice_copy(&pieces)))
}
