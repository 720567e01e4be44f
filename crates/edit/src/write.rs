//! New texts on the disk: a file has its old text or its new one, whenever the program ends.
#![allow(clippy::disallowed_methods, reason = "this is the one place that changes files")]

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file that is to have another text.
#[derive(Clone, Copy, Debug)]
pub struct Change<'t> {
    /// Relative to the root, with `/`.
    pub path: &'t str,
    /// What was read.
    pub before: &'t str,
    pub after: &'t str,
}

/// Why the files could not be written.
#[derive(Debug)]
pub struct WriteError {
    /// As it was given, below the root.
    pub path: PathBuf,
    pub problem: String,
    pub remedy: &'static str,
    /// How many files have their new text already; 0 but for a failure between two of them.
    pub written: usize,
}

impl std::fmt::Display for WriteError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}: {}\n  = help: {}", self.path.display(), self.problem, self.remedy)?;
        match self.written {
            0 => write!(out, "\n  = note: no file was changed"),
            1 => write!(out, "\n  = note: 1 file was changed before that"),
            many => write!(out, "\n  = note: {many} files were changed before that"),
        }
    }
}

impl std::error::Error for WriteError {}

/// Writes the new texts of files below `root`.
///
/// All of them are prepared beside their targets before the first one is put in place. Each keeps its
/// owner and its permissions; a symbolic link stays, and the file that it leads to changes.
///
/// # Errors
///
/// When a file no longer has the text that was read, may not be written, or lies outside of the root.
/// No file is changed then, unless the disk failed between putting two of them in place.
pub fn write(root: &Path, changes: &[Change<'_>]) -> Result<(), WriteError> {
    let root = &root.canonicalize().map_err(|error| failed(root, "", io_problem(&error), 0))?;
    let mut prepared: Vec<Prepared<'_>> = Vec::new();
    for change in changes {
        let fail = |problem| failed(root, change.path, problem, 0);
        let target = target(root, change.path).map_err(fail)?;
        match prepared.iter().find(|other| other.target == target) {
            Some(other) if other.change.after == change.after => {}
            Some(other) => return Err(fail(two_names(other.change.path))),
            None => prepared.push(Prepared::new(*change, target).map_err(fail)?),
        }
    }
    for (written, file) in prepared.into_iter().enumerate() {
        let path = file.change.path;
        file.put_in_place().map_err(|problem| failed(root, path, problem, written))?;
    }
    Ok(())
}

/// What is wrong, and what to do.
type Problem = (String, &'static str);

fn failed(root: &Path, path: &str, (problem, remedy): Problem, written: usize) -> WriteError {
    WriteError { path: root.join(path), problem, remedy, written }
}

fn two_names(other: &str) -> Problem {
    (
        format!("it is the same file as {other}, and each was to change in another way"),
        "name only one of the two paths, and then the other",
    )
}

/// The file behind a path; links are followed within the root.
fn target(root: &Path, path: &str) -> Result<PathBuf, Problem> {
    let target = root.join(path).canonicalize().map_err(|error| io_problem(&error))?;
    match target.starts_with(root) {
        true => Ok(target),
        false => Err((
            format!("the link leads to {}, outside of the repository", target.display()),
            "change that file by hand, or put it into the repository",
        )),
    }
}

/// A new text on the disk, not yet in its place.
struct Prepared<'t> {
    change: Change<'t>,
    target: PathBuf,
    new: NamedTempFile,
}

impl<'t> Prepared<'t> {
    fn new(change: Change<'t>, target: PathBuf) -> Result<Prepared<'t>, Problem> {
        let metadata = target.metadata().map_err(|error| io_problem(&error))?;
        check_writable(&target, &metadata)?;
        check_unchanged(&target, change.before)?;
        let directory = target.parent().unwrap_or(Path::new("/"));
        let new = beside(directory, change.after, &metadata).map_err(|error| {
            (
                format!("no new file could be made beside it: {error}"),
                "make its directory writable, and see that the disk is not full",
            )
        })?;
        Ok(Prepared { change, target, new })
    }

    fn put_in_place(self) -> Result<(), Problem> {
        check_unchanged(&self.target, self.change.before)?;
        self.new.persist(&self.target).map_err(|error| io_problem(&error.error))?;
        // The new name lasts once its directory is on the disk; not every file system can be told so.
        if let Some(directory) = self.target.parent().and_then(|path| File::open(path).ok()) {
            let _ = directory.sync_all();
        }
        Ok(())
    }
}

/// A file with the text, owner and permissions that the target is to have. Its name ends in no `.nix`:
/// nothing takes it for a module, should it be left behind.
fn beside(directory: &Path, text: &str, like: &Metadata) -> io::Result<NamedTempFile> {
    let mut new =
        tempfile::Builder::new().prefix(".nixpact-").suffix(".new").tempfile_in(directory)?;
    new.write_all(text.as_bytes())?;
    keep_owner(new.as_file(), like)?;
    new.as_file().set_permissions(like.permissions())?;
    new.as_file().sync_all()?;
    Ok(new)
}

#[cfg(unix)]
fn keep_owner(new: &File, like: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let made = new.metadata()?;
    let differs = |old: u32, new: u32| (old != new).then_some(old);
    match (differs(like.uid(), made.uid()), differs(like.gid(), made.gid())) {
        (None, None) => Ok(()),
        (user, group) => fchown(new, user, group),
    }
}

#[cfg(not(unix))]
fn keep_owner(_new: &File, _like: &Metadata) -> io::Result<()> {
    Ok(())
}

fn check_writable(target: &Path, metadata: &Metadata) -> Result<(), Problem> {
    const READ_ONLY: &str = "the file is read-only";
    const REMEDY: &str = "make it writable (chmod u+w), or leave it out by naming the paths to fix";
    if metadata.permissions().readonly() {
        return Err((READ_ONLY.to_owned(), REMEDY));
    }
    // Neither its content nor its time of change is touched by that.
    match OpenOptions::new().append(true).open(target) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::ReadOnlyFilesystem => Err((
            "it is on a read-only file system".to_owned(),
            "work on a copy that can be written",
        )),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            Err((READ_ONLY.to_owned(), REMEDY))
        }
        Err(error) => Err(io_problem(&error)),
    }
}

fn check_unchanged(target: &Path, before: &str) -> Result<(), Problem> {
    let now = std::fs::read(target).map_err(|error| io_problem(&error))?;
    match now == before.as_bytes() {
        true => Ok(()),
        false => Err((
            "the file was changed after it was read".to_owned(),
            "run nixpact again, when nothing else writes to it",
        )),
    }
}

fn io_problem(error: &io::Error) -> Problem {
    let remedy = "see that the file is still there and can be read and written";
    (error.to_string(), remedy)
}
