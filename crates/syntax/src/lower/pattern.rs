//! The patterns of functions, such as `{ config, lib, ... }@arguments`.

use nixpact_source::Span;
use rnix::SyntaxKind::*;
use rustc_hash::FxHashMap;

use super::Lowerer;
use crate::Symbol;
use crate::ast::{DuplicateFormal, Formal, Parameter};
use crate::tree::Node;

/// The names that a pattern binds, in the order of the scope's slots.
pub(super) fn names(text: &str, pattern: Node<'_>) -> Vec<Symbol> {
    let mut names = Vec::new();
    let mut whole = None;
    for child in pattern.children() {
        let Some(name) = child.children().next() else { continue };
        let (start, end) = name.span();
        let symbol = Symbol::new(&text[start as usize..end as usize]);
        if child.kind() == NODE_PAT_BIND {
            whole = Some(symbol);
        } else {
            names.push(symbol);
        }
    }
    names.extend(whole);
    names
}

/// How many formals are compared with each other.
const FEW: usize = 16;

impl<'t> Lowerer<'t> {
    pub(super) fn pattern(&mut self, pattern: Node<'t>) -> Parameter {
        let mut formals: Vec<Formal> = Vec::new();
        let mut ends: Vec<u32> = Vec::new();
        let mut whole = None;
        for child in pattern.children() {
            let mut parts = child.children();
            let Some(name) = parts.next() else { continue };
            let at = name.span();
            let symbol = Symbol::new(self.slice(at));
            if child.kind() == NODE_PAT_BIND {
                whole = Some((symbol, at));
                continue;
            }
            let default = parts.next().map(|default| self.expr(default));
            formals.push(Formal { name: symbol, default, span: at });
            ends.push(child.span().1);
        }
        self.duplicate_formals(&formals, &ends, whole);
        let ellipsis = pattern.token() == TOKEN_ELLIPSIS;
        let whole = whole.map(|(name, _)| name);
        Parameter::Pattern { formals: formals.into(), ellipsis, whole }
    }

    /// Finds the names that Nix refuses to bind twice; `ends` are the ends of the formals with their
    /// defaults.
    fn duplicate_formals(
        &mut self,
        formals: &[Formal],
        ends: &[u32],
        whole: Option<(Symbol, (u32, u32))>,
    ) {
        let mut places = FxHashMap::default();
        for (at, formal) in formals.iter().enumerate() {
            let known = match formals.len() {
                ..=FEW => formals[..at].iter().position(|known| known.name == formal.name),
                _ => Some(*places.entry(formal.name).or_insert(at)).filter(|first| *first != at),
            };
            if let Some(first) = known {
                let known = &formals[first];
                let gap = (ends[at - 1], ends[at]);
                let is_plain = known.default.is_none()
                    && formal.default.is_none()
                    && !self.slice(gap).contains(['#', '*']);
                self.duplicate_formal(
                    formal.name,
                    known.span,
                    formal.span,
                    is_plain.then_some(gap),
                );
            }
        }
        if let Some((name, at)) = whole
            && let Some(formal) = formals.iter().find(|formal| formal.name == name)
        {
            let (first, second) = (formal.span.min(at), formal.span.max(at));
            self.duplicate_formal(name, first, second, None);
        }
    }

    #[cold]
    fn duplicate_formal(
        &mut self,
        name: Symbol,
        first: (u32, u32),
        second: (u32, u32),
        removal: Option<(u32, u32)>,
    ) {
        let at = |(start, end)| Span::new(self.file, start, end);
        let (first, second, removal) = (at(first), at(second), removal.map(at));
        self.ast.duplicate_formals.push(DuplicateFormal { name, first, second, removal });
    }
}
