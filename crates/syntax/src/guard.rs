//! Keeps input that would exhaust the stack away from the parser, which bounds most nesting itself
//! (at 512) but not lists, unary operators and chains of operators.

use nixpact_source::{FileId, Span};
use rnix::SyntaxKind::*;

use crate::SyntaxError;

/// Deeper than any hand-written or sensibly generated file.
const MAX_DEPTH: usize = 10_000;

/// The bytes with which lists and operators begin.
const NESTS: [bool; 256] = {
    let mut table = [false; 256];
    let bytes = b"[!-+/*<>&|=";
    let mut at = 0;
    while at < bytes.len() {
        table[bytes[at] as usize] = true;
        at += 1;
    }
    table
};

/// A text of which an editor asks nothing.
pub(crate) fn is_too_long(text: &str) -> bool {
    text.len() > MAX_EDITED_BYTES
}

/// Hand-written files have a few kilobytes.
const MAX_EDITED_BYTES: usize = 4 << 20;

/// The error to report in place of parsing, when `text` may nest deeper than the stack allows.
pub(crate) fn too_deep(file: FileId, text: &str) -> Option<SyntaxError> {
    // Far cheaper than tokens, and enough for every ordinary file.
    if text.len() <= MAX_DEPTH
        || text.bytes().filter(|byte| NESTS[usize::from(*byte)]).count() <= MAX_DEPTH
    {
        return None;
    }
    // How many operators and lists are open in each enclosing bracket. An expression ends at a
    // separator, and with it all that hangs below its operators.
    let mut open: Vec<usize> = vec![0];
    let mut depth = 0;
    let mut offset = 0;
    for (kind, token) in rnix::tokenize(text) {
        match kind {
            TOKEN_L_BRACE | TOKEN_L_BRACK | TOKEN_L_PAREN | TOKEN_INTERPOL_START => {
                open.push(1);
                depth += 1;
            }
            TOKEN_R_BRACE | TOKEN_R_BRACK | TOKEN_R_PAREN | TOKEN_INTERPOL_END
                if open.len() > 1 =>
            {
                depth -= open.pop().unwrap_or_default();
            }
            TOKEN_SEMICOLON | TOKEN_COMMA | TOKEN_THEN | TOKEN_ELSE | TOKEN_IN => {
                let base = usize::from(open.len() > 1);
                if let Some(inner) = open.last_mut() {
                    depth -= *inner - base;
                    *inner = base;
                }
            }
            TOKEN_ADD | TOKEN_AND_AND | TOKEN_CONCAT | TOKEN_DIV | TOKEN_EQUAL
            | TOKEN_IMPLICATION | TOKEN_INVERT | TOKEN_LESS | TOKEN_LESS_OR_EQ | TOKEN_MORE
            | TOKEN_MORE_OR_EQ | TOKEN_MUL | TOKEN_NOT_EQUAL | TOKEN_OR_OR | TOKEN_SUB
            | TOKEN_UPDATE | TOKEN_PIPE_LEFT | TOKEN_PIPE_RIGHT => {
                if let Some(inner) = open.last_mut() {
                    *inner += 1;
                    depth += 1;
                }
            }
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Some(SyntaxError {
                message: format!("nested more than {MAX_DEPTH} deep, which is not read"),
                span: Span::new(file, offset, offset + token.len() as u32),
                is_limit: true,
            });
        }
        offset += token.len() as u32;
    }
    None
}
