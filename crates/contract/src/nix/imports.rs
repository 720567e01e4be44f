//! Imports of files that are not there.

use std::sync::Arc;

use nixpact_eval::{Evaluator, Reason, Unknown};
use nixpact_modules::Universe;
use nixpact_source::Span;
use nixpact_syntax::{Ast, Asts, Expr, ExprId, Operator, Symbol};

use crate::model::Model;
use crate::nearest::nearest;
use crate::nix::ignored::{self, Absence};
use crate::text::facts::{File, FileFacts, files};

/// An import of something that is not there.
#[derive(Clone, PartialEq, Debug)]
pub struct MissingImport {
    /// Relative to the root.
    pub path: String,
    /// A directory stands there, without a `default.nix`.
    pub is_directory: bool,
    /// Where the path is written.
    pub span: Span,
    /// What the path literal there was likely meant to be.
    pub meant: Option<String>,
    /// What may make the file before Nix looks for it.
    pub absence: Absence,
}

/// The imports that the modules of a host surely need.
pub(crate) fn of_host<'a>(ev: &Evaluator<'a>, universe: &'a Universe<'a>) -> Vec<MissingImport> {
    let unresolved = universe.collected(ev).unresolved.iter();
    unresolved.filter_map(|unknown| of_unknown(ev, unknown)).collect()
}

/// The import for which something is unknown.
pub(crate) fn of_unknown<'a>(ev: &Evaluator<'a>, unknown: &Unknown<'a>) -> Option<MissingImport> {
    // What something else made unknown may not be needed.
    let Unknown { reason: Reason::UnresolvedImport(path), span: Some(span), cause: None, .. } =
        unknown
    else {
        return None;
    };
    missing(ev, path, *span)
}

fn missing(ev: &Evaluator<'_>, path: &str, span: Span) -> Option<MissingImport> {
    if !ev.imports_nothing(path) {
        return None;
    }
    Some(MissingImport {
        path: path.to_owned(),
        is_directory: ev.sources.directory(path).is_some(),
        span,
        meant: meant(ev, path, ev.sources.text(span)),
        absence: ignored::absence(ev.sources, path)?,
    })
}

/// Shorter names are near to too many others.
const MIN_CHARS_TO_GUESS: usize = 3;

/// The path literal `written` with the entry of its directory that is most likely meant.
fn meant(ev: &Evaluator<'_>, path: &str, written: &str) -> Option<String> {
    let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_literal = written.starts_with('.') && !written.contains(['$', ' ', '\n', '(']);
    let before = written.strip_suffix(name).filter(|_| is_literal)?;
    let entries = ev.sources.directory(parent)?;
    let names = || entries.iter().map(|(name, _)| name.as_str());
    let importable = |entry: &&str| {
        let inside = format!("{parent}/{entry}");
        !ev.imports_nothing(inside.trim_start_matches('/'))
            && (entry.ends_with(".nix") || !entry.contains('.'))
    };
    let with_ending = format!("{name}.nix");
    let without = name.strip_suffix(".nix");
    let same = names().find(|entry| *entry == with_ending || Some(*entry) == without);
    let is_telling = without.unwrap_or(name).chars().count() >= MIN_CHARS_TO_GUESS;
    let near = || nearest(name, names().filter(importable)).filter(|_| is_telling);
    let found = same.or_else(near)?;
    Some(format!("{before}{found}"))
}

/// Adds the imports that are written anywhere, whether or not something needs them.
pub(crate) fn add_written(
    ev: &Evaluator<'_>,
    asts: &Asts,
    facts: &[Arc<FileFacts>],
    model: &mut Model,
) {
    for File { ast, facts } in files(asts, facts).filter(|file| file.ast.errors.is_empty()) {
        for (path, resolved) in facts.paths(ast, &ev.sources.file(ast.file).path) {
            // Nearly all of them lead to a file.
            if ev.sources.id(resolved).is_some() {
                continue;
            }
            let is_made = resolved.ends_with(ignored::MADE);
            if !is_made
                && ev.imports_nothing(resolved)
                && is_import(ast, *path)
                && !is_guarded(ev, ast)
            {
                model.missing_imports.extend(missing(ev, resolved, ast.span(*path)));
            }
        }
    }
}

/// The path literals of the file at a path, and where in the repository they lead.
pub(crate) fn paths(ast: &Ast, file: &str) -> Vec<(ExprId, String)> {
    let directory = file.rsplit_once('/').map_or("", |(directory, _)| directory);
    let resolve = |path: &ExprId| {
        let Expr::Path(text) = ast.expr(*path) else { return None };
        let written = format!("{directory}/./{}", ast.text(text));
        Some((*path, nixpact_source::normalize(written.trim_start_matches('/'))?))
    };
    ast.paths.iter().filter_map(resolve).collect()
}

/// Files that look before they import, and those that are to be copied elsewhere or are kept aside.
fn is_guarded(ev: &Evaluator<'_>, ast: &Ast) -> bool {
    const ELSEWHERE: &[&str] = &[
        "archive",
        "deprecated",
        "example",
        "fixture",
        "graveyard",
        "obsolete",
        "skeleton",
        "template",
        "unused",
    ];
    let file = ev.sources.file(ast.file);
    let is_elsewhere = |name: &str| ELSEWHERE.iter().any(|word| name.contains(word));
    ["pathExists", "readDir", "tryEval"].iter().any(|word| file.text.contains(word))
        || file.path.split('/').any(is_elsewhere)
}

/// Whether a path is the argument of `import`, or a member of a list of `imports`.
fn is_import(ast: &Ast, path: ExprId) -> bool {
    let is_argument = |expr: &Expr| match *expr {
        Expr::Apply { function, argument } if argument == path => {
            matches!(ast.expr(function), Expr::Global(name) if name.as_str() == "import")
        }
        _ => false,
    };
    let imports = Symbol::new("imports");
    let lists = ast.attributes.iter().filter(|attribute| attribute.name == imports);
    ast.exprs.iter().any(is_argument)
        || lists.into_iter().any(|list| is_member(ast, list.value, path))
}

/// Whether a path is a member of the list that an expression gives, perhaps under a condition.
fn is_member(ast: &Ast, list: ExprId, path: ExprId) -> bool {
    let mut ways = vec![list];
    while let Some(at) = ways.pop() {
        match ast.expr(at) {
            Expr::List(items) if ast.ids[items.indices()].contains(&path) => return true,
            Expr::Binary { operator: Operator::Concat, left, right } => ways.extend([left, right]),
            Expr::With { body, .. } | Expr::Let(_, body) => ways.push(body),
            Expr::If { then, otherwise, .. } => ways.extend([then, otherwise]),
            Expr::Apply { function, argument } if chooses(ast, function) => ways.push(argument),
            _ => {}
        }
    }
    false
}

/// `lib.optional condition`, `lib.optionals condition`
fn chooses(ast: &Ast, function: ExprId) -> bool {
    let Expr::Apply { function, .. } = ast.expr(function) else { return false };
    ast.last_name(function).is_some_and(|name| matches!(name.as_str(), "optional" | "optionals"))
}
