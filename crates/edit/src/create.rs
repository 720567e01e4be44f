//! Files that nixpact itself makes: reports and baselines.
#![allow(clippy::disallowed_methods, reason = "this crate is the one that changes files")]

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use crate::write::WriteError;

/// Gives a file a text, whether it is there or not; whoever reads it sees the old text or the new one.
///
/// A symbolic link stays, and what it leads to is replaced. A device or a pipe is written into.
///
/// # Errors
///
/// When its directory is missing or may not be written, or the disk is full.
pub fn create(path: &Path, text: &[u8]) -> Result<(), WriteError> {
    let failed = |error: &std::io::Error| WriteError {
        path: path.to_owned(),
        problem: format!("cannot be written: {}", error.kind()),
        remedy: "name a file in a directory that is there and can be written",
        written: 0,
    };
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if target.exists() && !target.is_file() {
        let mut special =
            OpenOptions::new().write(true).open(&target).map_err(|error| failed(&error))?;
        return special.write_all(text).map_err(|error| failed(&error));
    }
    let directory = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".nixpact-").suffix(".new");
    shared(&mut builder);
    let mut new = builder.tempfile_in(directory).map_err(|error| failed(&error))?;
    new.write_all(text).and_then(|()| new.as_file().sync_all()).map_err(|error| failed(&error))?;
    new.persist(&target).map_err(|error| failed(&error.error))?;
    Ok(())
}

/// What others may read, unless the user's mask says otherwise: a temporary file is private by default.
fn shared(builder: &mut tempfile::Builder<'_, '_>) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    #[cfg(not(unix))]
    let _ = builder;
}
