//! Keeps input that would exhaust the stack or the reader's patience away from rnix, which bounds most
//! nesting itself (at 512) but not lists, unary operators and chains of operators.

use std::ops::Range;

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

/// How many bytes rnix may look ahead at in all; about a second's worth.
const MAX_AHEAD: usize = 400_000_000;

/// The error to report in place of parsing, when `text` may nest deeper than the stack allows, or take
/// time that grows with the square of its length.
pub(crate) fn refused(file: FileId, text: &str) -> Option<SyntaxError> {
    if let Some(run) = too_long_run(text) {
        return Some(SyntaxError {
            message: format!("{} bytes without a blank, which are not read", run.len()),
            span: Span::new(file, run.start as u32, run.start as u32 + 1),
            is_limit: true,
        });
    }
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

/// The longest run of bytes at the end of which rnix looks for a slash, from every name in it, or for a
/// `>`, from every `<`; None where that costs little.
fn too_long_run(text: &str) -> Option<Range<usize>> {
    if text.len() < MAX_AHEAD.isqrt() {
        return None;
    }
    let is_path = |byte: u8| byte.is_ascii_alphanumeric() || b"_.+-".contains(&byte);
    let is_searched = |byte: u8| is_path(byte) || byte == b'/' || byte == b'<';
    let (mut ahead, mut longest) = (0_usize, 0..0);
    let mut add = |starts: usize, run: Range<usize>| {
        ahead = ahead.saturating_add(starts.saturating_mul(run.len()));
        if starts > 0 && run.len() > longest.len() {
            longest = run;
        }
    };
    let bytes = text.as_bytes();
    for run in runs(bytes, is_path) {
        // A sign is part of a name, but not of a number.
        let begins = |pair: &&[u8]| match pair[1] {
            b'.' | b'+' => true,
            b'-' => !pair[0].is_ascii_alphabetic(),
            _ => false,
        };
        add(bytes[run.clone()].windows(2).filter(begins).count(), run);
    }
    for run in runs(bytes, is_searched) {
        add(bytes[run.clone()].iter().filter(|byte| **byte == b'<').count(), run);
    }
    (ahead > MAX_AHEAD).then_some(longest)
}

/// The longest ranges of bytes of a kind.
fn runs(bytes: &[u8], is: impl Fn(u8) -> bool + Copy) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + bytes[at..].iter().position(|byte| is(*byte))?;
        let length = bytes[start..].iter().position(|byte| !is(*byte));
        at = length.map_or(bytes.len(), |length| start + length);
        Some(start..at)
    })
}
