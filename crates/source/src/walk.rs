//! The files below a directory, read as they are found: several threads list directories and read files.

use std::fs::FileType;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::Scope;
use rustc_hash::FxHashMap;

use crate::handle::Handle;
use crate::load::{Directory, Entry, EntryKind, LoadError, SourceFile, read, reason};

/// What is below a root, in no particular order.
#[derive(Default)]
pub(crate) struct Found {
    pub files: Vec<SourceFile>,
    /// By path relative to the root.
    pub directories: FxHashMap<String, Directory>,
    /// Paths of files that are encrypted.
    pub locked: Vec<String>,
    errors: Vec<LoadError>,
}

/// Lists what is below some directories of a root, and reads the `.nix` files that are `wanted`. Links are
/// followed as far as they stay below the root.
///
/// # Errors
///
/// The first one in the order of the paths, whichever thread met one first.
pub(crate) fn walk(
    root: &Path,
    canonical: &Path,
    directories: Vec<String>,
    wanted: impl Fn(&str) -> bool + Sync,
) -> Result<Found, LoadError> {
    let walk = Walk { root, canonical, wanted: &wanted, found: Mutex::default() };
    rayon::scope(|scope| {
        for path in directories {
            let pending = Pending { path, parent: None, depth: 0 };
            scope.spawn(|scope| walk.directory(scope, pending));
        }
    });
    let mut found = walk.found.into_inner().unwrap_or_else(PoisonError::into_inner);
    match found.errors.iter().enumerate().min_by(|a, b| a.1.path.cmp(&b.1.path)) {
        Some((first, _)) => Err(found.errors.swap_remove(first)),
        None => Ok(found),
    }
}

struct Walk<'w> {
    /// As it was named.
    root: &'w Path,
    canonical: &'w Path,
    wanted: &'w (dyn Fn(&str) -> bool + Sync),
    found: Mutex<Found>,
}

/// What a directory holds.
#[derive(Default)]
struct Listing {
    entries: Directory,
    directories: Vec<String>,
    files: Vec<String>,
    errors: Vec<LoadError>,
}

/// How deep directories are kept open for those in them, so that few are at a time.
const MAX_OPEN: usize = 4;

/// A directory to be looked at.
struct Pending {
    /// Relative to the root.
    path: String,
    /// The directory around it, if it is open.
    parent: Option<Arc<Handle>>,
    /// How many directories are around it.
    depth: usize,
}

impl<'w> Walk<'w> {
    fn directory<'s>(&'s self, scope: &Scope<'s>, pending: Pending)
    where
        'w: 's,
    {
        let mut listing = Listing::default();
        let handle = self.open(&pending).and_then(|handle| {
            handle.list(|name, of| self.entry((&handle, &pending.path), name, of, &mut listing))?;
            Ok(handle)
        });
        let Pending { path, depth, .. } = pending;
        let (mut texts, mut locked) = (Vec::with_capacity(listing.files.len()), Vec::new());
        match handle.map(Arc::new) {
            Ok(handle) => {
                for path in listing.directories {
                    let parent = (depth < MAX_OPEN).then(|| handle.clone());
                    let pending = Pending { path, parent, depth: depth + 1 };
                    scope.spawn(move |scope| self.directory(scope, pending));
                }
                for file in listing.files {
                    match read(self.root, handle.file(name_of(&file)), file) {
                        Ok(Entry::Text(file)) => texts.push(file),
                        Ok(Entry::Locked(path)) => locked.push(path),
                        Err(error) => listing.errors.push(error),
                    }
                }
            }
            Err(error) => listing.errors.push(self.unreadable(&path, &error)),
        }
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.directories.insert(path, listing.entries);
        found.files.extend(texts);
        found.locked.extend(locked);
        found.errors.extend(listing.errors);
    }

    fn open(&self, pending: &Pending) -> io::Result<Handle> {
        match &pending.parent {
            Some(parent) => parent.directory(name_of(&pending.path)),
            None => Handle::open(&self.canonical.join(&pending.path)),
        }
    }

