use nixpact_diagnostics::Diagnostic;
use nixpact_source::{FileId, LineColumn, SourceFile, Sources, Span};

/// A span that is known to lie in its file, on character boundaries.
pub(crate) struct Place<'a> {
    pub id: FileId,
    pub file: &'a SourceFile,
    /// Byte offsets, 0-based, half-open.
    pub start: u32,
    pub end: u32,
}

impl<'a> Place<'a> {
    /// Finds `span` in `sources`.
    ///
    /// A span that does not fit its text is a defect of the lint that made it: it stops a debug
    /// build. A release build moves it to the nearest text, or gives `None` when there is no such
    /// file, so that the finding itself is not lost.
    pub fn of(sources: &'a Sources, span: Span) -> Option<Place<'a>> {
        debug_assert!(fits(sources, span), "{span:?} is not a range of its file");
        let file = sources.files().get(span.file.index())?;
        let (start, end) = clamp(&file.text, span.start, span.end);
        Some(Place { id: span.file, file, start, end })
    }

    /// The offending text of `diagnostic`; `None` where the repository as a whole is meant.
    pub fn primary(sources: &'a Sources, diagnostic: &Diagnostic) -> Option<Place<'a>> {
        Place::of(sources, diagnostic.primary.as_ref()?.span)
    }

    pub fn start(&self) -> LineColumn {
        self.file.line_column(self.start)
    }

    pub fn end(&self) -> LineColumn {
        self.file.line_column(self.end)
    }
}

/// The file at whose first line stands what concerns the repository as a whole, in formats that need a
/// place: relative to the root, with `/`. It may be absent where the repository has no files.
pub(crate) fn whole_repository(sources: &Sources) -> &str {
    let first = sources.files().first().map_or(FLAKE, |file| &file.path);
    if sources.id(FLAKE).is_some() { FLAKE } else { first }
}

const FLAKE: &str = "flake.nix";

/// Whether `span` is a range of an existing file's text, on character boundaries.
pub(crate) fn fits(sources: &Sources, span: Span) -> bool {
    sources.files().get(span.file.index()).is_some_and(|file| file.text.get(span.range()).is_some())
}

fn clamp(text: &str, start: u32, end: u32) -> (u32, u32) {
    let start = floor_char_boundary(text, start);
    (start, floor_char_boundary(text, end).max(start))
}

/// `str::floor_char_boundary` is newer than the oldest Rust that nixpact builds with.
fn floor_char_boundary(text: &str, offset: u32) -> u32 {
    let mut offset = (offset as usize).min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset as u32
}

#[cfg(test)]
mod tests {
    use super::clamp;

    #[test]
    fn a_range_is_moved_into_the_text() {
        assert_eq!(clamp("aüb", 1, 3), (1, 3));
        assert_eq!(clamp("aüb", 2, 99), (1, 4));
        assert_eq!(clamp("aüb", 3, 1), (3, 3));
        assert_eq!(clamp("", 7, 9), (0, 0));
    }
}
