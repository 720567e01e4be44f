//! A carriage return ends a comment in Nix, and a line feed alone does in rnix.

use std::borrow::Cow;

use rnix::SyntaxKind::TOKEN_COMMENT;

/// Each comment is looked for anew from the beginning; a text with more of them, or a longer one with as
/// many bytes to look at in all, is read as rnix does.
const MAX_COMMENTS: usize = 1_000;
const MAX_READ: usize = 50 << 20;

/// The text as rnix has to see it: byte for byte in its place, but with a line feed for the carriage
/// return that ends a comment.
pub(crate) fn ended(text: &str) -> Cow<'_, str> {
    let mut ended = Cow::Borrowed(text);
    if !returns_alone(text) {
        return ended;
    }
    for _ in 0..MAX_COMMENTS.min(MAX_READ / text.len().max(1)) {
        let Some(at) = first_return(&ended) else { break };
        ended.to_mut().replace_range(at..=at, "\n");
    }
    ended
}

fn returns_alone(text: &str) -> bool {
    text.match_indices('\r').any(|(at, _)| text.as_bytes().get(at + 1) != Some(&b'\n'))
}

/// The first carriage return in a comment that goes on behind it.
fn first_return(text: &str) -> Option<usize> {
    let mut offset = 0;
    for (kind, token) in rnix::tokenize(text) {
        if kind == TOKEN_COMMENT && token.starts_with('#') {
            let end = token.find('\r').filter(|end| end + 1 < token.len());
            if let Some(end) = end {
                return Some(offset + end);
            }
        }
        offset += token.len();
    }
    None
}
