//! Comments that say that a finding is to stay: `# nixpact: allow(duplicate-port) -- one socket`.

use nixpact_source::{FileId, Span};
use rnix::{SyntaxKind, SyntaxNode, SyntaxToken};

use crate::line_ends;

/// What every such comment begins with.
const MARK: &str = "nixpact:";

/// A comment that speaks to nixpact.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SuppressionComment {
    /// The comment itself.
    pub span: Span,
    /// Findings that begin here are meant.
    pub scope: Span,
    /// The lints that it names, with their places.
    pub lints: Vec<(String, Span)>,
    /// Why the findings are to stay.
    pub reason: Option<String>,
    /// It is not written as it has to be, so that it says nothing.
    pub is_malformed: bool,
}

/// The comments of a file that speak to nixpact, in their order.
///
/// A comment at the end of a line is about the line; one on a line of its own about the binding or list
/// element that follows, else about the next line; `allow-file` is about the file.
///
/// Deep nesting uses the stack as in [`parse`](crate::parse).
pub fn suppressions(file: FileId, text: &str) -> Vec<SuppressionComment> {
    if !text.contains(MARK) || crate::guard::refused(file, text).is_some() {
        return Vec::new();
    }
    let root = rnix::Root::parse(&line_ends::ended(text)).syntax();
    root.descendants_with_tokens()
        .filter_map(|element| element.into_token())
        .filter(|token| token.kind() == SyntaxKind::TOKEN_COMMENT)
        .filter_map(|token| read(file, text, &token))
        .collect()
}

fn read(file: FileId, text: &str, token: &SyntaxToken) -> Option<SuppressionComment> {
    let (start, end) = range(token);
    let content = token.text().trim_start_matches(['#', '/', '*']).trim_start();
    let content = content.strip_prefix(MARK)?;
    // The comment ends with its own line, or with its closing.
    let content = content.strip_suffix("*/").unwrap_or(content);
    let at = start + offset(token.text(), content);
    let span = Span::new(file, start, end);
    let nothing = SuppressionComment {
        span,
        scope: span,
        lints: Vec::new(),
        reason: None,
        is_malformed: true,
    };
    let Some(read) = parse(file, at, content) else { return Some(nothing) };
    let scope = match read.is_file {
        true => (0, text.len() as u32),
        false => scope(text, token),
    };
    Some(SuppressionComment {
        scope: Span::new(file, scope.0, scope.1),
        lints: read.lints,
        reason: read.reason,
        is_malformed: false,
        ..nothing
    })
}

struct Read {
    is_file: bool,
    lints: Vec<(String, Span)>,
    reason: Option<String>,
}

/// `allow(a, b) -- reason`; `at` is where `content` begins in the file.
fn parse(file: FileId, at: u32, content: &str) -> Option<Read> {
    let words = content.trim_start();
    let (is_file, rest) = match words.strip_prefix("allow-file") {
        Some(rest) => (true, rest),
        None => (false, words.strip_prefix("allow")?),
    };
    let (list, rest) = rest.trim_start().strip_prefix('(')?.split_once(')')?;
    let lints: Vec<(String, Span)> = list
        .split(',')
        .map(str::trim)
        .map(|name| {
            let start = at + offset(content, name);
            (name.to_owned(), Span::new(file, start, start + name.len() as u32))
        })
        .collect();
    if lints.iter().any(|(name, _)| name.is_empty()) {
        return None;
    }
    let reason = match rest.trim() {
        "" => None,
        rest => Some(rest.strip_prefix("--")?.trim()).filter(|reason| !reason.is_empty()),
    };
    Some(Read { is_file, lints, reason: reason.map(str::to_owned) })
}

/// Where a part of a text begins in it, in bytes.
fn offset(whole: &str, part: &str) -> u32 {
    (part.as_ptr() as usize - whole.as_ptr() as usize) as u32
}

fn range(token: &SyntaxToken) -> (u32, u32) {
    let range = token.text_range();
    (range.start().into(), range.end().into())
}

/// The bytes that a comment is about.
fn scope(text: &str, token: &SyntaxToken) -> (u32, u32) {
    let (start, end) = range(token);
    let before = &text[..start as usize];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    if !before[line_start..].trim().is_empty() {
        return (line_start as u32, line_end(text, end as usize));
    }
    let following =
        std::iter::successors(token.next_token(), SyntaxToken::next_token).find(|token| {
            !matches!(token.kind(), SyntaxKind::TOKEN_WHITESPACE | SyntaxKind::TOKEN_COMMENT)
        });
    let Some(following) = following else { return (end, text.len() as u32) };
    match following.parent_ancestors().find(|node| is_item(node, &following)) {
        Some(node) => {
            let range = node.text_range();
            (range.start().into(), range.end().into())
        }
        None => {
            let start = range(&following).0;
            (start, line_end(text, start as usize))
        }
    }
}

