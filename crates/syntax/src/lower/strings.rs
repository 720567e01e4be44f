//! Strings and paths: escapes, indentation, interpolation.

use std::borrow::Cow;

use rnix::SyntaxKind::*;

use super::{Lowerer, extend};
use crate::ast::{Expr, Part, Range};
use crate::tree::Node;

/// A piece of a string, before its indentation is stripped.
enum Piece<'t> {
    /// Text and whether its white space can be indentation: escapes never are.
    Text(Cow<'t, str>, bool),
    Interpolated(Node<'t>),
}

impl<'t> Lowerer<'t> {
    pub(super) fn string(&mut self, node: Node<'t>) -> Expr {
        if let Some(content) = plain(self.text, node) {
            return Expr::Str(self.add_text(content));
        }
        let pieces = pieces(self.text, node);
        match self.parts(pieces) {
            Parts::Text(text) => Expr::Str(text),
            Parts::Template(parts) => Expr::Template(parts),
        }
    }

    pub(super) fn path(&mut self, node: Node<'t>) -> Expr {
        let pieces = node
            .children()
            .filter_map(|piece| match piece.kind() {
                NODE_INTERPOL => piece.children().next().map(Piece::Interpolated),
                _ => Some(Piece::Text(Cow::Borrowed(self.slice(piece.span())), false)),
            })
            .collect();
        match self.parts(pieces) {
            Parts::Text(text) => Expr::Path(text),
            Parts::Template(parts) => Expr::PathTemplate(parts),
        }
    }

    fn parts(&mut self, pieces: Vec<Piece<'t>>) -> Parts {
        if pieces.iter().all(|piece| matches!(piece, Piece::Text(..))) {
            let start = self.ast.texts.len() as u32;
            for piece in pieces {
                if let Piece::Text(text, _) = piece {
                    self.ast.texts.push_str(&text);
                }
            }
            return Parts::Text(Range { start, end: self.ast.texts.len() as u32 });
        }
        let parts: Vec<Part> = pieces
            .into_iter()
            .map(|piece| match piece {
                Piece::Text(text, _) => Part::Text(self.add_text(&text)),
                Piece::Interpolated(node) => Part::Interpolated(self.expr(node)),
            })
            .collect();
        Parts::Template(extend(&mut self.ast.parts, parts))
    }
}

enum Parts {
    Text(Range),
    Template(Range),
}

/// The content of a `"…"` string that is its value.
fn plain<'t>(text: &'t str, node: Node<'_>) -> Option<&'t str> {
    let slice = |(start, end): (u32, u32)| &text[start as usize..end as usize];
    let mut pieces = node.children();
    let content = match (pieces.next(), pieces.next()) {
        (None, None) => "",
        (Some(piece), None) if piece.kind() == TOKEN_STRING_CONTENT => slice(piece.span()),
        _ => return None,
    };
    let is_plain = slice(node.span()).starts_with('"') && !content.contains(['\\', '\r']);
    is_plain.then_some(content)
}

/// The value of a string that interpolates nothing.
pub(super) fn without_interpolation<'t>(text: &'t str, node: Node<'t>) -> Option<Cow<'t, str>> {
    if let Some(content) = plain(text, node) {
        return Some(Cow::Borrowed(content));
    }
    let mut value = String::new();
    for piece in pieces(text, node) {
        match piece {
            Piece::Text(text, _) => value.push_str(&text),
            Piece::Interpolated(_) => return None,
        }
    }
    Some(Cow::Owned(value))
}

fn pieces<'t>(text: &'t str, node: Node<'t>) -> Vec<Piece<'t>> {
    let (start, _) = node.span();
    let indented = text[start as usize..].starts_with("''");
    let mut pieces = Vec::new();
    for piece in node.children() {
        match piece.kind() {
            TOKEN_STRING_CONTENT => {
                let (start, end) = piece.span();
                let content = &text[start as usize..end as usize];
                if indented {
                    // Nix's lexer takes a first line of spaces for part of the opening quotes.
                    let content =
                        if pieces.is_empty() { after_blank_line(content) } else { content };
                    split_indented(content, &mut pieces);
                } else {
                    pieces.push(Piece::Text(unescape(content), false));
                }
            }
            _ => pieces.extend(piece.children().next().map(Piece::Interpolated)),
        }
    }
    if indented { strip_indentation(pieces) } else { pieces }
}

fn after_blank_line(content: &str) -> &str {
    let rest = content.trim_start_matches(' ');
    rest.strip_prefix('\n').unwrap_or(content)
}

/// Resolves the escapes of a `"…"` string (`unescapeStr` of Nix's lexer).
fn unescape(content: &str) -> Cow<'_, str> {
    if !content.contains(['\\', '\r']) {
        return Cow::Borrowed(content);
    }
    let mut value = String::with_capacity(content.len());
    let mut chars = content.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => value.push('\n'),
                Some('r') => value.push('\r'),
                Some('t') => value.push('\t'),
                Some(other) => value.push(other),
                None => {}
            },
            '\r' => {
                // CR LF and a lone CR are line ends to Nix.
                value.push('\n');
                if chars.peek() == Some(&'\n') {
                    chars.next();
                }
            }
            other => value.push(other),
        }
    }
    Cow::Owned(value)
}

