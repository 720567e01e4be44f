use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use codespan_reporting::files::{Error, Files, line_starts};
use nixpact_source::{FileId, SourceFile, Sources};

use crate::visible::{one_line, visible};

/// The files of a repository as codespan-reporting wants to see them. Each is prepared when the first
/// label points into it.
pub(crate) struct ShownFiles<'a> {
    sources: &'a Sources,
    prepared: Vec<OnceCell<ShownFile<'a>>>,
}

/// One file, with all offsets in bytes as in the [`SourceFile`] it shows.
pub(crate) struct ShownFile<'a> {
    name: Cow<'a, str>,
    /// Borrowed, unless a character had to be replaced by [`visible`].
    text: Cow<'a, str>,
    /// Where each line begins; the first is 0.
    starts: Vec<usize>,
}

impl<'a> ShownFiles<'a> {
    pub fn new(sources: &'a Sources) -> ShownFiles<'a> {
        let prepared = sources.files().iter().map(|_| OnceCell::new()).collect();
        ShownFiles { sources, prepared }
    }

    pub fn get(&self, id: FileId) -> Result<&ShownFile<'a>, Error> {
        let at = id.index();
        let file = self.sources.files().get(at).ok_or(Error::FileMissing)?;
        let cell = self.prepared.get(at).ok_or(Error::FileMissing)?;
        Ok(cell.get_or_init(|| ShownFile::new(file)))
    }
}

impl<'a> ShownFile<'a> {
    fn new(file: &'a SourceFile) -> ShownFile<'a> {
        ShownFile {
            name: one_line(&file.path),
            text: visible(&file.text),
            starts: line_starts(&file.text).collect(),
        }
    }

    /// The 0-based number of the line that holds byte `offset`; the last line for one past the end.
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// The bytes of the line with this 0-based number, with its line feed.
    pub fn line_range(&self, line: usize) -> Option<Range<usize>> {
        let start = *self.starts.get(line)?;
        Some(start..self.starts.get(line + 1).copied().unwrap_or(self.text.len()))
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn text(&self) -> &str {
        &self.text
    }
}

impl<'b> Files<'b> for ShownFiles<'_> {
    type FileId = FileId;
    type Name = &'b str;
    type Source = &'b str;

    fn name(&'b self, id: FileId) -> Result<&'b str, Error> {
        Ok(self.get(id)?.name())
    }

    fn source(&'b self, id: FileId) -> Result<&'b str, Error> {
        Ok(self.get(id)?.text())
    }

    fn line_index(&'b self, id: FileId, offset: usize) -> Result<usize, Error> {
        Ok(self.get(id)?.line(offset))
    }

    fn line_range(&'b self, id: FileId, line: usize) -> Result<Range<usize>, Error> {
        let file = self.get(id)?;
        let too_large = Error::LineTooLarge { given: line, max: file.starts.len() - 1 };
        file.line_range(line).ok_or(too_large)
    }
}
