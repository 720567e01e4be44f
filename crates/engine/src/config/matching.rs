//! Globs over paths that are relative to the root, with `/`.

use globset::{Glob, GlobBuilder, GlobMatcher};

/// A glob in which `*` stays within a directory.
pub(super) fn compile(glob: &str) -> Result<Glob, String> {
    let compiled = GlobBuilder::new(glob).literal_separator(true).build();
    compiled.map_err(|error| format!("invalid glob: {}", error.kind()))
}

/// What a glob says, the usual ones without the regular expression that globset makes of each: to compile
/// one takes longer than to parse a few files.
#[derive(Debug)]
pub(super) enum Matcher<'g> {
    /// A path.
    Path(&'g str),
    /// `directory/**/name`
    Below {
        directory: &'g str,
        name: &'g str,
    },
    Glob(GlobMatcher),
}

impl<'g> Matcher<'g> {
    pub fn new(glob: &'g str) -> Result<Matcher<'g>, String> {
        let is_plain = |part: &str| !part.contains(['*', '?', '[', ']', '{', '}', '\\']);
        if is_plain(glob) {
            return Ok(Matcher::Path(glob));
        }
        match glob.split_once("/**/") {
            Some((directory, name)) if is_plain(directory) && is_plain(name) => {
                Ok(Matcher::Below { directory, name })
            }
            _ => Ok(Matcher::Glob(compile(glob)?.compile_matcher())),
        }
    }

    pub fn is_match(&self, path: &str) -> bool {
        match self {
            Matcher::Path(known) => path == *known,
            Matcher::Below { directory, name } => {
                let inner = path.strip_prefix(directory).and_then(|inner| inner.strip_prefix('/'));
                let before = inner.and_then(|inner| inner.strip_suffix(name));
                before.is_some_and(|before| before.is_empty() || before.ends_with('/'))
            }
            Matcher::Glob(glob) => glob.is_match(path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Matcher, compile};

    #[test]
    fn usual_globs_are_what_globset_takes_them_for() {
        let paths = [
            "", "a", "b", "a/b", "a/x/b", "a/x/y/b", "a/xb", "ax/b", "c/a/b", "a/b/c", "a/", "/b",
            "a//b", "a/x", "a/x/", "x/y/a/b",
        ];
        for glob in
            ["a/**/b", "a/**/x/b", "x/y/**/b", "/**/b", "a/**/", "a/b", "a", "", "a/*/b", "**/b"]
        {
            let (own, real) =
                (Matcher::new(glob).unwrap(), compile(glob).unwrap().compile_matcher());
            for path in paths {
                assert_eq!(own.is_match(path), real.is_match(path), "{glob} and {path}");
            }
        }
        assert!(matches!(Matcher::new("a/**/b"), Ok(Matcher::Below { .. })));
        assert!(matches!(Matcher::new("a/*/b"), Ok(Matcher::Glob(_))));
    }

    #[test]
    fn what_is_no_glob_is_refused() {
        assert_eq!(
            Matcher::new("a/[b").unwrap_err(),
            "invalid glob: unclosed character class; missing ']'"
        );
    }
}
