use std::num::NonZeroU32;

/// A file of a [`Sources`](crate::Sources): its position in the list sorted by path.
///
/// One more than the position, so that an absent file or [`Span`] takes no more room than one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(NonZeroU32);

/// The first position that no repository reaches.
const OUTSIDE: u32 = 1 << 31;

impl FileId {
    /// A text that is no file of the repository, and whose places are never shown; `number` is below 2³¹.
    pub const fn outside(number: u32) -> FileId {
        FileId::new(OUTSIDE | number)
    }

    /// The number of a text that is no file of the repository.
    pub const fn number_outside(self) -> Option<u32> {
        match self.is_outside() {
            true => Some(self.index() as u32 & !OUTSIDE),
            false => None,
        }
    }

    pub const fn is_outside(self) -> bool {
        self.index() >= OUTSIDE as usize
    }

    /// The file at a position (0-based); the last two positions are one.
    pub const fn new(position: u32) -> FileId {
        FileId(NonZeroU32::MIN.saturating_add(position))
    }

    /// The position (0-based).
    pub const fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

impl std::fmt::Debug for FileId {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "FileId({})", self.index())
    }
}

/// A half-open byte range `start..end` (0-based) in one file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Span {
    pub file: FileId,
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(file: FileId, start: u32, end: u32) -> Span {
        debug_assert!(start <= end, "a span must not be inverted");
        Span { file, start, end }
    }

    /// Whether another span is part of this one.
    pub fn holds(self, other: Span) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }

    /// The byte range, for slicing the file's text.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}
