//! Comments that suppress findings.

use nixpact_diagnostics::{Diagnostic, Suppression};
use nixpact_lints::{Allowed, Comment};
use nixpact_source::{FileId, Sources, Span};
use nixpact_syntax::SuppressionComment;
use rayon::prelude::*;

/// The comments of all files, by file and place.
pub(crate) fn comments(sources: &Sources) -> Vec<SuppressionComment> {
    let read = |(at, file): (usize, &std::sync::Arc<nixpact_source::SourceFile>)| {
        comments_of(FileId::new(at as u32), &file.text)
    };
    sources.files().par_iter().enumerate().flat_map_iter(read).collect()
}

/// The comments of one file, in their order.
pub(crate) fn comments_of(file: FileId, text: &str) -> Vec<SuppressionComment> {
    nixpact_syntax::suppressions(file, text)
}

/// Marks the findings that a comment with a reason is about. Gives what each comment did; a lint for
/// which `may_be_used` holds counts as used, whatever was found.
pub(crate) fn apply(
    sources: &Sources,
    comments: Vec<SuppressionComment>,
    findings: &mut [Diagnostic],
    may_be_used: impl Fn(&str, Span) -> bool,
) -> Vec<Comment> {
    let decide = |comment: SuppressionComment| {
        let is_meant = |finding: &Diagnostic| {
            finding.primary.as_ref().is_some_and(|label| {
                label.span.file == comment.scope.file
                    && (comment.scope.start..comment.scope.end).contains(&label.span.start)
            })
        };
        let mut allowed: Vec<Allowed> = comment
            .lints
            .into_iter()
            .map(|(name, span)| Allowed { is_used: may_be_used(&name, span), name, span })
            .collect();
        if let Some(reason) = &comment.reason {
            for finding in findings.iter_mut().filter(|finding| is_meant(finding)) {
                let named = allowed.iter_mut().find(|allowed| allowed.name == finding.lint);
                if let Some(named) = named {
                    named.is_used = true;
                    let (span, reason) = (comment.span, reason.clone());
                    finding.suppression = Some(Suppression::Comment { span, reason });
                }
            }
        }
        Comment {
            removal: removal(&sources.file(comment.span.file).text, comment.span),
            span: comment.span,
            allowed,
            reason: comment.reason,
            is_malformed: comment.is_malformed,
        }
    };
    comments.into_iter().map(decide).collect()
}

/// The comment with the space before it, or with its whole line where nothing else stands there.
fn removal(text: &str, comment: Span) -> Span {
    let (start, end) = (comment.start as usize, comment.end as usize);
    let before = text[..start].trim_end_matches([' ', '\t']);
    let after = &text[end..];
    let rest_of_line = after.trim_start_matches([' ', '\t', '\r']);
    let is_alone = before.is_empty() || before.ends_with('\n');
    let (start, end) = match (is_alone, rest_of_line.strip_prefix('\n')) {
        (true, Some(next)) => (before.len(), text.len() - next.len()),
        (false, Some(_)) => (before.len(), end),
        _ => (start, end),
    };
    Span::new(comment.file, start as u32, end as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(text: &str) -> String {
        let start = text.find('#').unwrap() as u32;
        let end = start + "# x".len() as u32;
        let span = removal(text, Span::new(FileId::new(0), start, end));
        format!("{}{}", &text[..span.start as usize], &text[span.end as usize..])
    }

    #[test]
    fn a_comment_leaves_no_trace() {
        assert_eq!(without("a\n  # x\nb"), "a\nb");
        assert_eq!(without("a = 1; # x\nb"), "a = 1;\nb");
        assert_eq!(without("# x\nb"), "b");
        assert_eq!(without("a\n# x"), "a\n");
        assert_eq!(without("a # x\r\nb"), "a\r\nb");
    }
}
