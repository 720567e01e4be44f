use std::collections::BTreeSet;
use std::ops::Range;

use codespan_reporting::files::{Error, Files};
use nixpact_source::{FileId, SourceFile};

use crate::cut::cut;
use crate::visible::visible;

/// The lines that one finding shows, as codespan-reporting wants to see them: of each file only these,
/// and of a line that is too long for the screen only what the finding is about.
pub(crate) struct Excerpts<'a>(Vec<Excerpt<'a>>);

/// The lines of one file.
pub(crate) struct Excerpt<'a> {
    id: FileId,
    file: &'a SourceFile,
    name: String,
    /// The lines, one after the other.
    text: String,
    /// Ascending.
    lines: Vec<Line>,
}

struct Line {
    /// From 1.
    number: u32,
    /// Where it begins in the text of the excerpt, in bytes.
    at: usize,
    /// Never empty.
    parts: Vec<Part>,
}

/// A part of a line that is shown as it is.
struct Part {
    /// Where it begins in the file.
    from: usize,
    /// Where it begins in the text of the excerpt.
    at: usize,
    /// The same in both.
    len: usize,
}

/// Stands for what is left out of a line.
const LEFT_OUT: &str = "…";

impl<'a> Excerpts<'a> {
    pub fn new() -> Excerpts<'a> {
        Excerpts(Vec::new())
    }

    /// Adds what is shown of a file for `ranges` of its bytes, lines of at most `columns` where that is
    /// enough for them.
    pub fn add(
        &mut self,
        id: FileId,
        file: &'a SourceFile,
        name: String,
        ranges: &[Range<usize>],
        columns: usize,
    ) {
        let mut points: Vec<usize> =
            ranges.iter().flat_map(|range| [range.start, range.end]).collect();
        points.sort_unstable();
        let mut excerpt = Excerpt { id, file, name, text: String::new(), lines: Vec::new() };
        for line in lines(file, ranges) {
            excerpt.push(line, &points, columns);
        }
        self.0.push(excerpt);
    }

    /// The number by which codespan-reporting knows a file, and a range of its bytes there.
    pub fn shown(&self, id: FileId, range: &Range<usize>) -> Option<(usize, Range<usize>)> {
        let at = self.0.iter().position(|excerpt| excerpt.id == id)?;
        let excerpt = self.0.get(at)?;
        Some((at, excerpt.shown(range.start)?..excerpt.shown(range.end)?))
    }

    fn get(&self, at: usize) -> Result<&Excerpt<'a>, Error> {
        self.0.get(at).ok_or(Error::FileMissing)
    }
}

/// The lines that codespan-reporting shows of labels at `ranges`: where they begin and end, the context
/// there, and one line between two that are shown.
fn lines(file: &SourceFile, ranges: &[Range<usize>]) -> BTreeSet<u32> {
    let line = |offset: usize| file.line_of(offset as u32);
    let near = ranges.iter().flat_map(|range| {
        let (first, last) = (line(range.start), line(range.end));
        (first..=first.saturating_add(4)).chain(last.saturating_sub(2)..=last.saturating_add(1))
    });
    near.collect()
}

impl Excerpt<'_> {
    /// Appends a line, if it is there.
    fn push(&mut self, number: u32, points: &[usize], columns: usize) {
        let Some(range) = self.file.line(number) else { return };
        let text = self.file.text[range.clone()].trim_end_matches(['\n', '\r']);
        let inside = points.iter().filter(|point| range.contains(point) || **point == range.end);
        let inside: Vec<usize> =
            inside.map(|point| (point - range.start).min(text.len())).collect();
        let at = self.text.len();
        let mut parts = Vec::new();
        let mut end = 0;
        for part in cut(text, &inside, columns) {
            if part.start > end {
                self.text += LEFT_OUT;
            }
            end = part.end;
            let (at, from) = (self.text.len(), range.start + part.start);
            parts.push(Part { from, at, len: part.len() });
            self.text += &visible(&text[part]);
        }
        if end < text.len() {
            self.text += LEFT_OUT;
        }
        self.text.push('\n');
        self.lines.push(Line { number, at, parts });
    }

    /// Where a byte of the file is in the text of the excerpt.
    fn shown(&self, offset: usize) -> Option<usize> {
        let number = self.file.line_of(offset as u32);
        let line = self.lines.iter().find(|line| line.number == number)?;
        let part = line.parts.iter().rev().find(|part| part.from <= offset)?;
        Some(part.at + (offset - part.from).min(part.len))
    }

    /// Where a byte of the text of the excerpt is in the file.
    fn original(&self, at: usize) -> Option<usize> {
        let part = self.line_at(at)?.parts.iter().rev().find(|part| part.at <= at)?;
        Some(part.from + (at - part.at).min(part.len))
    }

    fn line_at(&self, at: usize) -> Option<&Line> {
        self.lines.iter().rev().find(|line| line.at <= at)
    }
}

impl<'b> Files<'b> for Excerpts<'_> {
    type FileId = usize;
    type Name = &'b str;
    type Source = &'b str;

    fn name(&'b self, id: usize) -> Result<&'b str, Error> {
        Ok(&self.get(id)?.name)
    }

    fn source(&'b self, id: usize) -> Result<&'b str, Error> {
        Ok(&self.get(id)?.text)
    }

    fn line_index(&'b self, id: usize, at: usize) -> Result<usize, Error> {
        let line = self.get(id)?.line_at(at).ok_or(Error::LineTooLarge { given: at, max: 0 })?;
        Ok(line.number as usize - 1)
    }

    fn column_number(&'b self, id: usize, _line: usize, at: usize) -> Result<usize, Error> {
        let excerpt = self.get(id)?;
        let offset = excerpt
            .original(at)
            .ok_or(Error::IndexTooLarge { given: at, max: excerpt.text.len() })?;
        Ok(excerpt.file.line_column(offset as u32).column as usize)
    }

    /// A line that is not in the excerpt is asked for when a label covers it, and not shown.
    fn line_range(&'b self, id: usize, line: usize) -> Result<Range<usize>, Error> {
        let excerpt = self.get(id)?;
        let Some(at) = excerpt.lines.iter().position(|it| it.number as usize == line + 1) else {
            return Ok(0..0);
        };
        let start = |at: usize| excerpt.lines.get(at).map_or(excerpt.text.len(), |line| line.at);
        Ok(start(at)..start(at + 1))
    }
}
