//! What happens to files on the disk, and what does not.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "a test makes the files that it looks at")]

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

use nixpact_edit::{Change, WriteError, write};

fn change<'t>(path: &'t str, before: &'t str, after: &'t str) -> Change<'t> {
    Change { path, before, after }
}

/// A directory with files `a.nix` and `d/b.nix`, which hold `old a` and `old b`.
fn repository() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("d")).unwrap();
    fs::write(root.path().join("a.nix"), "old a").unwrap();
    fs::write(root.path().join("d/b.nix"), "old b").unwrap();
    root
}

fn text(root: &Path, path: &str) -> String {
    fs::read_to_string(root.join(path)).unwrap()
}

/// Every name below a directory: nothing may be left behind.
fn names(root: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for directory in [root.to_owned(), root.join("d")] {
        let entries = fs::read_dir(directory).unwrap();
        names.extend(entries.map(|it| it.unwrap().file_name().into_string().unwrap()));
    }
    names.sort();
    names
}

/// Nothing has changed but what the error says.
fn refused(root: &Path, error: &WriteError, problem: &str) {
    assert!(error.problem.contains(problem), "{error}");
    assert_eq!(error.written, 0);
    assert_eq!((text(root, "a.nix").as_str(), names(root)), ("old a", list()));
}

fn list() -> Vec<String> {
    ["a.nix", "b.nix", "d"].map(str::to_owned).to_vec()
}

#[test]
fn files_get_their_new_texts_and_nothing_is_left_behind() {
    let root = repository();
    let changes = [change("a.nix", "old a", "new a\r\n"), change("d/b.nix", "old b", "")];
    write(root.path(), &changes).unwrap();
    assert_eq!(text(root.path(), "a.nix"), "new a\r\n");
    assert_eq!(text(root.path(), "d/b.nix"), "");
    assert_eq!(names(root.path()), list());
}

#[test]
fn permissions_and_owner_stay() {
    let root = repository();
    let path = root.path().join("a.nix");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o751)).unwrap();
    // Only an administrator can give a file away.
    let _ = std::os::unix::fs::chown(&path, Some(12_345), Some(54_321));
    let before = fs::metadata(&path).unwrap();
    write(root.path(), &[change("a.nix", "old a", "new a")]).unwrap();
    let after = fs::metadata(&path).unwrap();
    assert_eq!(after.mode(), before.mode());
    assert_eq!((after.uid(), after.gid()), (before.uid(), before.gid()));
}

#[test]
fn a_link_stays_and_its_target_changes() {
    let root = repository();
    symlink("d/b.nix", root.path().join("link.nix")).unwrap();
    write(root.path(), &[change("link.nix", "old b", "new b")]).unwrap();
    assert!(root.path().join("link.nix").symlink_metadata().unwrap().is_symlink());
    assert_eq!(text(root.path(), "d/b.nix"), "new b");
}

#[test]
fn a_file_with_two_names_is_written_once_or_not_at_all() {
    let root = repository();
    symlink("d/b.nix", root.path().join("link.nix")).unwrap();
    let both = |after| [change("d/b.nix", "old b", "new b"), change("link.nix", "old b", after)];
    let error = write(root.path(), &both("other")).unwrap_err();
    assert!(error.to_string().contains("the same file as d/b.nix"), "{error}");
    assert_eq!(text(root.path(), "d/b.nix"), "old b");
    write(root.path(), &both("new b")).unwrap();
    assert_eq!(text(root.path(), "d/b.nix"), "new b");
}

#[test]
fn a_link_out_of_the_root_is_not_followed() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("x.nix"), "old").unwrap();
    let root = repository();
    symlink(outside.path().join("x.nix"), root.path().join("link.nix")).unwrap();
    let changes = [change("a.nix", "old a", "new a"), change("link.nix", "old", "new")];
    let error = write(root.path(), &changes).unwrap_err();
    fs::remove_file(root.path().join("link.nix")).unwrap();
    refused(root.path(), &error, "outside of the repository");
    assert_eq!(text(outside.path(), "x.nix"), "old");
}

#[test]
fn a_file_that_was_changed_after_it_was_read_stays() {
    let root = repository();
    fs::write(root.path().join("d/b.nix"), "old c").unwrap();
    let changes = [change("a.nix", "old a", "new a"), change("d/b.nix", "old b", "new b")];
    let error = write(root.path(), &changes).unwrap_err();
    refused(root.path(), &error, "changed after it was read");
    assert_eq!(error.path, root.path().canonicalize().unwrap().join("d/b.nix"));
    assert_eq!(text(root.path(), "d/b.nix"), "old c");
}

#[test]
fn a_read_only_file_stays() {
    let root = repository();
    let path = root.path().join("d/b.nix");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    let changes = [change("a.nix", "old a", "new a"), change("d/b.nix", "old b", "new b")];
    let error = write(root.path(), &changes).unwrap_err();
    refused(root.path(), &error, "read-only");
    assert!(error.to_string().contains("chmod u+w"), "{error}");
    assert_eq!(text(root.path(), "d/b.nix"), "old b");
}

#[test]
fn a_file_that_is_gone_is_not_made_again() {
    let root = repository();
    let error = write(root.path(), &[change("c.nix", "old", "new")]).unwrap_err();
    refused(root.path(), &error, "No such file");
}
