//! A text that does not parse, beside the last one of its file that did.
//!
//! Whoever types breaks a file with nearly every key. What is known of the repository then rests on the
//! last text that could be read, and its places are moved to where they are now.

use std::sync::Arc;

use nixpact_diagnostics::{Diagnostic, Label};
use nixpact_source::{SourceFile, Span};
use nixpact_syntax::SyntaxError;

/// A broken text, and how it came from the last whole one.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub file: Arc<SourceFile>,
    /// Why it does not parse.
    pub error: SyntaxError,
    /// In the order in which they were made.
    changes: Vec<Change>,
}

/// Bytes `start..end` of a text became `start..new_end` of the next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Change {
    start: u32,
    end: u32,
    new_end: u32,
}

/// With more changes than this a draft is compared as a whole, which loses more places.
const MAX_CHANGES: usize = 256;

impl Draft {
    /// The first broken text of a file that is `whole`.
    pub fn new(whole: &SourceFile, text: String, error: SyntaxError) -> Draft {
        let changes = vec![Change::between(&whole.text, &text)];
        Draft { file: Arc::new(SourceFile::new(whole.path.clone(), text)), error, changes }
    }

    /// The next broken text.
    pub fn edit(&mut self, whole: &SourceFile, text: String, error: SyntaxError) {
        self.error = error;
        let change = Change::between(&self.file.text, &text);
        self.file = Arc::new(SourceFile::new(whole.path.clone(), text));
        let merged = self.changes.last_mut().is_some_and(|last| last.merge(change));
        if !merged {
            self.changes.push(change);
        }
        if self.changes.len() > MAX_CHANGES {
            self.changes = vec![Change::between(&whole.text, &self.file.text)];
        }
    }

    /// Where a place of the whole text is now; `None` when it was rewritten.
    pub fn moved(&self, span: Span) -> Option<Span> {
        let mut range = (span.start, span.end);
        for change in &self.changes {
            range = change.moved(range)?;
        }
        Some(Span::new(span.file, range.0, range.1))
    }
}

impl Change {
    /// The bytes in which two texts differ, widened to whole characters.
    fn between(old: &str, new: &str) -> Change {
        let same = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
        let start = (0..=same).rev().find(|at| old.is_char_boundary(*at)).unwrap_or(0);
        let (old_rest, new_rest) = (&old.as_bytes()[start..], &new.as_bytes()[start..]);
        let tail = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b);
        let tail = tail.count();
        let is_whole = |tail: &usize| new.is_char_boundary(new.len() - tail);
        let tail = (0..=tail).rev().find(is_whole).unwrap_or(0);
        let (end, new_end) = (old.len() - tail, new.len() - tail);
        Change { start: start as u32, end: end as u32, new_end: new_end as u32 }
    }

    /// Takes the next change into this one, where it begins in or at the end of what this one wrote.
    fn merge(&mut self, next: Change) -> bool {
        let touches = (self.start..=self.new_end).contains(&next.start);
        if !touches {
            return false;
        }
        // What the next change takes beyond this one's text is more of the old text.
        let beyond = next.end.saturating_sub(self.new_end);
        let kept = self.new_end.saturating_sub(next.end);
        self.end += beyond;
        self.new_end = next.new_end + kept;
        true
    }

    fn moved(self, (start, end): (u32, u32)) -> Option<(u32, u32)> {
        let shift = |at: u32| at - self.end + self.new_end;
        if end <= self.start {
            return Some((start, end));
        }
        if start >= self.end {
            return Some((shift(start), shift(end)));
        }
        if start >= self.start && end <= self.end {
            return None;
        }
        let start = start.min(self.start);
        let end = if end >= self.end { shift(end) } else { self.start };
        (start < end).then_some((start, end))
    }
}

/// A finding with its places where they are now: `None` when the offending text was rewritten. A fix
/// whose places have changed is none any more.
pub(crate) fn moved(
    mut finding: Diagnostic,
    place: impl Fn(Span) -> Option<Span>,
) -> Option<Diagnostic> {
    let label = |label: Label| Some(Label { span: place(label.span)?, ..label });
    if let Some(primary) = finding.primary.take() {
        finding.primary = Some(label(primary)?);
    }
    finding.secondary = finding.secondary.into_iter().filter_map(label).collect();
    if let Some(mut fix) = finding.fix.take() {
        let is_whole = fix.edits.iter_mut().all(|edit| match place(edit.span) {
            Some(span) if span.range().len() == edit.span.range().len() => {
                edit.span = span;
                true
            }
            _ => false,
        });
        finding.fix = is_whole.then_some(fix);
    }
    Some(finding)
}

#[cfg(test)]
mod tests {
    use nixpact_source::FileId;

    use super::*;

    fn whole(text: &str) -> SourceFile {
        SourceFile::new("a.nix".to_owned(), text.to_owned())
    }

    fn error() -> SyntaxError {
        SyntaxError {
            message: String::new(),
            span: Span::new(FileId::new(0), 0, 0),
            is_limit: false,
        }
    }

    /// Where the text `part` of `whole` is found in the draft.
    fn found<'d>(draft: &'d Draft, whole: &SourceFile, part: &str) -> Option<&'d str> {
        let start = whole.text.find(part).unwrap() as u32;
        let span = Span::new(FileId::new(0), start, start + part.len() as u32);
        Some(&draft.file.text[draft.moved(span)?.range()])
    }

    #[test]
    fn places_outside_of_what_is_typed_stay() {
        let whole = whole("{ a = 1; b = 2; c = 3; }");
        let mut draft = Draft::new(&whole, "{ a = 1; b = ; c = 3; }".to_owned(), error());
        for text in ["{ a = 1; b = x; c = 3; }", "{ a = 1; b = xy; c = 3; }"] {
            draft.edit(&whole, text.to_owned(), error());
        }
        assert_eq!(draft.changes.len(), 1);
        draft.edit(&whole, "{ = 1; b = xy; c = 3; }".to_owned(), error());
        assert_eq!(found(&draft, &whole, "c = 3"), Some("c = 3"));
        assert_eq!(found(&draft, &whole, "b"), Some("b"));
        assert_eq!(found(&draft, &whole, "2"), None);
        assert_eq!(found(&draft, &whole, "b = 2;"), Some("b = xy;"));
        assert_eq!(found(&draft, &whole, "a "), None);
    }

    #[test]
    fn characters_stay_whole() {
        let whole = whole("{ a = \"ü\"; b = 1; }");
        let draft = Draft::new(&whole, "{ a = \"ö; b = 1; }".to_owned(), error());
        assert_eq!(found(&draft, &whole, "b = 1"), Some("b = 1"));
        assert_eq!(found(&draft, &whole, "a"), Some("a"));
    }

    #[test]
    fn an_insertion_moves_what_follows() {
        let whole = whole("{ a = 1; b = 2; }");
        let draft = Draft::new(&whole, "{ a = 1; x b = 2; }".to_owned(), error());
        assert_eq!(found(&draft, &whole, "b = 2"), Some("b = 2"));
        assert_eq!(found(&draft, &whole, "a = 1; b"), Some("a = 1; x b"));
    }
}
