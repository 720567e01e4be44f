//! What is read piece by piece: strings, paths, and what they interpolate.

use rnix::SyntaxKind::{self, *};

use super::Parser;
use crate::lexer::Stop;
use crate::tree::{NodeId, Siblings};

impl Parser<'_> {
    /// From `${` to its brace, which stays the next token: what follows it is still a part of a string
    /// or path, if this one is.
    pub(super) fn interpolation(&mut self, kind: SyntaxKind) -> Option<NodeId> {
        let (start, _) = self.span;
        self.advance();
        let inner = self.expression()?;
        let (_, end) = self.span;
        let inner = self.tree.siblings([inner]);
        self.at(TOKEN_R_BRACE).then(|| self.tree.push(kind, kind, (start, end), inner))
    }

    /// An interpolation that begins where the lexer is, in a string or path.
    fn inner_interpolation(&mut self) -> Option<NodeId> {
        self.advance();
        self.interpolation(NODE_INTERPOL)
    }

    pub(super) fn string(&mut self) -> Option<NodeId> {
        let (start, quotes) = self.span;
        let mut pieces = Siblings::NONE;
        loop {
            let from = self.lexer.at as u32;
            let stop = self.lexer.string_piece(quotes - start == 2)?;
            let to = self.lexer.at as u32;
            if from < to {
                let (kind, span) = (TOKEN_STRING_CONTENT, (from, to));
                let piece = self.tree.push(kind, kind, span, Siblings::NONE);
                self.tree.append(&mut pieces, piece);
            }
            if stop == Stop::Quotes {
                break;
            }
            let interpolation = self.inner_interpolation()?;
            self.tree.append(&mut pieces, interpolation);
        }
        self.lexer.at += (quotes - start) as usize;
        let end = self.lexer.at as u32;
        self.advance();
        Some(self.tree.push(NODE_STRING, NODE_STRING, (start, end), pieces))
    }

    pub(super) fn path(&mut self, token: SyntaxKind, kind: SyntaxKind) -> Option<NodeId> {
        let (start, end) = self.span;
        let first = self.tree.push(token, token, (start, end), Siblings::NONE);
        let mut pieces = self.tree.siblings([first]);
        let is_plain = !self.lexer.at_interpolation();
        while self.lexer.at_interpolation() {
            let interpolation = self.inner_interpolation()?;
            self.tree.append(&mut pieces, interpolation);
            if self.lexer.at_path() {
                let from = self.lexer.at as u32;
                self.lexer.path_piece().then_some(())?;
                let span = (from, self.lexer.at as u32);
                let piece = self.tree.push(token, token, span, Siblings::NONE);
                self.tree.append(&mut pieces, piece);
            }
        }
        // rnix takes what looks like a further path or an interpolation for a part of this one.
        if !is_plain && self.lexer.at_tilde() {
            return None;
        }
        let end = self.lexer.at as u32;
        self.advance();
        if is_plain && self.at(TOKEN_INTERPOL_START) {
            return None;
        }
        Some(self.tree.push(kind, kind, (start, end), pieces))
    }
}
