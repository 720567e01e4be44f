//! What is read besides the repository: a nixpkgs, and inputs of the flake.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use nixpact_eval::{Evaluator, Input, InputOf, Outside};
use nixpact_source::{LoadError, Sources};

use crate::config::Config;
use crate::load::{Failure, Options};
use lock::Lock;
use pins::Pin;

mod lock;
mod pins;
mod store;

/// The input that is nixpkgs.
const NIXPKGS: &str = "nixpkgs";

/// Where a nixpkgs is.
#[derive(Clone, Debug)]
pub enum Place {
    /// In the store, as `flake.lock` pins it, or npins, niv or lon where there is no flake.
    Lock,
    Path(PathBuf),
}

impl From<&str> for Place {
    /// As it is written on the command line and in `nixpact.toml`: `lock`, or a path.
    fn from(text: &str) -> Place {
        match text {
            "lock" => Place::Lock,
            path => Place::Path(path.into()),
        }
    }
}

/// Inputs that are read.
#[derive(Clone, Debug)]
pub enum InputChoice {
    /// All that `flake.lock` pins, from the store.
    Lock,
    /// One, by its name or the names that lead to it, `sops-nix/treefmt`, from a directory.
    Path(String, PathBuf),
}

impl std::str::FromStr for InputChoice {
    type Err = String;

    /// As it is written on the command line: `lock`, or `NAME=PATH`.
    fn from_str(text: &str) -> Result<InputChoice, String> {
        match text.split_once('=') {
            None if text == "lock" => Ok(InputChoice::Lock),
            Some((name, path)) if !name.is_empty() && !path.is_empty() => {
                Ok(InputChoice::Path(name.to_owned(), path.into()))
            }
            _ => Err("write NAME=PATH for an input in a directory, or lock for all in the store"
                .to_owned()),
        }
    }
}

/// Lists the files of what was chosen; `None` where nothing is read besides the repository.
pub(crate) fn open(
    sources: &Sources,
    options: &Options,
    config: &Config,
) -> Result<Option<Arc<Outside>>, Failure> {
    if let Some(open) = &options.outside {
        return Ok(Some(Arc::clone(open)));
    }
    open_anew(sources, options, config).map_err(Failure::Outside)
}

fn open_anew(
    sources: &Sources,
    options: &Options,
    config: &Config,
) -> Result<Option<Arc<Outside>>, LoadError> {
    let inputs = match &options.inputs[..] {
        [] if config.reads_inputs() => &[InputChoice::Lock],
        inputs => inputs,
    };
    if inputs.is_empty() && options.nixpkgs.is_none() && config.nixpkgs().is_none() {
        return Ok(None);
    }
    let takes_lock = inputs.iter().any(|input| matches!(input, InputChoice::Lock));
    let is_flake = sources.id("flake.nix").is_some();
    let lock = match Lock::read(sources) {
        // Other sources may be pinned elsewhere.
        Err(error) if takes_lock && is_flake => return Err(error),
        lock => lock,
    };
    let own = inputs.iter().find_map(|input| match input {
        InputChoice::Path(name, path) if name == NIXPKGS => Some(Place::Path(path.clone())),
        _ => None,
    });
    let named = options.nixpkgs.clone().or(own);
    let pin = if is_flake { None } else { pins::nixpkgs(sources) };
    let in_store = || match &pin {
        Some(pin) => pinned_in_store(sources, pin),
        None => nixpkgs_in_store(sources, is_flake),
    };
    let pins_nixpkgs = || lock.as_ref().is_ok_and(|lock| lock.node([NIXPKGS]).is_some());
    let nixpkgs = match (&named, config.nixpkgs()) {
        (Some(Place::Path(path)), _) => Some(path.clone()),
        (None, Some(Place::Path(path))) => Some(inside(sources.root(), path)?),
        (Some(Place::Lock), _) | (None, Some(Place::Lock)) => Some(in_store()?),
        (None, None) if takes_lock && is_flake && pins_nixpkgs() => Some(in_store()?),
        // Nothing that files fetch need be at hand.
        (None, None) if takes_lock && pin.is_some() => in_store().ok(),
        (None, None) => None,
    };
    if let Ok(lock) = &lock {
        check_names(sources, inputs, lock)?;
    }
    let mut outside = Outside::default();
    if takes_lock {
        outside.read_fetched(Box::new(store::path));
    }
    if let Some(nixpkgs) = nixpkgs {
        outside.add_nixpkgs(&nixpkgs)?;
        if let Some(pin) = pin {
            outside.set_nixpkgs_hash(pin.hash);
        }
    }
    for input in at_hand(inputs, lock.as_ref().ok()) {
        outside.add_input(input).map_err(|error| match takes_lock && !error.path.is_dir() {
            true => LoadError {
                remedy: "run nix flake archive, which puts all inputs into the store, or name those that \
                         matter with --input NAME=PATH",
                ..error
            },
            false => error,
        })?;
    }
    Ok(Some(Arc::new(outside)))
}

/// The node of an input by its name, or the names that lead to it.
fn node<'l>(lock: &'l Lock, name: &str) -> Option<&'l str> {
    lock.node(name.split(['/', '.']))
}

