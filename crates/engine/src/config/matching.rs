//! Globs over paths that are relative to the root, with `/`.

use globset::{Glob, GlobBuilder, GlobMatcher};

/// A glob in which `*` stays within a directory.
pub(super) fn compile(glob: &str) -> Result<Glob, String> {
    let compiled = GlobBuilder::new(glob).literal_separator(true).build();
    compiled.map_err(|error| format!("invalid glob: {}", error.kind()))
}

pub(super) fn matcher(glob: &str) -> Result<GlobMatcher, String> {
    compile(glob).map(|glob| glob.compile_matcher())
}
