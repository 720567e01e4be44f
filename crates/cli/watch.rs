//! `nixpact check --watch`: again whenever a file changes.

use std::ffi::OsStr;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use nixpact_engine::Options;
use notify::{Event, EventKind, RecursiveMode, Watcher};

use crate::args::Check;
use crate::{Outcome, check, is_broken_pipe, select};

/// Editors write a file in several steps: what follows within this time belongs together.
const QUIET: Duration = Duration::from_millis(50);

/// Checks, and checks again after each change, until the program is ended.
pub fn run(check: &Check) -> Outcome {
    let root = select::repository(&check.repository, Options::default())?.root;
    let root = root.canonicalize().map_err(|error| format!("{}: {error}", root.display()))?;
    let (sender, changes) = channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        if event.is_ok_and(|event| concerns(&event)) {
            // Without a receiver the program is about to end.
            let _ = sender.send(());
        }
    })?;
    watcher.watch(&root, RecursiveMode::Recursive)?;
    loop {
        clear()?;
        match check::once(check) {
            Ok(_) => {}
            Err(error) if is_broken_pipe(&*error) => return Ok(0),
            // The next change may repair it.
            Err(error) => writeln!(io::stderr(), "nixpact: {error}")?,
        }
        writeln!(io::stderr(), "waiting for changes")?;
        wait(&changes)?;
    }
}

/// Begins a new screen; a file or a pipe gets one report after the other.
fn clear() -> io::Result<()> {
    let out = &mut io::stdout().lock();
    if out.is_terminal() {
        write!(out, "\x1b[2J\x1b[3J\x1b[H")?;
    }
    out.flush()
}

fn wait(changes: &Receiver<()>) -> Result<(), Box<dyn std::error::Error>> {
    changes.recv().map_err(|_| "the directory can no longer be watched")?;
    while changes.recv_timeout(QUIET).is_ok() {}
    Ok(())
}

/// Whether a change is one of a file that a check reads.
fn concerns(event: &Event) -> bool {
    let is_read = |path: &Path| {
        let is_nix = path.extension() == Some(OsStr::new("nix"));
        let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
        is_nix || name == "nixpact.toml" || name == "flake.lock" || name.ends_with("baseline.json")
    };
    !matches!(event.kind, EventKind::Access(_)) && event.paths.iter().any(|path| is_read(path))
}
