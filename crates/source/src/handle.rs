//! A directory that is open: what is in it is found by its name alone, without the way there.

use crate::EntryKind;

#[cfg(target_os = "linux")]
pub(crate) use linux::Handle;
#[cfg(not(target_os = "linux"))]
pub(crate) use other::Handle;

#[cfg(target_os = "linux")]
mod linux {
    use std::cell::RefCell;
    use std::fs::File;
    use std::io;
    use std::os::fd::OwnedFd;
    use std::path::Path;

    use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, RawDir, openat, statat};
    use rustix::io::{Errno, retry_on_intr};

    use super::EntryKind;

    pub(crate) struct Handle(OwnedFd);

    /// A name is at most 255 bytes long, and an entry some bytes longer.
    const LISTED_AT_ONCE: usize = 16 << 10;

    thread_local! {
        static BLOCK: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    }

    impl Handle {
        pub fn open(path: &Path) -> io::Result<Handle> {
            let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
            Ok(Handle(retry_on_intr(|| openat(CWD, path, flags, Mode::empty()))?))
        }

        pub fn directory(&self, name: &str) -> io::Result<Handle> {
            let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
            Ok(Handle(retry_on_intr(|| openat(&self.0, name, flags, Mode::empty()))?))
        }

        pub fn file(&self, name: &str) -> io::Result<File> {
            let flags = OFlags::RDONLY | OFlags::CLOEXEC;
            Ok(File::from(retry_on_intr(|| openat(&self.0, name, flags, Mode::empty()))?))
        }

        /// What a link leads to, through others, wherever that is.
        pub fn target(&self, link: &str) -> io::Result<EntryKind> {
            let stat = retry_on_intr(|| statat(&self.0, link, AtFlags::empty()))?;
            Ok(kind(FileType::from_raw_mode(stat.st_mode)))
        }

        /// Calls `found` with each entry whose name is UTF-8; others can be no part of a Nix path.
        pub fn list(&self, mut found: impl FnMut(&str, EntryKind)) -> io::Result<()> {
            BLOCK.with_borrow_mut(|block| {
                block.reserve(LISTED_AT_ONCE);
                let mut entries = RawDir::new(&self.0, block.spare_capacity_mut());
                while let Some(entry) = entries.next() {
                    let entry = match entry {
                        Err(Errno::INTR) => continue,
                        other => other?,
                    };
                    let Ok(name) = entry.file_name().to_str() else { continue };
                    if name == "." || name == ".." {
                        continue;
                    }
                    let of = match entry.file_type() {
                        // Not every file system says it here.
                        FileType::Unknown => {
                            let flags = AtFlags::SYMLINK_NOFOLLOW;
                            let stat = retry_on_intr(|| statat(&self.0, name, flags))?;
                            FileType::from_raw_mode(stat.st_mode)
                        }
                        known => known,
                    };
                    found(name, kind(of));
                }
                Ok(())
            })
        }
    }

    fn kind(of: FileType) -> EntryKind {
        match of {
            FileType::RegularFile => EntryKind::Regular,
            FileType::Directory => EntryKind::Directory,
            FileType::Symlink => EntryKind::Symlink,
            _ => EntryKind::Unknown,
        }
    }
}

/// Other systems are asked by paths.
#[cfg(any(not(target_os = "linux"), test))]
#[cfg_attr(target_os = "linux", allow(dead_code, reason = "the tests compare them"))]
mod other {
    use std::fs::File;
    use std::io;
    use std::path::{Path, PathBuf};

    use super::EntryKind;
    use crate::walk::kind;

    pub(crate) struct Handle(PathBuf);

    impl Handle {
        pub fn open(path: &Path) -> io::Result<Handle> {
            Ok(Handle(path.to_owned()))
        }

        pub fn directory(&self, name: &str) -> io::Result<Handle> {
            Ok(Handle(self.0.join(name)))
        }

        pub fn file(&self, name: &str) -> io::Result<File> {
            File::open(self.0.join(name))
        }

        /// What a link leads to, through others, wherever that is.
        pub fn target(&self, link: &str) -> io::Result<EntryKind> {
            Ok(kind(self.0.join(link).metadata()?.file_type()))
        }

        /// Calls `found` with each entry whose name is UTF-8; others can be no part of a Nix path.
        pub fn list(&self, mut found: impl FnMut(&str, EntryKind)) -> io::Result<()> {
            for entry in self.0.read_dir()? {
                let entry = entry?;
                if let Some(name) = entry.file_name().to_str() {
                    found(name, kind(entry.file_type()?));
                }
            }
            Ok(())
        }
    }
}

#[cfg(all(test, unix))]
#[allow(clippy::disallowed_methods, reason = "the tests make the files")]
mod tests {
    use std::fs::{create_dir, write};
    use std::io::Read;
    use std::os::unix::fs::symlink;

    use super::{EntryKind, Handle, other};

    #[test]
    fn a_directory_is_listed_whole() {
        let top = tempfile::tempdir().unwrap();
        let mut expected = vec![
            ("d".to_owned(), EntryKind::Directory),
            ("l".to_owned(), EntryKind::Symlink),
            (".h".to_owned(), EntryKind::Regular),
        ];
        create_dir(top.path().join("d")).unwrap();
        symlink("nowhere", top.path().join("l")).unwrap();
        write(top.path().join(".h"), "").unwrap();
        // More than are listed at once.
        for number in 0..1000 {
            let name = format!("{number:0>200}");
            write(top.path().join(&name), "").unwrap();
            expected.push((name, EntryKind::Regular));
        }
        expected.sort_by(|a, b| a.0.cmp(&b.0));
        let mut found = Vec::new();
        let handle = Handle::open(top.path()).unwrap();
        handle.list(|name, kind| found.push((name.to_owned(), kind))).unwrap();
        found.sort_by(|a, b| a.0.cmp(&b.0));
        assert!(found == expected);
        let mut by_paths = Vec::new();
        let handle = other::Handle::open(top.path()).unwrap();
        handle.list(|name, kind| by_paths.push((name.to_owned(), kind))).unwrap();
        by_paths.sort_by(|a, b| a.0.cmp(&b.0));
        assert!(by_paths == expected);
    }

    #[test]
    fn what_is_in_a_directory_is_found_by_its_name() {
        let top = tempfile::tempdir().unwrap();
        create_dir(top.path().join("d")).unwrap();
        write(top.path().join("d/f"), "text").unwrap();
        let handle = Handle::open(top.path()).unwrap();
        let mut text = String::new();
        handle.directory("d").unwrap().file("f").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "text");
        assert!(handle.file("none").is_err());
        assert!(handle.directory("d/f").is_err());
    }

    #[test]
    fn links_lead_through_others() {
        let top = tempfile::tempdir().unwrap();
        create_dir(top.path().join("d")).unwrap();
        write(top.path().join("f"), "").unwrap();
        for (link, to) in [("to-d", "d"), ("to-f", "f"), ("again", "to-d"), ("none", "x")] {
            symlink(to, top.path().join(link)).unwrap();
        }
        let handle = Handle::open(top.path()).unwrap();
        let by_paths = other::Handle::open(top.path()).unwrap();
        for (link, of) in [
            ("to-d", Some(EntryKind::Directory)),
            ("to-f", Some(EntryKind::Regular)),
            ("again", Some(EntryKind::Directory)),
            ("none", None),
        ] {
            assert_eq!(handle.target(link).ok(), of, "{link}");
            assert_eq!(by_paths.target(link).ok(), of, "{link}");
        }
    }
}
