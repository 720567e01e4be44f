//! Whether the text of the repository may have to do with a secret of some name.

use aho_corasick::AhoCorasick;
use nixpact_eval::Evaluator;
use nixpact_source::{FileId, Span, is_word};
use nixpact_syntax::{Ast, Asts, Expr, ExprId, KeyName, Operator, Part};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{SecretPlace, SecretRead, is_test};

/// Whether something in the repository may make a secret of this name: it stands somewhere but where it is
/// read, or is put together.
pub(super) fn may_be_made(
    ev: &Evaluator<'_>,
    asts: &Asts,
    reads: &[SecretRead<'_>],
    name: &str,
) -> bool {
    let read: Vec<Span> = reads
        .iter()
        .filter(|found| found.name.as_str() == name)
        .map(|found| found.read.span)
        .collect();
    stands_elsewhere(ev, name, &read) || asts.iter().any(|ast| puts_together(ast, name))
}

/// Whether a name stands anywhere in the repository's Nix files, as a word, but in these places.
fn stands_elsewhere(ev: &Evaluator<'_>, name: &str, places: &[Span]) -> bool {
    ev.sources.files().iter().enumerate().any(|(at, file)| {
        file.text.match_indices(name).any(|(start, _)| {
            let here = Span::new(FileId::new(at as u32), start as u32, (start + name.len()) as u32);
            is_word(&file.text, start, start + name.len())
                && !places.iter().any(|place| place.holds(here))
        })
    })
}

/// The names among those of `meant` that stand in the repository's Nix files, as words, but where they are
/// declared. It goes through the text once, however many there are.
pub(super) fn standing_elsewhere<'p>(
    ev: &Evaluator<'_>,
    declared: &[SecretPlace],
    meant: &[&'p SecretPlace],
) -> FxHashSet<&'p str> {
    let mut names: Vec<&str> = meant.iter().map(|place| place.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let mut found = FxHashSet::default();
    let Ok(search) = AhoCorasick::new(&names) else {
        // More names than it can hold: nothing is said of them.
        return names.into_iter().collect();
    };
    let mut places: FxHashMap<&str, Vec<Span>> = FxHashMap::default();
    for place in declared {
        places.entry(&place.name).or_default().push(place.span);
    }
    for (at, file) in ev.sources.files().iter().enumerate() {
        for hit in search.find_overlapping_iter(&file.text) {
            let name = names[hit.pattern().as_usize()];
            let here = Span::new(FileId::new(at as u32), hit.start() as u32, hit.end() as u32);
            let is_declared = || {
                let own = places.get(name).map(Vec::as_slice).unwrap_or_default();
                own.iter().any(|place| place.holds(here))
            };
            if !found.contains(name)
                && is_word(&file.text, hit.start(), hit.end())
                && !is_declared()
            {
                found.insert(name);
            }
        }
    }
    found
}

/// Whether the directory of a secret, below that of all, stands in the repository's Nix files: `/run/secrets/a`
/// for the secret `a/b`.
pub(super) fn is_in_read_directory(ev: &Evaluator<'_>, name: &str) -> bool {
    let directories = name.match_indices('/').map(|(at, _)| format!("/secrets/{}", &name[..at]));
    let ends = |rest: &str| {
        let rest = rest.trim_start_matches('/');
        !rest.starts_with(|c: char| c.is_alphanumeric() || "_-.$".contains(c))
    };
    let stands = |directory: String| {
        ev.sources.files().iter().any(|file| {
            let mut found = file.text.match_indices(&directory);
            found.any(|(at, _)| ends(&file.text[at + directory.len()..]))
        })
    };
    directories.into_iter().any(stands)
}

/// The strings that the files of a repository put together.
pub(super) struct Texts<'t>(Vec<(&'t Ast, ExprId)>);

