//! Functions whose result is in the store or the environment. What they are called with may be wrong
//! all the same.

use nixpact_syntax::Symbol;

use super::derivation::store_path;
use super::{Args, Builtin};
use crate::coerce::{Coercion, Text};
use crate::evaluator::Evaluator;
use crate::thunk::Thunk;
use crate::trees::is_tree;
use crate::unknown::{Eval, Reason, Stop};
use crate::value::{Attr, Attrs, Value};

pub(super) const TABLE: &[Builtin] = &[
    Builtin { name: "filterSource", arity: 2, run: filter_source },
    Builtin { name: "getEnv", arity: 1, run: get_env },
    Builtin { name: "path", arity: 1, run: path },
    Builtin { name: "storePath", arity: 1, run: existing },
    Builtin { name: "toFile", arity: 2, run: to_file },
];

fn filter_source<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let path = source(ev, ev.force(args[1])?)?;
    ev.force_function(args[0])?;
    if let Some(path) = path {
        check_filter(ev, args[0], path)?;
    }
    ev.force(store_path(ev, name(path), ""))
}

/// Nix asks the filter for every entry of a directory; what fails for the first one fails for all.
fn check_filter<'a>(ev: &Evaluator<'a>, filter: &'a Thunk<'a>, path: &str) -> Eval<'a, ()> {
    let Some((name, kind)) = ev.sources.directory(path).and_then(|all| all.first()) else {
        return Ok(());
    };
    let entry = Value::Path(ev.arena.alloc_str(format!("{path}/{name}").trim_start_matches('/')));
    let entry = ev.value(ev.to_string_value(Ok(entry))?);
    let kind = ev.value(Value::Str(super::files::type_name(*kind)));
    match ev.force_bool(ev.apply(filter, &[entry, kind])) {
        Err(stop @ Stop::Error(_)) => Err(stop),
        _ => Ok(()),
    }
}

/// `builtins.path { path, name ? baseNameOf path, filter ?, recursive ?, sha256 ? }`.
fn path<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let attrs = ev.force_attrs(args[0])?;
    let field = |name| attrs.get(Symbol::new(name)).map(|attr| attr.value);
    let given = match field("path") {
        Some(path) => source(ev, ev.force(path)?)?,
        None => return missing_path(ev, attrs),
    };
    let copied = match (field("name"), attrs.rest) {
        (Some(name), _) => ev.force_str(name).ok(),
        (None, Some(_)) => None,
        (None, None) => name(given),
    };
    // The copy that a string makes of a path is the same one.
    let is_plain = |attr: &Attr<'a>| ["name", "path"].contains(&attr.name.as_str());
    if let (Some(path), None, true) =
        (given, attrs.rest, attrs.unordered().iter().all(is_plain) && copied == name(given))
    {
        let mut text = Text::new(ev);
        text.push(Ok(Value::Path(path)), Coercion::Interpolation)?;
        return Ok(text.finish());
    }
    ev.force(store_path(ev, copied, ""))
}

fn missing_path<'a>(ev: &Evaluator<'a>, attrs: &Attrs<'a>) -> Eval<'a> {
    match attrs.rest {
        Some(rest) => Err(Stop::Unknown(rest)),
        None => ev.error(crate::ErrorKind::MissingAttribute, "missing required 'path' attribute"),
    }
}

/// The path to copy, where it is known.
fn source<'a>(ev: &Evaluator<'a>, value: Value<'a>) -> Eval<'a, Option<&'a str>> {
    match ev.to_path(value) {
        Ok(path) => Ok(Some(path)),
        Err(Stop::Unknown(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The last part of a path; the root of the repository has no known name.
fn name(path: Option<&str>) -> Option<&str> {
    path?.rsplit('/').next().filter(|name| !name.is_empty() && !path.is_some_and(is_tree))
}

/// How the variables begin that put another source in the place of a pinned one, for the time being.
const OVERRIDES: &[&str] =
    &["LON_OVERRIDE_", "NIV_OVERRIDE_", "NIXLOCK_OVERRIDE_", "NPINS_OVERRIDE_"];

fn get_env<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let name = ev.force_str(args[0])?;
    // What is pinned counts, as it does for the inputs of a flake.
    if OVERRIDES.iter().any(|prefix| name.starts_with(prefix)) {
        return Ok(Value::Str(""));
    }
    Err(ev.unknown(Reason::Impure("builtins.getEnv"), None))
}

fn existing<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    ev.coerce_str(args[0], Coercion::Interpolation)?;
    Err(ev.unknown(Reason::Impure("builtins.storePath"), None))
}

fn to_file<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let name = ev.force_str(args[0])?;
    match ev.force_str(args[1]) {
        Err(stop @ Stop::Error(_)) => Err(stop),
        _ => ev.force(store_path(ev, Some(name), "")),
    }
}
