//! Submodules of git that are not checked out: whoever has them has files there that are not known.

use std::path::Path;

use rustc_hash::FxHashMap;

use crate::load::{Directory, EntryKind};
use crate::path::normalize;

/// What names the submodules of a repository, at its root.
pub(crate) const FILE: &str = ".gitmodules";

/// The directories of the submodules, relative to the root, that `is_empty` says nothing is in. They are
/// among the entries of what holds them, and their own entries are not known.
pub(crate) fn withhold(
    text: &str,
    directories: &mut FxHashMap<String, Directory>,
    is_empty: impl Fn(&str) -> bool,
) -> Vec<String> {
    let missing: Vec<String> = paths(text).filter(|path| is_empty(path)).collect();
    for path in &missing {
        directories.remove(path);
        let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
        if let Some(entries) = directories.get_mut(parent)
            && entries.iter().all(|(known, _)| known != name)
        {
            entries.push((name.to_owned(), EntryKind::Directory));
        }
    }
    missing
}

/// Whether there is nothing in a directory, or no directory.
pub(crate) fn is_empty(directory: &Path) -> bool {
    directory.read_dir().map_or(true, |mut entries| entries.next().is_none())
}

/// The paths that the text of a `.gitmodules` gives (`git help gitmodules`).
fn paths(text: &str) -> impl Iterator<Item = String> {
    text.lines().filter_map(|line| {
        let (key, value) = line.split_once('=')?;
        let path = value.trim().trim_matches('"');
        (key.trim() == "path")
            .then(|| normalize(path))?
            .filter(|path| !path.is_empty() && !path.starts_with('/'))
    })
}

#[cfg(test)]
mod tests {
    use super::paths;

    #[test]
    fn paths_are_those_of_git() {
        let text = "[submodule \"a\"]\n\tpath = a/b\n\turl = ../a.git\n[submodule \"c\"]\npath=\"c d/\"\n\
                    [submodule \"out\"]\n\tpath = ../out\n[submodule \"none\"]\n\tpath =\n";
        assert_eq!(paths(text).collect::<Vec<_>>(), ["a/b", "c d"]);
    }
}
