//! What stands in the files of a repository that are no Nix: scripts, templates, pages.

use std::sync::{Mutex, PoisonError};

use aho_corasick::AhoCorasick;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{EntryKind, Sources};

/// Longer files are data, and not what people write.
const MAX_BYTES: u64 = 1 << 20;

/// What marks a file that sops has encrypted. Names of secrets stand in it and are not read there.
const SOPS: &str = "ENC[AES256_GCM,";

/// Whether a name stands in such files, as far as that has been asked. The files count as they are when
/// they are first looked at.
#[derive(Debug, Default)]
pub(crate) struct Named(Mutex<FxHashMap<String, bool>>);

impl Sources {
    /// The names among these that stand as words in a file that is no Nix and no encrypted one. Hidden
    /// directories and files of more than 1 MiB do not count.
    pub fn named_outside_of_nix<'n>(&self, names: &[&'n str]) -> FxHashSet<&'n str> {
        let mut known = self.named.0.lock().unwrap_or_else(PoisonError::into_inner);
        let new: Vec<&str> =
            names.iter().copied().filter(|name| !known.contains_key(*name)).collect();
        if !new.is_empty() {
            let found = self.find(&new);
            known.extend(new.iter().map(|name| ((*name).to_owned(), found.contains(name))));
        }
        names.iter().copied().filter(|name| known.get(*name).is_some_and(|known| *known)).collect()
    }

    fn find<'n>(&self, names: &[&'n str]) -> FxHashSet<&'n str> {
        // More names than it can hold: each may stand anywhere.
        let Ok(search) = AhoCorasick::new(names) else { return names.iter().copied().collect() };
        let mut found = FxHashSet::default();
        for path in self.others() {
            let Some(text) = self.read_disk(&path).filter(|text| !text.contains(SOPS)) else {
                continue;
            };
            for hit in search.find_overlapping_iter(&text) {
                if is_word(&text, hit.start(), hit.end()) {
                    found.insert(names[hit.pattern().as_usize()]);
                }
            }
        }
        found
    }

    /// The paths of the files that are no Nix and not too long.
    fn others(&self) -> Vec<String> {
        if self.root.as_os_str().is_empty() {
            return self.others.keys().cloned().collect();
        }
        let is_meant = |path: &String| {
            let metadata = self.root.join(path).symlink_metadata();
            metadata.is_ok_and(|metadata| metadata.len() <= MAX_BYTES)
        };
        let directories = self.directories.iter();
        let paths = directories.flat_map(|(directory, entries)| {
            let files = entries
                .iter()
                .filter(|(name, kind)| *kind == EntryKind::Regular && !name.ends_with(".nix"));
            files.map(move |(name, _)| match directory.as_str() {
                "" => name.clone(),
                directory => format!("{directory}/{name}"),
            })
        });
        paths.filter(is_meant).collect()
    }
}

/// Whether no letter stands beside the bytes from `start` to `end` that would make a longer name of them.
pub fn is_word(text: &str, start: usize, end: usize) -> bool {
    let is_part = |char: char| char.is_alphanumeric() || matches!(char, '_' | '-' | '\'');
    !text.get(..start).unwrap_or_default().ends_with(is_part)
        && !text.get(end..).unwrap_or_default().starts_with(is_part)
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "the test makes files")]
mod tests {
    use super::Sources;

    #[test]
    fn names_stand_in_texts_and_not_in_what_sops_has_encrypted() {
        let top = tempfile::tempdir().unwrap();
        let write = |path: &str, bytes: &[u8]| {
            let path = top.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        };
        write("scripts/get.sh", b"cat /run/secrets/in-script\n# not-here-either\n");
        write("secrets/all.yaml", b"in-sops: ENC[AES256_GCM,data:aa,type:str]\n");
        write("wallpaper.png", b"\x89PNG in-image");
        write("locked", b"\0GITCRYPT\0 in-locked");
        write("a.nix", b"{ in-nix = 1; }");
        write(".github/ci.yml", b"in-hidden");
        write("long.txt", &[b"in-long ".as_slice(), &vec![b' '; 1 << 20]].concat());
        let sources = Sources::load(top.path(), |_| false).unwrap();
        let names = [
            "in-script",
            "not-here",
            "in-sops",
            "in-image",
            "in-locked",
            "in-nix",
            "in-hidden",
            "in-long",
        ];
        assert_eq!(Vec::from_iter(sources.named_outside_of_nix(&names)), ["in-script"]);
        write("scripts/get.sh", b"");
        assert_eq!(sources.named_outside_of_nix(&names).len(), 1, "it is remembered");
    }
}
