//! `lib.path`: paths that lie below others.

use super::common::require;
use crate::builtins::{Args, Builtin};
use crate::evaluator::Evaluator;
use crate::thunk::Thunk;
use crate::trees::{is_apart, is_outside};
use crate::unknown::Eval;
use crate::value::Value;

pub(super) const TABLE: &[Builtin] = &[
    Builtin { name: "append", arity: 2, run: append },
    Builtin { name: "hasPrefix", arity: 2, run: has_prefix },
    Builtin { name: "removePrefix", arity: 2, run: remove_prefix },
    Builtin { name: "splitRoot", arity: 1, run: split_root },
];

/// `path + ("/" + subpath)`, where the subpath stays below the path.
fn append<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let path = ev.force(args[0])?;
    let message = "lib.path.append: The first argument is not a path";
    require(ev, matches!(path, Value::Path(_)), message)?;
    let valid = match ev.force(args[1])? {
        Value::Str(text) => {
            !text.is_empty() && !text.starts_with('/') && text.split('/').all(|part| part != "..")
        }
        Value::Template(pieces) => return Err(ev.template_unknown(pieces)),
        _ => false,
    };
    require(ev, valid, "lib.path.append: Second argument is not a valid subpath string")?;
    let subpath = ev.str(&format!("/{}", ev.force_str(args[1])?));
    ev.add(Ok(path), Ok(subpath))
}

fn path<'a>(ev: &Evaluator<'a>, value: &'a Thunk<'a>) -> Eval<'a, &'a str> {
    match ev.force(value)? {
        Value::Path(path) => Ok(path),
        other => ev.type_error(other, "a path"),
    }
}

/// What stands behind the first path in the second, without a leading `/`; `None` if the second does
/// not lie there.
fn behind<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a, Option<&'a str>> {
    let (first, second) = (path(ev, args[0])?, path(ev, args[1])?);
    if is_apart(first, second) {
        return Err(ev.where_they_lie(first, second));
    }
    if first.starts_with('/') != second.starts_with('/') {
        // One is in the repository, and where that lies is not known.
        return Err(ev.template_unknown(&[]));
    }
    let rest = second.strip_prefix(first.trim_end_matches('/'));
    Ok(match rest {
        Some(rest) if rest.is_empty() || first.is_empty() => Some(rest),
        Some(rest) => rest.strip_prefix('/'),
        None => None,
    })
}

fn has_prefix<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    Ok(Value::Bool(behind(ev, args)?.is_some()))
}

fn remove_prefix<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let rest = behind(ev, args)?;
    let message = "lib.path.removePrefix: The first path argument is not a component-wise prefix of \
                   the second path argument.";
    require(ev, rest.is_some(), message)?;
    Ok(subpath(ev, rest.unwrap_or_default()))
}

fn subpath<'a>(ev: &Evaluator<'a>, components: &str) -> Value<'a> {
    ev.str(&format!("./{}", if components.is_empty() { "." } else { components }))
}

fn split_root<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let path = path(ev, args[0])?;
    if is_outside(path) {
        return Err(ev.where_it_lies(path));
    }
    let Some(components) = path.strip_prefix('/') else { return Err(ev.template_unknown(&[])) };
    let root = ev.attr("root", ev.value(Value::Path("/")));
    let subpath = ev.attr("subpath", ev.value(subpath(ev, components)));
    Ok(Value::Attrs(ev.attrs(vec![root, subpath])))
}
