//! Whether the text of the repository may have to do with a secret of some name.

use nixpact_eval::Evaluator;
use nixpact_source::{FileId, Span};
use nixpact_syntax::{Ast, Expr, KeyName, Operator, Part};
use rustc_hash::FxHashSet;

use super::SecretRead;

/// Whether something in the repository may make a secret of this name: it stands somewhere but where it is
/// read, or is put together.
pub(super) fn may_be_made(
    ev: &Evaluator<'_>,
    asts: &[Ast],
    reads: &[SecretRead<'_>],
    name: &str,
) -> bool {
    let read: Vec<Span> = reads
        .iter()
        .filter(|found| found.name.as_str() == name)
        .map(|found| found.read.span)
        .collect();
    stands_elsewhere(ev, name, &read) || asts.iter().any(|ast| puts_together(ast, name, false))
}

/// Whether a name stands anywhere in the repository's Nix files, as a word, but in these places.
pub(super) fn stands_elsewhere(ev: &Evaluator<'_>, name: &str, places: &[Span]) -> bool {
    let is_part = |char: char| char.is_alphanumeric() || matches!(char, '_' | '-' | '\'');
    ev.sources.files().iter().enumerate().any(|(at, file)| {
        let id = FileId::new(at as u32);
        file.text.match_indices(name).any(|(start, _)| {
            let end = start + name.len();
            let is_word =
                !file.text[..start].ends_with(is_part) && !file.text[end..].starts_with(is_part);
            let here = Span::new(id, start as u32, end as u32);
            is_word && !places.iter().any(|place| place.holds(here))
        })
    })
}

/// Whether a string that a file puts together may be this name. Those that only read a secret count where
/// `reads` says so.
pub(super) fn puts_together(ast: &Ast, name: &str, reads: bool) -> bool {
    let reading: FxHashSet<u32> = match reads {
        true => FxHashSet::default(),
        false => ast
            .keys
            .iter()
            .filter_map(|key| match key.name {
                KeyName::Dynamic(id) => Some(id.0),
                KeyName::Static(_) => None,
            })
            .collect(),
    };
    let mut exprs = ast.exprs.iter().enumerate();
    exprs.any(|(at, expr)| match expr {
        Expr::Template(parts) => {
            !reading.contains(&(at as u32)) && may_be(ast, &ast.parts[parts.indices()], name)
        }
        Expr::Binary { operator: Operator::Add, left, right } => {
            let text = |id| match ast.expr(id) {
                Expr::Str(text) => Some(ast.text(text)).filter(|text| !text.is_empty()),
                _ => None,
            };
            text(*left).is_some_and(|text| name.starts_with(text))
                || text(*right).is_some_and(|text| name.ends_with(text))
        }
        _ => false,
    })
}

/// Whether a string with interpolations may be a name. One without any text of its own may be all names, and
/// says nothing.
fn may_be(ast: &Ast, parts: &[Part], name: &str) -> bool {
    let text = |part: &Part| match part {
        Part::Text(text) => ast.text(*text),
        Part::Interpolated(_) => "",
    };
    let (Some(first), Some(last)) = (parts.first().map(text), parts.last().map(text)) else {
        return false;
    };
    if parts.iter().all(|part| text(part).chars().all(|char| !char.is_alphanumeric())) {
        return false;
    }
    let mut rest = match name.strip_prefix(first).map(|rest| rest.strip_suffix(last)) {
        Some(Some(rest)) => rest,
        _ => return false,
    };
    parts.get(1..parts.len() - 1).unwrap_or_default().iter().all(|part| {
        match rest.split_once(text(part)) {
            Some((_, after)) => {
                rest = after;
                true
            }
            None => false,
        }
    })
}
