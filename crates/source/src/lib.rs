//! The files of a repository, and places in them.
//!
//! Architecture Invariant: this crate knows bytes, lines and columns and nothing of Nix. Everything
//! above it names a place with a [`Span`]; only renderers turn one into lines and columns.

mod encrypted;
mod handle;
mod line_index;
mod load;
mod mentioned;
mod others;
mod path;
mod span;
mod submodules;
mod tree;
mod walk;

pub use line_index::{LineColumn, LineIndex};
pub use load::{Directory, EntryKind, LoadError, Overlay, SourceFile, Sources};
pub use others::is_word;
pub use path::normalize;
pub use span::{FileId, Span};
pub use tree::Tree;
