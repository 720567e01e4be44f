//! Selection paths as `nix-instantiate --attr` takes them: names of attributes and places in lists.

use nixpact_eval::{ErrorKind, Eval, Evaluator, Stop, Thunk, Value};
use nixpact_source::Sources;
use nixpact_syntax::{Expr, KeyName, Symbol};

use crate::load::Failure;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Step {
    Name(Symbol),
    /// A place in a list, 0-based.
    Place(usize),
}

impl std::fmt::Display for Step {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Step::Name(name) => out.write_str(&nixpact_eval::attribute_name(name.as_str())),
            Step::Place(place) => write!(out, "{place}"),
        }
    }
}

/// The steps of a path as Nix writes it, such as `a."b.c".0`.
///
/// # Errors
///
/// When it is none.
pub(crate) fn selection(path: &str) -> Result<Vec<Step>, Failure> {
    let step = |part: &str| match part.parse() {
        Ok(place) if part.bytes().all(|byte| byte.is_ascii_digit()) => Some(Step::Place(place)),
        _ => name(part).map(Step::Name),
    };
    let steps = parts(path).into_iter().map(step).collect::<Option<Vec<_>>>();
    steps.ok_or_else(|| Failure::Path(path.to_owned()))
}

/// What stands between the dots that are not quoted.
fn parts(path: &str) -> Vec<&str> {
    let (mut parts, mut begin, mut is_quoted, mut is_escaped) = (Vec::new(), 0, false, false);
    for (at, byte) in path.bytes().enumerate() {
        match byte {
            b'\\' if is_quoted && !is_escaped => is_escaped = true,
            b'"' if !is_escaped => is_quoted = !is_quoted,
            b'.' if !is_quoted => {
                parts.push(&path[begin..at]);
                begin = at + 1;
            }
            _ => is_escaped = false,
        }
    }
    parts.push(&path[begin..]);
    parts
}

/// The one name that a text stands for.
fn name(part: &str) -> Option<Symbol> {
    let mut sources = Sources::default();
    let text = format!("{{ }}.{part}");
    let file = sources.add_text("attribute path", text.clone());
    let ast = nixpact_syntax::parse(file, &text);
    let Expr::Select { path, .. } = ast.expr(ast.root) else { return None };
    let [key] = ast.keys(path) else { return None };
    match key.name {
        KeyName::Static(name) if ast.errors.is_empty() => Some(name),
        _ => None,
    }
}

/// The names up to the first place in a list.
pub(crate) fn names(steps: &[Step]) -> Vec<Symbol> {
    let names = steps.iter().map_while(|step| match step {
        Step::Name(name) => Some(*name),
        Step::Place(_) => None,
    });
    names.collect()
}

/// What a step selects; none where a set surely has no such attribute.
pub(crate) fn select<'a>(
    ev: &Evaluator<'a>,
    base: Value<'a>,
    step: Step,
) -> Eval<'a, Option<&'a Thunk<'a>>> {
    let place = match step {
        Step::Name(name) => return ev.select(base, name),
        Step::Place(place) => place,
    };
    let Value::List(list) = base else { return ev.type_error(base, "a list") };
    match (list.items.get(place), list.rest) {
        // Others may stand before it.
        (_, Some(rest)) => Err(Stop::Unknown(rest)),
        (Some(item), None) => Ok(Some(*item)),
        (None, None) => {
            let message = format!("list index {place} is out of range");
            ev.error(ErrorKind::MissingAttribute, message)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Step, selection};

    fn shown(path: &str) -> Option<String> {
        let steps: Vec<String> = selection(path).ok()?.iter().map(Step::to_string).collect();
        Some(steps.join("|"))
    }

    #[test]
    fn paths_are_read_as_nix_writes_them() {
        for (path, expected) in [
            ("a", "a"),
            ("a.b-c.d'", "a|b-c|d'"),
            ("a.\"b.c\".d", "a|\"b.c\"|d"),
            (r#"a."b\".c".d"#, r#"a|"b\".c"|d"#),
            ("a.0.b", "a|0|b"),
            ("01", "1"),
            ("\"0\"", "\"0\""),
        ] {
            assert_eq!(shown(path).as_deref(), Some(expected), "{path}");
        }
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for path in ["", "a.", ".a", "a..b", "a b", "a or b", "-1", "a.\"b", "${x}", "a;", "1.5x"] {
            assert_eq!(shown(path), None, "{path}");
        }
    }
}
