//! Versions.

use super::{Args, Builtin};
use crate::evaluator::Evaluator;
use crate::thunk::Thunk;
use crate::unknown::{Eval, Stop};
use crate::value::{Piece, Value};

pub(super) const TABLE: &[Builtin] = &[
    Builtin { name: "compareVersions", arity: 2, run: compare_versions },
    Builtin { name: "parseDrvName", arity: 1, run: parse_name },
    Builtin { name: "splitVersion", arity: 1, run: split_version },
];

fn parse_name<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let (name, version) = parse_drv_name(ev.force_str(args[0])?);
    let name = ev.attr("name", ev.value(Value::Str(name)));
    Ok(Value::Attrs(ev.attrs(vec![name, ev.attr("version", ev.value(Value::Str(version)))])))
}

/// The name and the version of a package: the version begins after the first dash that no letter
/// follows (`DrvName` of Nix).
pub(crate) fn parse_drv_name(text: &str) -> (&str, &str) {
    let bytes = text.as_bytes();
    let dash = (0..bytes.len()).find(|&at| {
        bytes[at] == b'-' && bytes.get(at + 1).is_some_and(|next| !next.is_ascii_alphabetic())
    });
    match dash {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, ""),
    }
}

/// The components of a version, as `nextComponent` of Nix splits them.
pub(crate) fn version_components(version: &str) -> Vec<&str> {
    let mut rest = version;
    let mut components = Vec::new();
    loop {
        rest = rest.trim_start_matches(['.', '-']);
        if rest.is_empty() {
            return components;
        }
        let digits = rest.starts_with(|c: char| c.is_ascii_digit());
        let end = rest
            .find(|c: char| {
                if digits {
                    !c.is_ascii_digit()
                } else {
                    c.is_ascii_digit() || c == '.' || c == '-'
                }
            })
            .unwrap_or(rest.len());
        components.push(&rest[..end]);
        rest = &rest[end..];
    }
}

fn split_version<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let components = version_components(ev.force_str(args[0])?);
    let items: Vec<_> = components.into_iter().map(|c| ev.value(Value::Str(c))).collect();
    Ok(ev.list(&items))
}

fn compare_versions<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    Ok(Value::Int(compare(ev, args[0], args[1])? as i64))
}

/// `compareVersions` of Nix. Of a version that is known in part the components that are may decide.
pub(crate) fn compare<'a>(
    ev: &Evaluator<'a>,
    a: &'a Thunk<'a>,
    b: &'a Thunk<'a>,
) -> Eval<'a, std::cmp::Ordering> {
    let (a, b) = (Version::of(ev, a)?, Version::of(ev, b)?);
    for at in 0.. {
        if at >= a.components.len().max(b.components.len()) && a.rest.is_none() && b.rest.is_none()
        {
            break;
        }
        let (x, y) = (a.component(at)?, b.component(at)?);
        if component_less(x, y) {
            return Ok(std::cmp::Ordering::Less);
        }
        if component_less(y, x) {
            return Ok(std::cmp::Ordering::Greater);
        }
    }
    Ok(std::cmp::Ordering::Equal)
}

/// A version, or the beginning of one.
struct Version<'a> {
    components: Vec<&'a str>,
    /// Why more of them are not known.
    rest: Option<Stop<'a>>,
}

impl<'a> Version<'a> {
    fn of(ev: &Evaluator<'a>, version: &'a Thunk<'a>) -> Eval<'a, Version<'a>> {
        let Value::Template(pieces @ [Piece::Known(start), ..]) = ev.force(version)? else {
            let components = version_components(ev.force_str(version)?);
            return Ok(Version { components, rest: None });
        };
        let mut components = version_components(start);
        // The last one may go on.
        if !start.ends_with(['.', '-']) {
            components.pop();
        }
        Ok(Version { components, rest: Some(ev.template_unknown(pieces)) })
    }

    fn component(&self, at: usize) -> Eval<'a, &'a str> {
        match (self.components.get(at), &self.rest) {
            (Some(component), _) => Ok(component),
            (None, Some(unknown)) => Err(*unknown),
            (None, None) => Ok(""),
        }
    }
}

fn component_less(a: &str, b: &str) -> bool {
    // Nix compares what fits its `int` as numbers.
    match (a.parse::<i32>().ok(), b.parse::<i32>().ok()) {
        (Some(a), Some(b)) => a < b,
        (None, Some(_)) if a.is_empty() => true,
        _ if a == "pre" && b != "pre" => true,
        _ if b == "pre" => false,
        // Assume that `2.3a` < `2.3.1`.
        (None, Some(_)) => true,
        (Some(_), None) => false,
        (None, None) => a < b,
    }
}