impl<'t> Texts<'t> {
    pub fn of(asts: &'t Asts) -> Texts<'t> {
        let is_meant = |(_, expr): &(usize, &Expr)| {
            matches!(expr, Expr::Template(_) | Expr::Binary { operator: Operator::Add, .. })
        };
        let of = |ast: &'t Ast| {
            let exprs = ast.exprs.iter().enumerate().filter(is_meant);
            exprs.map(move |(at, _)| (ast, ExprId(at as u32)))
        };
        Texts(asts.iter().flat_map(of).collect())
    }

    /// Whether one of them may be this name.
    pub fn may_be(&self, name: &str) -> bool {
        self.0.iter().any(|(ast, expr)| gives(ast, &ast.expr(*expr), name))
    }

    /// Whether one of them, in no test, may be the path of the secret of this name or that of its directory. The
    /// default of an option says where a secret lies, and reads none.
    pub fn may_be_path(&self, ev: &Evaluator<'_>, name: &str) -> bool {
        let ends = name.match_indices('/').map(|(at, _)| at).chain([name.len()]);
        let places: Vec<&str> = ends.map(|end| &name[..end]).collect();
        DIRECTORIES.iter().any(|directory| {
            let begins = |(ast, expr): &&(&Ast, ExprId)| {
                begins_with(ast, &ast.expr(*expr), directory) && !reads_none(ev, ast, *expr)
            };
            self.0.iter().filter(begins).any(|(ast, expr)| {
                let expr = ast.expr(*expr);
                places.iter().any(|place| gives(ast, &expr, &format!("{directory}{place}")))
            })
        })
    }
}

/// Where secrets lie on a machine.
const DIRECTORIES: &[&str] = &["/run/secrets/", "/var/run/secrets/", "/run/agenix/"];

/// Whether a path only says where a secret lies: as the default of an option, or in a test.
fn reads_none(ev: &Evaluator<'_>, ast: &Ast, expr: ExprId) -> bool {
    let file = ev.sources.file(ast.file);
    let before = file.text.get(..ast.span(expr).start as usize).unwrap_or_default();
    let before = before.trim_end().strip_suffix('=').map(str::trim_end);
    is_test(&file.path) || before.is_some_and(|before| before.ends_with("default"))
}

/// Whether the first part of a string that is put together is a text that begins so.
fn begins_with(ast: &Ast, expr: &Expr, beginning: &str) -> bool {
    let first = match expr {
        Expr::Template(parts) => match ast.parts[parts.indices()].first() {
            Some(Part::Text(text)) => Some(ast.text(*text)),
            _ => None,
        },
        Expr::Binary { operator: Operator::Add, left, .. } => match ast.expr(*left) {
            Expr::Str(text) => Some(ast.text(text)),
            _ => None,
        },
        _ => None,
    };
    first.is_some_and(|first| first.starts_with(beginning))
}

/// Whether a string that a file puts together, other than to read a secret, may be this name.
fn puts_together(ast: &Ast, name: &str) -> bool {
    let reading: FxHashSet<u32> = ast
        .keys
        .iter()
        .filter_map(|key| match key.name {
            KeyName::Dynamic(id) => Some(id.0),
            KeyName::Static(_) => None,
        })
        .collect();
    let mut exprs = ast.exprs.iter().enumerate();
    exprs.any(|(at, expr)| {
        let is_reading = matches!(expr, Expr::Template(_)) && reading.contains(&(at as u32));
        !is_reading && gives(ast, expr, name)
    })
}

/// Whether an expression that puts a string together may give this name.
fn gives(ast: &Ast, expr: &Expr, name: &str) -> bool {
    match expr {
        Expr::Template(parts) => may_be(ast, &ast.parts[parts.indices()], name),
        Expr::Binary { operator: Operator::Add, left, right } => {
            let text = |id| match ast.expr(id) {
                Expr::Str(text) => Some(ast.text(text)).filter(|text| !text.is_empty()),
                _ => None,
            };
            text(*left).is_some_and(|text| name.starts_with(text))
                || text(*right).is_some_and(|text| name.ends_with(text))
        }
        _ => false,
    }
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
