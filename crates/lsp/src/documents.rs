//! The texts that the client holds.

use std::collections::BTreeMap;

use gen_lsp_types::{TextDocumentContentChangeEvent, Uri};
use nixpact_source::SourceFile;

use crate::convert::{self, Encoding};

/// The documents that are open, by their URIs.
pub(crate) type Documents = BTreeMap<Uri, Document>;

/// An open document.
#[derive(Debug)]
pub(crate) struct Document {
    pub version: i32,
    /// Its path is empty.
    text: SourceFile,
    /// The position of its workspace, and its path relative to the root of that.
    pub place: Option<(usize, String)>,
}

impl Document {
    pub fn new(version: i32, text: String, place: Option<(usize, String)>) -> Document {
        Document { version, text: SourceFile::new(String::new(), text), place }
    }

    pub fn text(&self) -> &str {
        &self.text.text
    }

    /// Applies changes one after the other. A range that is not there is the nearest that is.
    pub fn change(
        &mut self,
        encoding: Encoding,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
    ) {
        self.version = version;
        for change in changes {
            let text = match change {
                TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
                    let start = convert::offset(encoding, &self.text, part.range.start) as usize;
                    let end = convert::offset(encoding, &self.text, part.range.end) as usize;
                    let (start, end) = (start.min(end), start.max(end));
                    let old = self.text();
                    let (before, after) =
                        (old.get(..start).unwrap_or_default(), old.get(end..).unwrap_or_default());
                    [before, &part.text, after].concat()
                }
                TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => {
                    whole.text
                }
            };
            self.text = SourceFile::new(String::new(), text);
        }
    }
}

#[cfg(test)]
mod tests {
    use gen_lsp_types::{Position, Range, TextDocumentContentChangePartial};
    use proptest::prelude::*;

    use super::*;
    use crate::convert::tests::{positions, texts};

    fn part(from: (u32, u32), to: (u32, u32), text: &str) -> TextDocumentContentChangeEvent {
        let position = |(line, character)| Position { line, character };
        let range = Range { start: position(from), end: position(to) };
        let text = text.to_owned();
        TextDocumentContentChangePartial { range, text, ..Default::default() }.into()
    }

    #[test]
    fn changes_apply_one_after_the_other() {
        let mut document = Document::new(1, "ü = 1;\nb = 2;\n".to_owned(), None);
        let changes = vec![part((0, 4), (0, 5), "10\n"), part((2, 0), (2, 1), "c")];
        document.change(Encoding::Utf16, 2, changes);
        assert_eq!((document.text(), document.version), ("ü = 10\n;\nc = 2;\n", 2));
        document.change(Encoding::Utf8, 3, vec![part((0, 2), (0, 2), "x")]);
        assert_eq!(document.text(), "üx = 10\n;\nc = 2;\n");
    }

    #[test]
    fn ranges_that_are_not_there() {
        let mut document = Document::new(1, "a".to_owned(), None);
        document.change(Encoding::Utf16, 2, vec![part((7, 7), (0, 0), "b")]);
        assert_eq!(document.text(), "b");
        document.change(Encoding::Utf16, 2, vec![part((u32::MAX, 0), (u32::MAX, 9), "c")]);
        assert_eq!(document.text(), "bc");
    }

    proptest! {
        /// Each position is that of the text as the changes before have left it.
        #[test]
        fn changes_are_those_of_the_text(
            text in texts(),
            changes in prop::collection::vec((texts(), any::<u16>(), any::<u16>()), 1..6),
        ) {
            for encoding in [Encoding::Utf8, Encoding::Utf16] {
                let mut document = Document::new(1, text.clone(), None);
                let mut expected = text.clone();
                let mut sent = Vec::new();
                for (new, from, to) in &changes {
                    let all = positions(encoding, &expected);
                    let (first, second) = (usize::from(*from) % all.len(), usize::from(*to) % all.len());
                    let (start, end) = (all[first.min(second)], all[first.max(second)]);
                    let (from, to) = (start.0, end.0);
                    sent.push(part((from.line, from.character), (to.line, to.character), new));
                    expected.replace_range(start.1..end.1, new);
                }
                document.change(encoding, 2, sent);
                prop_assert_eq!(document.text(), &expected);
            }
        }
    }
}
