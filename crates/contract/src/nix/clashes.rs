//! Options that are declared twice, and of which nothing asks for the value.

use std::sync::Arc;

use nixpact_modules::ClashKind;
use nixpact_source::Sources;
use nixpact_syntax::{Ast, Asts, Expr, Key, KeyName, Symbol};

use crate::model::{Model, RefusedKind};
use crate::text::facts::{FileFacts, files};
use crate::text::scan::ReadKind;

/// Finds those of which no text of the repository reads the value, or what is around it or in it: nixpkgs merges
/// declarations when it computes that.
pub(crate) fn add_unread(
    sources: &Sources,
    asts: &Asts,
    facts: &[Arc<FileFacts>],
    model: &mut Model,
) {
    let mut open: Vec<(&str, Vec<Symbol>)> = Vec::new();
    for refused in model.all().flat_map(|host| &host.refused) {
        // Of options below an option nixpkgs tells when it looks for those that are not declared.
        let is_meant =
            matches!(&refused.kind, RefusedKind::Clash(it) if it.kind != ClashKind::Below);
        if is_meant && refused.service.is_none() && open.iter().all(|it| it.0 != refused.option) {
            open.push((&refused.option, refused.option.split('.').map(Symbol::new).collect()));
        }
    }
    if open.is_empty() || asts.iter().any(|ast| !ast.errors.is_empty()) {
        return;
    }
    for file in files(asts, facts) {
        let reads = file.scan().reads.iter().filter(|read| read.kind != ReadKind::Alias);
        for read in reads {
            open.retain(|(_, path)| !meet(path, &read.path));
        }
        for expr in &file.ast.exprs {
            if let Some(selected) = selected(sources, file.ast, expr) {
                open.retain(|(_, path)| !selected.may_be(path));
            }
        }
    }
    model.unread_clashes = open.into_iter().map(|(option, _)| option.into()).collect();
}

/// Whether one of two paths leads to the other.
fn meet(one: &[Symbol], other: &[Symbol]) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

/// Names that are selected one below the other.
struct Selected {
    names: Vec<Symbol>,
    is_of_config: bool,
}

impl Selected {
    /// Whether this may be an option, or something around it or in it, as far as names tell.
    fn may_be(&self, path: &[Symbol]) -> bool {
        let behind = || self.names.iter().position(|name| name.as_str() == "config");
        let start = if self.is_of_config { Some(0) } else { behind().map(|at| at + 1) };
        match start {
            // Any option may be meant where none is named.
            Some(start) if start == self.names.len() => false,
            Some(start) => meet(path, &self.names[start..]),
            None => match path {
                [.., parent, name] => self.names.windows(2).any(|pair| pair == [*parent, *name]),
                _ => false,
            },
        }
    }
}

/// What an expression selects, up to the first name that is not known.
fn selected(sources: &Sources, ast: &Ast, expr: &Expr) -> Option<Selected> {
    let (base, path) = ast.selection(expr)?;
    let name = |key: &Key| match key.name {
        KeyName::Static(name) => Some(name),
        KeyName::Dynamic(_) => None,
    };
    let names = ast.keys(path).iter().map_while(name).collect();
    Some(Selected { names, is_of_config: sources.text(ast.span(base)) == "config" })
}
