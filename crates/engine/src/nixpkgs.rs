//! Which checkout of nixpkgs is read besides the repository.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nixpact_eval::{Evaluator, Nixpkgs};
use nixpact_source::{LoadError, Sources};

use crate::config::Config;
use crate::load::{Failure, Options};

mod lock;

/// A nixpkgs that is read.
#[derive(Clone, Debug)]
pub enum Choice {
    /// The one that `flake.lock` pins, where it is in the store.
    Lock,
    /// A checkout.
    Path(PathBuf),
    /// One whose files are listed already, and some of them parsed.
    Open(Arc<Nixpkgs>),
}

impl From<&str> for Choice {
    /// As it is written on the command line and in `nixpact.toml`: `lock`, or a path.
    fn from(text: &str) -> Choice {
        match text {
            "lock" => Choice::Lock,
            path => Choice::Path(path.into()),
        }
    }
}

/// Lists the files of the one that was chosen.
pub(crate) fn open(
    sources: &Sources,
    options: &Options,
    config: &Config,
) -> Result<Option<Arc<Nixpkgs>>, Failure> {
    let path = match (&options.nixpkgs, config.nixpkgs()) {
        (None, None) => return Ok(None),
        (Some(Choice::Open(nixpkgs)), _) | (None, Some(Choice::Open(nixpkgs))) => {
            return Ok(Some(Arc::clone(nixpkgs)));
        }
        (Some(Choice::Path(path)), _) => Ok(path.clone()),
        (None, Some(Choice::Path(path))) => inside(sources.root(), path),
        (Some(Choice::Lock), _) | (None, Some(Choice::Lock)) => lock::store_path(sources),
    };
    let nixpkgs = path.and_then(|path| Nixpkgs::open(&path)).map_err(Failure::Nixpkgs)?;
    Ok(Some(Arc::new(nixpkgs)))
}

/// A path of the configuration: a file of the repository must not say what else is read on a machine.
fn inside(root: &Path, path: &Path) -> Result<PathBuf, LoadError> {
    let path = root.join(path);
    match path.canonicalize() {
        Ok(full) if !full.starts_with(root) => Err(LoadError {
            path,
            problem: "nixpact.toml names a nixpkgs that lies outside of the repository".to_owned(),
            remedy: "name it with --nixpkgs PATH, or keep it in the repository",
        }),
        _ => Ok(path),
    }
}

/// Hands it to an evaluator.
pub(crate) fn give<'a>(
    nixpkgs: Option<&'a Nixpkgs>,
    evaluator: &mut Evaluator<'a>,
) -> Result<(), Failure> {
    let Some(nixpkgs) = nixpkgs else { return Ok(()) };
    evaluator.set_nixpkgs(nixpkgs).map_err(|problem| {
        Failure::Nixpkgs(LoadError {
            path: nixpkgs.lib_file(),
            problem: format!("this is not nixpkgs' lib: {problem}"),
            remedy: "name a checkout of nixpkgs, or of its lib alone",
        })
    })
}