    fn entry(
        &self,
        (handle, parent): (&Handle, &str),
        name: &str,
        kind: EntryKind,
        listing: &mut Listing,
    ) {
        listing.entries.push((name.to_owned(), kind));
        let is_link = kind == EntryKind::Symlink;
        // A theme of icons has thousands of links, and to find where one of them ends takes many questions.
        let kind = if is_link { handle.target(name).unwrap_or(EntryKind::Unknown) } else { kind };
        let is_directory = kind == EntryKind::Directory && !name.starts_with('.');
        let is_file = kind == EntryKind::Regular && name.ends_with(".nix");
        if !is_directory && !is_file {
            return;
        }
        let path = inside(parent, name);
        if is_link && !self.follows(parent, &path) {
            return;
        }
        if is_directory {
            listing.directories.push(path);
        } else if (self.wanted)(&path) {
            listing.files.push(path);
        }
    }

    /// Whether a link is followed: not where it leads out of the root, to a directory that holds it or to one behind
    /// too many links.
    fn follows(&self, parent: &str, link: &str) -> bool {
        let Ok(target) = self.canonical.join(link).canonicalize() else { return false };
        let is_loop = || around(parent).any(|around| self.is(around, &target));
        let is_deep = || around(parent).filter(|path| self.is_link(path)).count() >= MAX_LINKS;
        target.starts_with(self.canonical) && (!target.is_dir() || !is_loop() && !is_deep())
    }

    fn is_link(&self, path: &str) -> bool {
        self.canonical.join(path).is_symlink()
    }

    /// Whether a directory, perhaps by way of links, is at a path without any.
    fn is(&self, directory: &str, canonical: &Path) -> bool {
        self.canonical.join(directory).canonicalize().is_ok_and(|directory| directory == canonical)
    }

    /// A path as the user would name it.
    fn shown(&self, path: &str) -> PathBuf {
        if path.is_empty() { self.root.to_owned() } else { self.root.join(path) }
    }

    fn unreadable(&self, path: &str, error: &io::Error) -> LoadError {
        LoadError {
            path: self.shown(path),
            problem: reason(error),
            remedy: "make the directory readable, or remove it",
        }
    }
}

fn name_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// The path of a name in a directory.
fn inside(directory: &str, name: &str) -> String {
    let mut path = String::with_capacity(directory.len() + 1 + name.len());
    if !directory.is_empty() {
        path.push_str(directory);
        path.push('/');
    }
    path.push_str(name);
    path
}

pub(crate) fn kind(of: FileType) -> EntryKind {
    if of.is_symlink() {
        EntryKind::Symlink
    } else if of.is_dir() {
        EntryKind::Directory
    } else if of.is_file() {
        EntryKind::Regular
    } else {
        EntryKind::Unknown
    }
}

/// Behind so many links to directories on the way to it a directory is not looked into: those of directories that
/// link to each other have no end, and there are ever more ways to them.
const MAX_LINKS: usize = 2;

/// A directory and those around it, up to the root.
fn around(directory: &str) -> impl Iterator<Item = &str> {
    let slashes = directory.rmatch_indices('/').map(|(slash, _)| slash);
    let ends = [directory.len()].into_iter().chain(slashes).chain([0]);
    ends.map(move |end| &directory[..end])
}

#[cfg(all(test, unix))]
#[allow(clippy::disallowed_methods, reason = "the tests make the files")]
mod tests {
    use std::fs::{create_dir_all, write};
    use std::os::unix::fs::symlink;
    use std::path::Path;

    use super::{Found, walk};
    use crate::EntryKind::{Directory, Regular, Symlink};
    use crate::LoadError;

    /// Some files, a directory that is hidden, and one beside the root.
    fn repository() -> tempfile::TempDir {
        let top = tempfile::tempdir().unwrap();
        for file in ["root/a/b/c.nix", "root/a/d.nix", "root/e.txt", "root/.git/f.nix", "g/h.nix"] {
            let path = top.path().join(file);
            create_dir_all(path.parent().unwrap()).unwrap();
            write(path, file).unwrap();
        }
        top
    }

    fn found(top: &Path) -> Result<Found, LoadError> {
        let root = top.join("root");
        let mut found =
            walk(Path::new("shown"), &root.canonicalize().unwrap(), vec![String::new()], |_| true)?;
        found.files.sort_by(|a, b| a.path.cmp(&b.path));
        found.directories.values_mut().for_each(|entries| entries.sort_by(|a, b| a.0.cmp(&b.0)));
        Ok(found)
    }

    fn paths(found: &Found) -> Vec<&str> {
        found.files.iter().map(|file| file.path.as_str()).collect()
    }

