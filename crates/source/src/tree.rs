//! Files outside of the repository that may be read all the same.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use walkdir::{DirEntry, WalkDir};

use crate::load::{MAX_FILE_BYTES, reason};
use crate::walk::kind;
use crate::{Directory, LoadError};

/// The files below some folders of a directory. A file is read when it is first asked for.
#[derive(Debug)]
pub struct Tree {
    root: PathBuf,
    folders: Vec<String>,
    files: Vec<TreeFile>,
    by_path: FxHashMap<String, usize>,
}

#[derive(Debug)]
struct TreeFile {
    path: String,
    text: OnceLock<Option<String>>,
}

impl Tree {
    /// Lists the files below `folders` of `root`, each of which may be a file itself, in the order of their
    /// paths; the folder `""` is all but `.git`. Links are not followed, and are none of its files; neither are
    /// names that are not UTF-8. A folder that is not there has no files.
    ///
    /// # Errors
    ///
    /// When `root` is no directory, or one of the folders cannot be listed.
    pub fn list(root: &Path, folders: &[&str]) -> Result<Tree, LoadError> {
        let failed = |path: &Path, problem: String| LoadError {
            path: path.to_owned(),
            problem,
            remedy: "name a directory that can be read",
        };
        let canonical = Tree::root_at(root)?;
        let mut paths = Vec::new();
        for folder in folders.iter().map(|folder| canonical.join(folder)) {
            if !folder.symlink_metadata().is_ok_and(|folder| !folder.is_symlink()) {
                continue;
            }
            let is_git = |entry: &DirEntry| entry.depth() == 1 && entry.file_name() == ".git";
            for entry in WalkDir::new(&folder).into_iter().filter_entry(|entry| !is_git(entry)) {
                let entry = entry
                    .map_err(|error| failed(error.path().unwrap_or(&folder), error.to_string()))?;
                if entry.file_type().is_file() {
                    paths.extend(relative_path(&canonical, entry.path()));
                }
            }
        }
        paths.sort_unstable();
        let by_path = paths.iter().enumerate().map(|(at, path)| (path.clone(), at)).collect();
        let files = paths.into_iter().map(|path| TreeFile { path, text: OnceLock::new() });
        let folders = folders.iter().map(|folder| (*folder).to_owned()).collect();
        Ok(Tree { root: canonical, folders, files: files.collect(), by_path })
    }

    /// The directory that a path names, as an absolute path with symbolic links resolved.
    ///
    /// # Errors
    ///
    /// When it is none, or cannot be read.
    pub fn root_at(path: &Path) -> Result<PathBuf, LoadError> {
        let failed = |problem: String| LoadError {
            path: path.to_owned(),
            problem,
            remedy: "name a directory that can be read",
        };
        let canonical = path.canonicalize().map_err(|error| failed(reason(&error)))?;
        match canonical.is_dir() {
            true => Ok(canonical),
            false => Err(failed("not a directory".to_owned())),
        }
    }

    /// The directory, as an absolute path with symbolic links resolved.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The position of a file (0-based) by its path, relative to the root, with `/`.
    pub fn find(&self, path: &str) -> Option<usize> {
        self.by_path.get(path).copied()
    }

    /// The path of a file, relative to the root.
    pub fn path(&self, position: usize) -> Option<&str> {
        self.files.get(position).map(|file| file.path.as_str())
    }

    /// The text of a file as it was when it was first asked for; `None` where it cannot be read, is not
    /// UTF-8, or leads elsewhere by now.
    pub fn text(&self, position: usize) -> Option<&str> {
        let file = self.files.get(position)?;
        file.text.get_or_init(|| self.read(&file.path)).as_deref()
    }

    /// The entries of a directory as they are now; `None` where it is none of those that were listed, or
    /// cannot be told in full.
    pub fn directory(&self, path: &str) -> Option<Directory> {
        if !self.is_listed(path) {
            return None;
        }
        let full = self.root.join(path);
        if full.canonicalize().ok()? != full {
            return None;
        }
        let mut entries = Vec::new();
        for entry in full.read_dir().ok()? {
            let entry = entry.ok()?;
            let name = entry.file_name().into_string().ok()?;
            entries.push((name, kind(entry.file_type().ok()?)));
        }
        entries.retain(|(name, _)| !path.is_empty() || name != ".git");
        entries.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        Some(entries)
    }

    /// Whether a path is one of the folders, or below one.
    fn is_listed(&self, path: &str) -> bool {
        let holds = |folder: &String| {
            let rest = path.strip_prefix(folder.as_str());
            rest.is_some_and(|rest| folder.is_empty() || rest.is_empty() || rest.starts_with('/'))
        };
        self.folders.iter().any(holds) && !path.split('/').any(|part| part == "..")
    }

    fn read(&self, path: &str) -> Option<String> {
        let listed = self.root.join(path);
        let full = listed.canonicalize().ok()?;
        if full != listed || full.metadata().ok()?.len() > MAX_FILE_BYTES as u64 {
            return None;
        }
        std::fs::read_to_string(full).ok()
    }
}

fn relative_path(root: &Path, path: &Path) -> Option<String> {
    let relative = path.strip_prefix(root).ok()?.to_str()?;
    Some(if std::path::MAIN_SEPARATOR == '/' {
        relative.to_owned()
    } else {
        relative.replace(std::path::MAIN_SEPARATOR, "/")
    })
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "the test makes the files")]
mod tests {
    use super::Tree;

    #[test]
    fn only_the_folders_that_are_named_are_read() {
        let root = std::env::temp_dir().join(format!("nixpact-tree-{}", std::process::id()));
        std::fs::create_dir_all(root.join("lib/inner")).unwrap();
        for (path, text) in [("lib/b.nix", "1"), ("lib/inner/a.nix", "2"), ("secret.nix", "3")] {
            std::fs::write(root.join(path), text).unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink("../secret.nix", root.join("lib/link.nix")).unwrap();
        let tree = Tree::list(&root, &["lib", "none"]).unwrap();
        let paths: Vec<_> = (0..tree.len()).filter_map(|at| tree.path(at)).collect();
        assert_eq!(paths, ["lib/b.nix", "lib/inner/a.nix"]);
        assert_eq!(tree.find("lib/inner/a.nix").and_then(|at| tree.text(at)), Some("2"));
        assert_eq!(tree.find("secret.nix"), None);
        assert!(
            Tree::list(&root.join("lib/b.nix"), &[]).unwrap_err().to_string().contains("b.nix")
        );
        std::fs::remove_dir_all(&root).unwrap();
        let gone = Tree::list(&root, &[]).unwrap_err().to_string();
        assert!(gone.contains("no such file"), "{gone}");
    }
}
