//! Which checkout of nixpkgs is read besides the repository.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nixpact_eval::{Evaluator, Nixpkgs};
use nixpact_source::{LoadError, Sources};

use crate::config::Config;
use crate::load::{Failure, Options};

mod lock;

/// A nixpkgs whose `lib` is read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Choice {
    /// The one that `flake.lock` pins, where it is in the store.
    Lock,
    /// A checkout.
    Path(PathBuf),
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

impl Choice {
    /// The same with a path that begins at `root`.
    pub(crate) fn below(&self, root: &Path) -> Choice {
        match self {
            Choice::Path(path) => Choice::Path(root.join(path)),
            Choice::Lock => Choice::Lock,
        }
    }
}

/// Lists the files of the one that was chosen.
pub(crate) fn open(
    sources: &Sources,
    options: &Options,
    config: &Config,
) -> Result<Option<Arc<Nixpkgs>>, Failure> {
    let configured = config.nixpkgs().map(|choice| choice.below(sources.root()));
    let path = match options.nixpkgs.clone().or(configured) {
        None => return Ok(None),
        Some(Choice::Path(path)) => path,
        Some(Choice::Lock) => lock::store_path(sources).map_err(Failure::Nixpkgs)?,
    };
    Nixpkgs::open(&path).map(|nixpkgs| Some(Arc::new(nixpkgs))).map_err(Failure::Nixpkgs)
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