    #[test]
    fn what_is_hidden_is_listed_and_not_looked_into() {
        let top = repository();
        let found = found(top.path()).unwrap();
        assert_eq!(paths(&found), ["a/b/c.nix", "a/d.nix"]);
        assert_eq!(found.files[0].text, "root/a/b/c.nix");
        let root = [(".git", Directory), ("a", Directory), ("e.txt", Regular)];
        assert_eq!(found.directories[""], root.map(|(name, kind)| (name.to_owned(), kind)));
        let mut directories: Vec<_> = found.directories.keys().map(String::as_str).collect();
        directories.sort_unstable();
        assert_eq!(directories, ["", "a", "a/b"]);
    }

    #[test]
    fn links_are_followed_below_the_root() {
        let top = repository();
        let root = top.path().join("root");
        symlink("a/b", root.join("again")).unwrap();
        symlink("a/d.nix", root.join("d.nix")).unwrap();
        symlink("../g", root.join("out")).unwrap();
        symlink("../g/h.nix", root.join("h.nix")).unwrap();
        symlink("nowhere", root.join("result")).unwrap();
        let found = found(top.path()).unwrap();
        assert_eq!(paths(&found), ["a/b/c.nix", "a/d.nix", "again/c.nix", "d.nix"]);
        for link in ["again", "d.nix", "out", "h.nix", "result"] {
            assert!(found.directories[""].contains(&(link.to_owned(), Symlink)), "{link}");
        }
        assert!(!found.directories.contains_key("out"));
    }

    #[test]
    fn directories_that_link_to_each_other_are_looked_at_in_bounded_time() {
        let top = repository();
        let root = top.path().join("root");
        let names: Vec<String> = (0..12).map(|n| format!("d{n}")).collect();
        for name in &names {
            create_dir_all(root.join(name)).unwrap();
            write(root.join(name).join("x.nix"), "1").unwrap();
            for other in names.iter().filter(|other| *other != name) {
                symlink(format!("../{other}"), root.join(name).join(other)).unwrap();
            }
        }
        let found = found(top.path()).unwrap();
        // By one way and by two.
        assert_eq!(found.files.len(), 2 + 12 + 12 * 11 + 12 * 11 * 10);
    }

    #[test]
    fn links_that_lead_back_are_not_followed() {
        let top = repository();
        let root = top.path().join("root");
        symlink("../..", root.join("a/b/up")).unwrap();
        symlink(".", root.join("a/b/zero")).unwrap();
        // By way of another link.
        symlink("../again", root.join("a/round")).unwrap();
        symlink("a", root.join("again")).unwrap();
        symlink("self", root.join("self")).unwrap();
        let found = found(top.path()).unwrap();
        assert_eq!(paths(&found), ["a/b/c.nix", "a/d.nix", "again/b/c.nix", "again/d.nix"]);
        for (directory, link) in
            [("a/b", "up"), ("a/b", "zero"), ("a", "round"), ("again", "round"), ("", "self")]
        {
            assert!(found.directories[directory].contains(&(link.to_owned(), Symlink)), "{link}");
            assert!(!found.directories.contains_key(&format!("{directory}/{link}")), "{link}");
        }
    }

    #[test]
    fn what_is_not_wanted_is_not_read() {
        let top = repository();
        let root = top.path().join("root").canonicalize().unwrap();
        std::fs::write(root.join("a/d.nix"), [0xff]).unwrap();
        assert!(walk(&root, &root, vec![String::new()], |_| true).is_err());
        let found = walk(&root, &root, vec![String::new()], |path| path != "a/d.nix").unwrap();
        assert_eq!(paths(&found), ["a/b/c.nix"]);
    }

    #[test]
    fn files_of_any_length_are_read_to_their_end() {
        let top = repository();
        let root = top.path().join("root");
        // Around the room that a thread keeps.
        for len in [0, 1, (32 << 10) - 1, 32 << 10, (32 << 10) + 1, 100_000] {
            let text: String = ('a'..='z').cycle().take(len).collect();
            write(root.join("a/d.nix"), &text).unwrap();
            assert!(found(top.path()).unwrap().files[1].text == text, "{len} bytes");
        }
    }

    #[test]
    fn a_file_that_is_too_large_is_refused() {
        let top = repository();
        let file = std::fs::File::create(top.path().join("root/a/d.nix")).unwrap();
        file.set_len(4 * crate::load::MAX_FILE_BYTES as u64).unwrap();
        let Err(error) = found(top.path()) else { panic!("it is not read") };
        assert_eq!(error.path, Path::new("shown/a/d.nix"));
        assert_eq!(error.problem, "more than 67108864 bytes");
    }
}
