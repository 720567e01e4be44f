//! Files that nixpact itself makes: reports and baselines.
#![allow(clippy::disallowed_methods, reason = "this crate is the one that changes files")]

use std::io::Write;
use std::path::Path;

use crate::write::WriteError;

/// Gives a file a text, whether it is there or not; whoever reads it sees the old text or the new one.
///
/// # Errors
///
/// When its directory is missing or may not be written, or the disk is full.
pub fn create(path: &Path, text: &[u8]) -> Result<(), WriteError> {
    let failed = |error: &std::io::Error| WriteError {
        path: path.to_owned(),
        problem: format!("cannot be written: {error}"),
        remedy: "name a file in a directory that is there and can be written",
        written: 0,
    };
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".nixpact-").suffix(".new");
    shared(&mut builder);
    let mut new = builder.tempfile_in(directory).map_err(|error| failed(&error))?;
    new.write_all(text).and_then(|()| new.as_file().sync_all()).map_err(|error| failed(&error))?;
    new.persist(path).map_err(|error| failed(&error.error))?;
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