/// Refuses names that the lock file does not have.
fn check_names(sources: &Sources, choices: &[InputChoice], lock: &Lock) -> Result<(), LoadError> {
    for choice in choices {
        if let InputChoice::Path(name, _) = choice
            && node(lock, name).is_none()
        {
            return Err(LoadError {
                path: sources.root().join("flake.lock"),
                problem: format!("it pins no input '{name}', which --input names"),
                remedy: "name an input of the flake, as in sops-nix=PATH, or run nix flake lock",
            });
        }
    }
    Ok(())
}

/// The directory of a pinned nixpkgs in the store of this machine.
fn pinned_in_store(sources: &Sources, pin: &Pin) -> Result<PathBuf, LoadError> {
    const REMEDY: &str = "build a host, which fetches it, or name a checkout with --nixpkgs PATH";
    let Some(path) = store::path(&pin.hash, "source") else {
        return Err(LoadError {
            path: sources.root().join(pin.file),
            problem: "the pin 'nixpkgs' has no hash of sha256".to_owned(),
            remedy: "name a checkout with --nixpkgs PATH",
        });
    };
    match path.is_dir() {
        true => Ok(path),
        false => Err(LoadError {
            path,
            problem: format!("the nixpkgs that {} pins is not in the store", pin.file),
            remedy: REMEDY,
        }),
    }
}

/// The directory of the input `nixpkgs` in the store of this machine.
fn nixpkgs_in_store(sources: &Sources, is_flake: bool) -> Result<PathBuf, LoadError> {
    const REMEDY: &str = "lock the input nixpkgs, or name a checkout with --nixpkgs PATH";
    if !is_flake {
        return Err(LoadError {
            path: sources.root().to_owned(),
            problem: format!("there is no flake, and no {} pins a nixpkgs", pins::FILES.join(", ")),
            remedy: "name a checkout with --nixpkgs PATH",
        });
    }
    let lock = Lock::read(sources)?;
    let failed = |problem: &str| LoadError {
        path: sources.root().join("flake.lock"),
        problem: problem.to_owned(),
        remedy: REMEDY,
    };
    let node = lock.node([NIXPKGS]).ok_or_else(|| failed("it pins no input 'nixpkgs'"))?;
    let path = lock.directory(node);
    let path = path.ok_or_else(|| failed("the input 'nixpkgs' has no narHash of sha256"))?;
    match path.is_dir() {
        true => Ok(path),
        false => Err(LoadError {
            path,
            problem: "the nixpkgs that flake.lock pins is not in the store".to_owned(),
            remedy: "run nix flake archive, or name a checkout with --nixpkgs PATH",
        }),
    }
}

/// The inputs that were chosen, but nixpkgs and what nixpact follows by itself.
fn at_hand(choices: &[InputChoice], lock: Option<&Lock>) -> Vec<Input> {
    let mut found: Vec<(String, Option<&str>, PathBuf)> = Vec::new();
    for choice in choices {
        if let InputChoice::Path(name, path) = choice
            && name != NIXPKGS
            && !lock::is_native(name)
        {
            let node = lock.and_then(|lock| node(lock, name));
            let name = name.replace('/', ".");
            found.retain(|(known, _, _)| *known != name);
            found.push((name, node, path.clone()));
        }
    }
    if choices.iter().any(|choice| matches!(choice, InputChoice::Lock)) {
        let given: Vec<_> = found.iter().filter_map(|(_, node, _)| *node).collect();
        let pinned = lock.map(Lock::pinned).into_iter().flatten();
        let pinned = pinned.filter(|pinned| !given.contains(&pinned.node));
        found.extend(pinned.map(|pinned| (pinned.name, Some(pinned.node), pinned.directory)));
    }
    let positions = found.iter().enumerate().filter_map(|(at, (_, node, _))| Some(((*node)?, at)));
    let positions: BTreeMap<&str, usize> = positions.collect();
    let below = |name: &str| {
        let inner = |(at, (other, _, _)): (usize, &(String, _, _))| {
            let own = other.strip_prefix(name)?.strip_prefix('.')?;
            (!own.contains('.')).then(|| (own.to_owned(), InputOf::AtHand(at)))
        };
        found.iter().enumerate().filter_map(inner).collect()
    };
    let input = |(name, node, directory): &(String, Option<&str>, PathBuf)| {
        let pinned = lock.zip(*node);
        let flake = match pinned {
            Some((lock, node)) => lock.flake(node).map(str::to_owned),
            None => directory.join("flake.nix").is_file().then(String::new),
        };
        Input {
            name: name.clone(),
            directory: directory.clone(),
            flake,
            inputs: match pinned {
                Some((lock, node)) => lock.inputs_of(node, &positions),
                None => below(name),
            },
            is_locked: pinned.and_then(|(lock, node)| lock.directory(node)).as_ref()
                == Some(directory),
        }
    };
    found.iter().map(input).collect()
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
    outside: Option<&'a Outside>,
    evaluator: &mut Evaluator<'a>,
) -> Result<(), Failure> {
    let Some(outside) = outside else { return Ok(()) };
    evaluator.set_outside(outside).map_err(|problem| {
        let directory = outside.nixpkgs_directory().unwrap_or(Path::new(""));
        Failure::Outside(LoadError {
            path: directory.join("lib/default.nix"),
            problem: format!("this is not nixpkgs' lib: {problem}"),
            remedy: "name a checkout of nixpkgs, or of its lib alone",
        })
    })
}
