//! From fixes to new texts, and from new texts to files.
//!
//! Architecture Invariant: this crate knows bytes and files, and neither Nix nor the lints. Whether a
//! new text is one that Nix would read, the caller says.
//!
//! Architecture Invariant: a file is replaced as a whole or not at all, whenever the program ends.

mod create;
mod round;
mod write;

pub use create::create;
pub use round::{Round, round};
pub use write::{Change, WriteError, write};
