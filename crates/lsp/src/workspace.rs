//! A repository that is open in the client.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use gen_lsp_types::{ProgressToken, Uri};
use nixpact_engine::{Failure, Options, Session, Snapshot};
use nixpact_source::Overlay;

use crate::convert;
use crate::diagnostics::Published;
use crate::trials::Trials;

/// One repository, with what is known of it.
pub(crate) struct Workspace {
    /// As the client names it, by which its URIs begin.
    root: PathBuf,
    /// The root without symbolic links.
    canonical: PathBuf,
    /// The folders of the client that it was opened for; else a document of it is open.
    pub folders: BTreeSet<PathBuf>,
    /// The roots of workspaces that lie in it, relative to its own.
    pub nested: Vec<String>,
    session: Option<Session>,
    /// What was found last.
    pub snapshot: Option<Snapshot>,
    /// What was found before that, which is dropped when nobody waits.
    stale: Option<Snapshot>,
    /// Why there is nothing newer.
    pub failure: Option<Failure>,
    /// Something has changed since.
    pub is_dirty: bool,
    /// What the client shows while it is read for the first time.
    pub progress: Option<ProgressToken>,
    pub published: Published,
    /// Those of the snapshot.
    pub trials: Trials,
}

/// Files that make the directory in which they are a repository, the surest first.
const MARKS: [&str; 3] = ["nixpact.toml", "flake.nix", "hive.nix"];

/// The repository that a folder is, or is part of; the folder itself where nothing tells.
pub(crate) fn root_of_folder(folder: &Path) -> PathBuf {
    marked(folder).unwrap_or_else(|| folder.to_owned())
}

/// The repository to which a file belongs that is in no folder of the client.
pub(crate) fn root_of_file(file: &Path) -> Option<PathBuf> {
    marked(file.parent()?)
}

fn marked(directory: &Path) -> Option<PathBuf> {
    MARKS.iter().find_map(|mark| {
        let mut above = directory.ancestors();
        above.find(|directory| directory.join(mark).is_file()).map(Path::to_owned)
    })
}

impl Workspace {
    pub fn new(root: PathBuf) -> Workspace {
        Workspace {
            canonical: root.canonicalize().unwrap_or_else(|_| root.clone()),
            root,
            folders: BTreeSet::new(),
            nested: Vec::new(),
            session: None,
            snapshot: None,
            stale: None,
            failure: None,
            is_dirty: true,
            progress: None,
            published: Published::default(),
            trials: Trials::default(),
        }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// The path of a file relative to the root, with `/`; `None` for one outside of it.
    pub fn relative(&self, file: &Path) -> Option<String> {
        let inside = |file: &Path| {
            let roots = [&self.root, &self.canonical];
            roots.iter().find_map(|root| Some(file.strip_prefix(root).ok()?.to_str()?.to_owned()))
        };
        inside(file).or_else(|| {
            // The file itself may not be there yet.
            let parent = file.parent()?.canonicalize().ok()?;
            inside(&parent.join(file.file_name()?))
        })
    }

    /// The URI of a path relative to the root.
    pub fn uri(&self, path: &str) -> Option<Uri> {
        convert::uri(&self.root.join(path))
    }

    /// Whether a file is that of a workspace in this one, which speaks of it: by its path relative to the
    /// root.
    pub fn is_nested(&self, path: &str) -> bool {
        let within = |root: &String| path.strip_prefix(root.as_str());
        self.nested.iter().filter_map(within).any(|rest| rest.starts_with('/'))
    }

    /// Whether the repository reads a file: by its path relative to the root.
    pub fn reads(&self, path: &str) -> bool {
        let is_hidden = |name: &str| name.starts_with('.');
        let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
        path.ends_with(".nix") && !directory.split('/').any(is_hidden)
    }

    /// Takes the text that the client holds of a file.
    pub fn set_text(&mut self, path: &str, text: &str) {
        if self.reads(path) {
            self.change(|session| session.set_text(path, text.to_owned()));
        }
    }

    /// Takes what the disk holds, once the client holds nothing.
    pub fn drop_text(&mut self, path: &str) {
        if self.reads(path) {
            self.change(|session| session.drop_text(path));
        }
    }

    /// Reads a file again that has changed on the disk.
    pub fn refresh(&mut self, path: &str) {
        if path == "nixpact.toml" || path.ends_with("baseline.json") {
            self.change(Session::reload);
        } else if self.reads(path) {
            self.change(|session| session.refresh(path));
        } else {
            // Nix may read any file.
            self.is_dirty = true;
            if let Some(session) = &mut self.session {
                session.forget();
            }
        }
    }

    fn change(&mut self, apply: impl FnOnce(&mut Session) -> Result<(), Failure>) {
        self.is_dirty = true;
        if let Some(session) = &mut self.session
            && let Err(failure) = apply(session)
        {
            self.failure = Some(failure);
            // It is opened anew, with the configuration as it then is.
            self.session = None;
        }
    }

    /// Looks at what has changed. `overlay` has the texts that the client holds. `false` when `interrupt`
    /// came before the end.
    pub fn analyse(&mut self, overlay: impl FnOnce() -> Overlay, interrupt: &AtomicBool) -> bool {
        if !self.is_dirty {
            return true;
        }
        match self.look(overlay, interrupt) {
            Ok(None) => return false,
            Ok(Some(snapshot)) => {
                self.stale = self.snapshot.replace(snapshot);
                self.trials.clear();
                self.failure = None;
            }
            Err(failure) => self.failure = Some(failure),
        }
        self.is_dirty = false;
        true
    }

    /// Gives back the memory of earlier results.
    pub fn tidy(&mut self) {
        self.stale = None;
        if let Some(session) = &self.session {
            session.tidy();
        }
    }

    fn look(
        &mut self,
        overlay: impl FnOnce() -> Overlay,
        interrupt: &AtomicBool,
    ) -> Result<Option<Snapshot>, Failure> {
        let session = match self.session.take() {
            Some(session) => session,
            None => {
                let options = Options { root: self.root.clone(), ..Options::default() };
                let mut session = Session::open(options)?;
                // One by one: of a text that does not parse, that of the disk is the last that did.
                for (path, text) in overlay() {
                    if self.reads(&path) {
                        session.set_text(&path, text)?;
                    }
                }
                session
            }
        };
        self.session.insert(session).analyse(interrupt)
    }
}
