//! Hidden directories that files of the repository name.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;
use rustc_hash::FxHashMap;

use crate::load::{APART, Directory, EntryKind, SourceFile};

/// The hidden directories whose name stands in a text behind a slash, as in `./.config/a.nix`, and that are
/// not among `directories` yet; in the order of their paths.
pub(crate) fn mentioned(
    files: &[SourceFile],
    directories: &FxHashMap<String, Directory>,
) -> Vec<String> {
    let mut hidden: Vec<(String, &str)> = Vec::new();
    for (parent, entries) in directories {
        for (name, kind) in entries {
            let is_meant = name.starts_with('.') && *kind == EntryKind::Directory;
            if is_meant && !APART.contains(&name.as_str()) {
                let path =
                    if parent.is_empty() { name.clone() } else { format!("{parent}/{name}") };
                if !directories.contains_key(&path) {
                    hidden.push((path, name));
                }
            }
        }
    }
    let names: BTreeSet<&str> = hidden.iter().map(|(_, name)| *name).collect();
    let names: Vec<&str> = names.into_iter().collect();
    if names.is_empty() {
        return Vec::new();
    }
    // Without the slash, which nearly all texts have very often.
    let Ok(search) = AhoCorasick::new(&names) else { return Vec::new() };
    let mut found: BTreeSet<&str> = BTreeSet::new();
    for file in files {
        let text = file.text.as_bytes();
        for place in search.find_overlapping_iter(&file.text) {
            let is_whole = text.get(place.end()).is_none_or(|after| !is_of_name(*after));
            if is_whole && text[..place.start()].ends_with(b"/") {
                found.insert(names[place.pattern().as_usize()]);
            }
        }
    }
    let mut paths: Vec<String> =
        hidden.into_iter().filter(|(_, name)| found.contains(name)).map(|(path, _)| path).collect();
    paths.sort_unstable();
    paths
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}
