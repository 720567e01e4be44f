//! The formatter that `nixpact.toml` names, which runs only when the user asks for it.
#![allow(
    clippy::disallowed_methods,
    reason = "the formatter is asked only when the user asks for it"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nixpact_engine::Formatter;
use nixpact_source::SourceFile;

/// No more files are given to one process.
const MAX_FILES: usize = 256;

/// Runs formatters in a repository's root.
pub fn in_root(root: PathBuf) -> Formatter {
    let root = if root.as_os_str().is_empty() { PathBuf::from(".") } else { root };
    Formatter::new(move |command, files| {
        let paths: Vec<String> = files.iter().map(|file| path(file)).collect();
        let mut refused = Vec::new();
        for (at, chunk) in paths.chunks(MAX_FILES).enumerate() {
            refuse(&root, command, chunk, at * MAX_FILES, &mut refused)?;
        }
        Ok(refused)
    })
}

/// No path looks like an option.
fn path(file: &SourceFile) -> String {
    format!("./{}", file.path)
}

/// Adds the positions of the files that a command fails for, counted from `first`. It is asked about all
/// of them, and about each half where it fails.
fn refuse(
    root: &Path,
    command: &[String],
    paths: &[String],
    first: usize,
    refused: &mut Vec<usize>,
) -> Result<(), String> {
    if paths.is_empty() || accepts(root, command, paths)? {
        return Ok(());
    }
    if paths.len() == 1 {
        refused.push(first);
        return Ok(());
    }
    let (before, after) = paths.split_at(paths.len() / 2);
    refuse(root, command, before, first, refused)?;
    refuse(root, command, after, first + before.len(), refused)
}

fn accepts(root: &Path, command: &[String], paths: &[String]) -> Result<bool, String> {
    let Some((program, arguments)) = command.split_first() else { return Ok(true) };
    let status = Command::new(program)
        .args(arguments)
        .args(paths)
        .current_dir(root)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .map_err(|error| format!("'{program}' cannot be run: {error}"))?;
    match status.code() {
        Some(code) => Ok(code == 0),
        None => Err(format!("'{program}' did not end by itself: {status}")),
    }
}
