//! What still reads services in the contract that is to be left.

use nixpact_source::{Sources, Span};
use nixpact_syntax::{Ast, Asts, Expr, ExprId, Key, KeyName, Symbol};
use rustc_hash::FxHashSet;

use crate::settings::Settings;

/// A read of a service in the legacy contract, such as `config.qgroget.services.jellyfin.url`.
#[derive(Clone, PartialEq, Debug)]
pub struct LegacyRead {
    pub service: String,
    /// Where the service's name is written.
    pub span: Span,
    /// It gives a default for a service that is not there.
    pub has_default: bool,
}

/// The reads in all files, by file and place.
pub(crate) fn reads(sources: &Sources, asts: &Asts, settings: &Settings) -> Vec<LegacyRead> {
    let Some(legacy) = &settings.legacy else { return Vec::new() };
    let legacy: Vec<Symbol> = legacy.iter().map(|name| Symbol::new(name)).collect();
    let mut found: Vec<LegacyRead> =
        asts.iter().flat_map(|ast| Reads { sources, ast, legacy: &legacy }.all()).collect();
    found.sort_by_key(|read| read.span);
    found
}

struct Reads<'r> {
    sources: &'r Sources,
    ast: &'r Ast,
    legacy: &'r [Symbol],
}

impl Reads<'_> {
    fn all(&self) -> Vec<LegacyRead> {
        let ast = self.ast;
        let aliases: FxHashSet<Symbol> = ast
            .attributes
            .iter()
            .filter(|attribute| self.is_whole(attribute.value))
            .map(|attribute| attribute.name)
            .collect();
        let selections = ast.exprs.iter().filter_map(|expr| {
            let (base, path) = ast.selection(expr)?;
            Some((base, path, matches!(expr, Expr::SelectOr(_))))
        });
        selections
            .filter_map(|(base, path, has_default)| {
                let keys = ast.keys(path);
                let at = match self.end_of_legacy(base, keys) {
                    Some(end) => end,
                    None => {
                        let is_variable =
                            matches!(ast.expr(base), Expr::Local { .. } | Expr::Dynamic { .. });
                        let name = is_variable.then(|| self.sources.text(ast.span(base)))?;
                        aliases.contains(&Symbol::new(name)).then_some(0)?
                    }
                };
                let key = keys.get(at)?;
                let KeyName::Static(service) = key.name else { return None };
                let span = Span::new(ast.file, key.span.0, key.span.1);
                Some(LegacyRead { service: service.to_string(), span, has_default })
            })
            .collect()
    }

    /// Whether an expression is the legacy contract itself.
    fn is_whole(&self, expr: ExprId) -> bool {
        match self.ast.expr(expr) {
            Expr::Select { base, path } => {
                let keys = self.ast.keys(path);
                self.end_of_legacy(base, keys) == Some(keys.len())
            }
            _ => false,
        }
    }

    /// How many keys lead from a configuration to the legacy contract, and stand before what is read of
    /// it.
    fn end_of_legacy(&self, base: ExprId, keys: &[Key]) -> Option<usize> {
        let name = |key: &Key| match key.name {
            KeyName::Static(name) => Some(name),
            KeyName::Dynamic(_) => None,
        };
        let config = Symbol::new("config");
        let own = (self.sources.text(self.ast.span(base)) == "config").then_some(0);
        let of_host = || keys.iter().position(|key| name(key) == Some(config)).map(|at| at + 1);
        let start = own.or_else(of_host)?;
        let end = start + self.legacy.len();
        let found = keys.get(start..end)?.iter().map(name);
        found.eq(self.legacy.iter().map(|name| Some(*name))).then_some(end)
    }
}
