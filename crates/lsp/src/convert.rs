//! Between nixpact's places and those of the protocol. Nothing else converts one to the other.

use std::path::{Path, PathBuf};

use gen_lsp_types::{Position, PositionEncodingKind, Range, Uri};
use nixpact_source::SourceFile;

/// What a column counts, as agreed with the client.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) enum Encoding {
    Utf8,
    #[default]
    Utf16,
}

impl Encoding {
    /// The one that costs nothing, when the client knows it; else the one that every client knows.
    pub fn negotiate(offered: Option<&[PositionEncodingKind]>) -> Encoding {
        match offered.is_some_and(|offered| offered.contains(&PositionEncodingKind::UTF8)) {
            true => Encoding::Utf8,
            false => Encoding::Utf16,
        }
    }

    pub fn kind(self) -> PositionEncodingKind {
        match self {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    /// How much of a column a text takes.
    fn width(self, text: &str) -> usize {
        match self {
            Encoding::Utf8 => text.len(),
            Encoding::Utf16 => text.chars().map(char::len_utf16).sum(),
        }
    }

    /// The bytes of `line` before a column; one inside of a character gives its beginning, one past the
    /// end the end.
    fn bytes(self, line: &str, column: u32) -> usize {
        let column = column as usize;
        if self == Encoding::Utf8 {
            let at = column.min(line.len());
            return (0..=at).rev().find(|at| line.is_char_boundary(*at)).unwrap_or(0);
        }
        let mut before = 0;
        for (at, character) in line.char_indices() {
            before += character.len_utf16();
            if before > column {
                return at;
            }
        }
        line.len()
    }
}

/// The position of byte `at` of a file; past the end, that of the end.
pub(crate) fn position(encoding: Encoding, file: &SourceFile, at: u32) -> Position {
    let at = (at as usize).min(file.text.len());
    let at = (0..=at).rev().find(|at| file.text.is_char_boundary(*at)).unwrap_or(0);
    let line = file.editor_line_of(at as u32);
    let start = file.editor_line(line).map_or(0, |line| line.start);
    let column = encoding.width(file.text.get(start..at).unwrap_or_default());
    Position { line: line.saturating_sub(1), character: column as u32 }
}

pub(crate) fn range(encoding: Encoding, file: &SourceFile, (start, end): (u32, u32)) -> Range {
    Range { start: position(encoding, file, start), end: position(encoding, file, end) }
}

/// The byte at a position; past the end of a line its end, past the last line that of the file.
///
/// `\n`, `\r\n` and `\r` end a line in the protocol.
pub(crate) fn offset(encoding: Encoding, file: &SourceFile, position: Position) -> u32 {
    let Some(line) = file.editor_line(position.line.saturating_add(1)) else {
        return file.text.len() as u32;
    };
    let text = file.text.get(line.clone()).unwrap_or_default().trim_end_matches(['\r', '\n']);
    (line.start + encoding.bytes(text, position.character)) as u32
}

/// The file that a URI names; `None` for one that is not on the disk.
pub(crate) fn path(uri: &Uri) -> Option<PathBuf> {
    (uri.scheme() == "file").then(|| uri.to_file_path().ok())?
}

/// The URI of an absolute path.
pub(crate) fn uri(path: &Path) -> Option<Uri> {
    Uri::from_file_path(path).ok()
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "a\nü🎬x\r\ny";

    fn at(encoding: Encoding, line: u32, character: u32) -> &'static str {
        let file = SourceFile::new(String::new(), TEXT.to_owned());
        &TEXT[offset(encoding, &file, Position { line, character }) as usize..]
    }

    #[test]
    fn columns_count_what_was_agreed() {
        assert_eq!(at(Encoding::Utf16, 1, 1), "🎬x\r\ny");
        assert_eq!(at(Encoding::Utf16, 1, 2), "🎬x\r\ny");
        assert_eq!(at(Encoding::Utf16, 1, 3), "x\r\ny");
        assert_eq!(at(Encoding::Utf8, 1, 2), "🎬x\r\ny");
        assert_eq!(at(Encoding::Utf8, 1, 3), "🎬x\r\ny");
        assert_eq!(at(Encoding::Utf8, 1, 6), "x\r\ny");
    }

    #[test]
    fn positions_that_are_not_there() {
        for encoding in [Encoding::Utf8, Encoding::Utf16] {
            assert_eq!(at(encoding, 1, 99), "\r\ny");
            assert_eq!(at(encoding, 0, u32::MAX), "\nü🎬x\r\ny");
            assert_eq!(at(encoding, 9, 0), "");
            assert_eq!(at(encoding, u32::MAX, u32::MAX), "");
        }
    }

    #[test]
    fn a_position_comes_back() {
        let file = SourceFile::new(String::new(), TEXT.to_owned());
        for encoding in [Encoding::Utf8, Encoding::Utf16] {
            for (at, _) in TEXT.char_indices().filter(|(_, c)| *c != '\n') {
                let there = position(encoding, &file, at as u32);
                assert_eq!(offset(encoding, &file, there), at as u32, "{encoding:?} {at}");
            }
            assert_eq!(position(encoding, &file, 99), Position { line: 2, character: 1 });
        }
    }

    #[test]
    fn a_carriage_return_alone_ends_a_line() {
        let file = SourceFile::new(String::new(), "a\rü\r\n\rb".to_owned());
        let lines = [0, 1, 2, 4, 6, 7, 8].map(|at| position(Encoding::Utf8, &file, at));
        let lines = lines.map(|it| (it.line, it.character));
        assert_eq!(lines, [(0, 0), (0, 1), (1, 0), (1, 2), (2, 0), (3, 0), (3, 1)]);
    }

    /// The lines of a text as the protocol has them, without their ends, with the byte at which each
    /// begins.
    pub(crate) fn lines(text: &str) -> Vec<(usize, String)> {
        let mut lines = vec![(0, String::new())];
        let mut characters = text.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            let mut next = at + character.len_utf8();
            match character {
                '\r' if characters.peek().is_some_and(|(_, next)| *next == '\n') => {
                    characters.next();
                    next += 1;
                    lines.push((next, String::new()));
                }
                '\r' | '\n' => lines.push((next, String::new())),
                _ => lines.last_mut().unwrap().1.push(character),
            }
        }
        lines
    }

    /// Every position of a text with the byte at which it is.
    pub(crate) fn positions(encoding: Encoding, text: &str) -> Vec<(Position, usize)> {
        let mut all = Vec::new();
        for (line, (start, content)) in (0..).zip(lines(text)) {
            let mut column = 0;
            for (at, character) in content.char_indices() {
                all.push((Position { line, character: column }, start + at));
                column += encoding.width(&character.to_string()) as u32;
            }
            all.push((Position { line, character: column }, start + content.len()));
        }
        all
    }

    /// Texts of line ends of all kinds and characters of all widths.
    pub(crate) fn texts() -> impl Strategy<Value = String> {
        let piece =
            prop::sample::select(vec!["\r", "\n", "\r\n", "a", "ü", "→", "🎬", "\t", "# c"]);
        prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn every_position_is_one_byte_and_back(text in texts()) {
            let file = SourceFile::new(String::new(), text.clone());
            for encoding in [Encoding::Utf8, Encoding::Utf16] {
                for (there, at) in positions(encoding, &text) {
                    prop_assert_eq!(offset(encoding, &file, there), at as u32);
                    prop_assert_eq!(position(encoding, &file, at as u32), there);
                }
            }
        }
    }
}