/// Whether a node is a binding or list element that begins with a token.
fn is_item(node: &SyntaxNode, token: &SyntaxToken) -> bool {
    let is_element = node.parent().is_some_and(|list| list.kind() == SyntaxKind::NODE_LIST);
    let is_binding =
        matches!(node.kind(), SyntaxKind::NODE_ATTRPATH_VALUE | SyntaxKind::NODE_INHERIT);
    (is_element || is_binding) && node.text_range().start() == token.text_range().start()
}

fn line_end(text: &str, from: usize) -> u32 {
    text[from..].find('\n').map_or(text.len(), |at| from + at) as u32
}

/// Where a comment about what begins at `at` may stand on a line of its own: the beginning of the line
/// of the innermost binding or list element around it that is the first on its line. None where there
/// is no such line, as in a file of one line.
pub fn anchor(file: FileId, text: &str, at: u32) -> Option<u32> {
    if crate::guard::refused(file, text).is_some() {
        return None;
    }
    let root = rnix::Root::parse(&line_ends::ended(text)).syntax();
    let token = root.token_at_offset(at.min(text.len() as u32).into()).right_biased()?;
    let line_start = |node: &SyntaxNode| {
        let start: u32 = node.text_range().start().into();
        let line = text[..start as usize].rfind('\n').map_or(0, |at| at + 1);
        text[line..start as usize].trim().is_empty().then_some(line as u32)
    };
    token
        .parent_ancestors()
        .filter(|node| node.first_token().is_some_and(|first| is_item(node, &first)))
        .find_map(|node| line_start(&node))
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use super::*;

    /// Each comment as its lints, its reason and the text that it is about.
    fn read(text: &str) -> Vec<(Vec<String>, Option<String>, &str)> {
        suppressions(FileId::new(0), text)
            .into_iter()
            .map(|comment| {
                for (name, span) in &comment.lints {
                    assert_eq!(&text[span.start as usize..span.end as usize], name);
                }
                let scope = &text[comment.scope.start as usize..comment.scope.end as usize];
                let names = comment.lints.into_iter().map(|(name, _)| name).collect();
                (names, comment.reason, scope)
            })
            .collect()
    }

    fn one(text: &str) -> (Vec<String>, Option<String>, &str) {
        let mut all = read(text);
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }

    #[test]
    fn at_the_end_of_a_line() {
        let text = "{\n  a = 1; # nixpact: allow(x-y, z) -- they share it\n  b = 2;\n}";
        let (lints, reason, scope) = one(text);
        assert_eq!(lints, ["x-y", "z"]);
        assert_eq!(reason.as_deref(), Some("they share it"));
        assert!(scope.starts_with("  a = 1; #") && scope.ends_with("it"));
    }

    #[test]
    fn before_a_binding() {
        let (.., scope) =
            one("{\n  # nixpact: allow(x) -- r\n  # more\n  a.b = {\n    c = 1;\n  };\n}");
        assert_eq!(scope, "a.b = {\n    c = 1;\n  };");
        let (.., scope) = one("[\n  /* nixpact: allow(x) -- r */\n  (f 1)\n  2\n]");
        assert_eq!(scope, "(f 1)");
        let (.., scope) = one("# nixpact: allow(x) -- r\n{ a, ... }:\n{ }");
        assert_eq!(scope, "{ a, ... }:");
    }

    #[test]
    fn about_a_file() {
        let text = "{ a = 1; }\n# nixpact: allow-file(x) -- generated\n";
        assert_eq!(one(text).2, text);
    }

    #[test]
    fn what_is_not_understood() {
        for text in ["allow x", "allow()", "allow(x) reason", "deny(x) -- r", "allow(x, ) -- r"] {
            let text = format!("{{ }} # nixpact: {text}");
            let comments = suppressions(FileId::new(0), &text);
            assert!(comments[0].is_malformed, "{text}");
        }
        assert_eq!(one("{ } # nixpact: allow(x)").1, None);
        assert_eq!(one("{ } # nixpact: allow(x) --").1, None);
        assert!(read("{ a = \"# nixpact: allow(x) -- r\"; } # about nixpact").is_empty());
    }

    #[test]
    fn a_comment_finds_a_line_of_its_own() {
        let text = "{\n  a = ''\n    x ${toString 1}\n  '';\n  b = [\n    1\n  ];\n}";
        let line = |part: &str| {
            let at = anchor(FileId::new(0), text, text.find(part).unwrap() as u32)?;
            text[at as usize..].lines().next()
        };
        assert_eq!(line("x $"), Some("  a = ''"));
        assert_eq!(line("1\n"), Some("    1"));
        assert_eq!(line("b ="), Some("  b = ["));
        assert_eq!(anchor(FileId::new(0), "{ a = 1; }", 6), None);
    }
}