/// Splits the content of a `''…''` string into text and escapes.
fn split_indented<'t>(content: &'t str, pieces: &mut Vec<Piece<'t>>) {
    let bytes = content.as_bytes();
    let mut plain_start = 0;
    let mut at = 0;
    while at + 1 < bytes.len() {
        if &bytes[at..at + 2] != b"''" {
            // `$$` and `'x` are taken as pairs, so that `$${` does not interpolate.
            at += 1;
            continue;
        }
        if plain_start < at {
            pieces.push(Piece::Text(Cow::Borrowed(&content[plain_start..at]), true));
        }
        let escape = &content[at + 2..];
        let mut rest = escape.chars();
        let (value, length): (Cow<'t, str>, usize) = match rest.next() {
            Some('\'') => (Cow::Borrowed("''"), 1),
            Some('$') => (Cow::Borrowed("$"), 1),
            Some('\\') => match rest.next() {
                Some('n') => (Cow::Borrowed("\n"), 2),
                Some('r') => (Cow::Borrowed("\r"), 2),
                Some('t') => (Cow::Borrowed("\t"), 2),
                Some(other) => {
                    (Cow::Borrowed(&escape[1..1 + other.len_utf8()]), 1 + other.len_utf8())
                }
                None => (Cow::Borrowed(""), 1),
            },
            _ => (Cow::Borrowed("''"), 0),
        };
        pieces.push(Piece::Text(value, false));
        at += 2 + length;
        plain_start = at;
    }
    if plain_start < content.len() {
        pieces.push(Piece::Text(Cow::Borrowed(&content[plain_start..]), true));
    }
}

/// `stripIndentation` of Nix's parser.
fn strip_indentation(pieces: Vec<Piece<'_>>) -> Vec<Piece<'_>> {
    let indentation = smallest_indentation(&pieces);
    let count = pieces.len();
    let mut at_line_start = true;
    let mut dropped = 0;
    let mut stripped = Vec::with_capacity(count);
    for (index, piece) in pieces.into_iter().enumerate() {
        let Piece::Text(text, whitespace) = piece else {
            at_line_start = false;
            dropped = 0;
            stripped.push(piece);
            continue;
        };
        let mut kept = String::with_capacity(text.len());
        for c in text.chars() {
            if !at_line_start {
                kept.push(c);
                at_line_start = c == '\n';
                continue;
            }
            match c {
                ' ' => {
                    if dropped >= indentation {
                        kept.push(c);
                    }
                    dropped += 1;
                }
                '\n' => {
                    dropped = 0;
                    kept.push(c);
                }
                _ => {
                    at_line_start = false;
                    dropped = 0;
                    kept.push(c);
                }
            }
        }
        // The last line goes when it holds nothing but spaces.
        if index + 1 == count
            && let Some(newline) = kept.rfind('\n')
            && kept[newline + 1..].chars().all(|c| c == ' ')
        {
            kept.truncate(newline + 1);
        }
        stripped.push(Piece::Text(Cow::Owned(kept), whitespace));
    }
    stripped
}

fn smallest_indentation(pieces: &[Piece<'_>]) -> usize {
    let mut smallest = usize::MAX;
    let mut at_line_start = true;
    let mut current = 0;
    for piece in pieces {
        let Piece::Text(text, true) = piece else {
            if at_line_start {
                at_line_start = false;
                smallest = smallest.min(current);
            }
            continue;
        };
        for c in text.chars() {
            match c {
                '\n' => {
                    at_line_start = true;
                    current = 0;
                }
                ' ' if at_line_start => current += 1,
                _ if at_line_start => {
                    at_line_start = false;
                    smallest = smallest.min(current);
                }
                _ => {}
            }
        }
    }
    smallest
}
