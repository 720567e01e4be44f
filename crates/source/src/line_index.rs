use std::ops::Range;

/// A place as people count: both start at 1, and a column counts Unicode scalar values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LineColumn {
    pub line: u32,
    pub column: u32,
}

/// Where each line of a text begins.
#[derive(Debug)]
pub struct LineIndex {
    /// Byte offsets, 0-based, ascending; the first is 0.
    starts: Vec<u32>,
}

impl LineIndex {
    pub fn new(text: &str) -> LineIndex {
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(newlines.map(|(at, _)| at as u32 + 1)).collect();
        LineIndex { starts }
    }

    /// The lines of a text in which carriage returns stand that no line feed follows, each of which ends a
    /// line as the Language Server Protocol has it; `None` where there are none of them.
    pub fn with_returns(text: &str) -> Option<LineIndex> {
        let bytes = text.as_bytes();
        let is_alone = |at: usize| bytes.get(at + 1) != Some(&b'\n');
        if !text.match_indices('\r').any(|(at, _)| is_alone(at)) {
            return None;
        }
        let ends = bytes.iter().enumerate().filter(|(at, byte)| match byte {
            b'\n' => true,
            b'\r' => is_alone(*at),
            _ => false,
        });
        let starts = std::iter::once(0).chain(ends.map(|(at, _)| at as u32 + 1)).collect();
        Some(LineIndex { starts })
    }

    /// The bytes of a line (from 1) of `text`, with its line feed; `None` for one that is not there.
    pub fn line(&self, text: &str, line: u32) -> Option<Range<usize>> {
        let at = (line as usize).checked_sub(1)?;
        let start = *self.starts.get(at)? as usize;
        let end = self.starts.get(at + 1).map_or(text.len(), |end| *end as usize);
        Some(start..end)
    }

    /// The line and column of byte `offset` of `text`, the text that this index was made from.
    ///
    /// An offset past the end gives the end; one inside a character gives that character.
    pub fn line_column(&self, text: &str, offset: u32) -> LineColumn {
        let offset = offset.min(text.len() as u32);
        let line = self.line_of(offset);
        let start = self.starts[line as usize - 1] as usize;
        let before = &text.as_bytes()[start..offset as usize];
        // Continuation bytes of UTF-8 do not begin a character.
        let characters = before.iter().filter(|byte| (**byte & 0xC0) != 0x80).count();
        LineColumn { line, column: characters as u32 + 1 }
    }

    /// The line (from 1) of byte `offset`; the last one for an offset past the end. Unlike
    /// [`line_column`](LineIndex::line_column) it takes no longer in a longer line.
    pub fn line_of(&self, offset: u32) -> u32 {
        self.starts.partition_point(|start| *start <= offset) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_not_bytes() {
        let text = "a\nüx\n";
        let index = LineIndex::new(text);
        assert_eq!(index.line_column(text, 0), LineColumn { line: 1, column: 1 });
        assert_eq!(index.line_column(text, 4), LineColumn { line: 2, column: 2 });
        assert_eq!(index.line_column(text, 99), LineColumn { line: 3, column: 1 });
    }

    #[test]
    fn a_carriage_return_ends_a_line_where_it_is_asked_for() {
        assert!(LineIndex::with_returns("a\r\nb\n").is_none());
        let text = "a\rb\r\nc\r\r";
        let index = LineIndex::with_returns(text).unwrap();
        let lines: Vec<_> = (1..7).map(|line| index.line(text, line)).collect();
        assert_eq!(lines, [Some(0..2), Some(2..5), Some(5..7), Some(7..8), Some(8..8), None]);
        assert_eq!(LineIndex::new(text).line(text, 1), Some(0..5));
    }

    #[test]
    fn lines_have_their_line_feed() {
        let text = "a\nüx\n";
        let index = LineIndex::new(text);
        let lines: Vec<_> = (0..5).map(|line| index.line(text, line)).collect();
        assert_eq!(lines, [None, Some(0..2), Some(2..6), Some(6..6), None]);
    }
}
