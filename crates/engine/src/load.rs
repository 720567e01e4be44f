//! From a directory to its files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use nixpact_contract::{FileFacts, Settings, UnknownHosts};
use nixpact_eval::{Limits, Outside};
use nixpact_source::{FileId, LoadError, Overlay, Sources};
use nixpact_syntax::{Ast, Asts};
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::baseline::{Baseline, BaselineError};
use crate::config::{Config, ConfigError};
use crate::formatter::Formatter;
use crate::levels::Levels;
use crate::outside;
use crate::phase::{Observer, Phase};

/// What to analyse.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The repository; the current directory when empty.
    pub root: PathBuf,
    /// The configuration file; `nixpact.toml` in the root, if there is one, when absent.
    pub config: Option<PathBuf>,
    /// The only host to look at.
    pub host: Option<String>,
    /// The only lint to ask.
    pub lint: Option<&'static str>,
    /// Levels that count before those of the configuration.
    pub levels: Levels,
    pub observer: Observer,
    /// Texts that count in place of files, such as those that an editor holds.
    pub overlay: Overlay,
    /// Files that are taken not to be there, by path relative to the root.
    pub hidden: BTreeSet<String>,
    /// Services that are taken for enabled on every host.
    pub assume_enabled: Vec<String>,
    /// Known findings, in place of the baseline that the configuration names.
    pub baseline: Option<Baseline>,
    pub formatter: Formatter,
    /// The nixpkgs that is read, in place of the one that the configuration names.
    pub nixpkgs: Option<outside::Place>,
    /// The inputs that are read.
    pub inputs: Vec<outside::InputChoice>,
    /// What is read besides the repository where that is open already, in place of both.
    pub outside: Option<Arc<Outside>>,
}

/// Why there is no analysis: nothing was checked.
#[derive(Debug)]
pub enum Failure {
    Load(LoadError),
    Config(ConfigError),
    Baseline(BaselineError),
    /// No host is known, perhaps with the reason.
    NoHost(Option<Box<UnknownHosts>>),
    /// The root has no flake, and a directory below it has one with hosts.
    HostsBelow(String),
    /// The host that was asked for, and those that there are.
    UnknownHost(String, Vec<String>),
    /// The service that was asked for, and the one whose name is nearest.
    UnknownService(String, Option<String>),
    /// This is no attribute path.
    Path(String),
    /// There is no such file in the repository.
    NoFile(String),
    /// A text from the command line does not parse, with the reason.
    Text(String),
    /// The formatter that the configuration names could not be asked.
    Formatter(String),
    /// There is no nixpkgs, or no input, where one was said to be.
    Outside(LoadError),
    /// The machine would not give what the work needs.
    Thread(std::io::Error),
}

impl std::fmt::Display for Failure {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Load(error) | Failure::Outside(error) => error.fmt(out),
            Failure::Config(error) => error.fmt(out),
            Failure::Baseline(error) => error.fmt(out),
            Failure::NoHost(None) => {
                write!(
                    out,
                    "the repository has no host whose options could be read; name its modules in nixpact.toml, \
                     under [hosts.NAME]"
                )
            }
            Failure::NoHost(Some(unknown)) => {
                write!(out, "the hosts are not known: {}; ", unknown.why.reason)?;
                if unknown.is_in_input {
                    write!(out, "read the inputs of the flake, with --input lock, or ")?;
                }
                write!(out, "name the modules of one in nixpact.toml, under [hosts.NAME]")
            }
            Failure::HostsBelow(directory) => {
                write!(
                    out,
                    "the root has no flake.nix; the flake in {directory} has hosts: name it with --root"
                )
            }
            Failure::UnknownHost(host, known) if known.is_empty() => {
                write!(out, "there is no host '{host}': the repository names no hosts")
            }
            Failure::UnknownHost(host, known) => {
                write!(out, "there is no host '{host}'; the hosts are {}", known.join(", "))
            }
            Failure::UnknownService(name, Some(nearest)) => {
                write!(out, "no host has a service '{name}'; did you mean '{nearest}'?")
            }
            Failure::UnknownService(name, None) => {
                write!(out, "no host has a service '{name}'; nixpact services lists them")
            }
            Failure::Path(path) => {
                write!(out, "'{path}' is no attribute path; it is written as in Nix: a.\"b.c\".d")
            }
            Failure::NoFile(path) => {
                write!(
                    out,
                    "{path}: no such .nix file in the repository; name it relative to --root"
                )
            }
            Failure::Text(problem) => write!(out, "{problem}"),
            Failure::Formatter(problem) => write!(out, "the formatter: {problem}"),
            Failure::Thread(error) => write!(out, "no thread could be started: {error}"),
        }
    }
}

impl std::error::Error for Failure {}

/// A repository, parsed.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub sources: Sources,
    pub asts: Asts,
    /// In the order of the files.
    pub facts: Vec<Arc<FileFacts>>,
    pub limits: Limits,
    pub outside: Option<Arc<Outside>>,
}

impl Loaded {
    pub fn read(options: &Options) -> Result<(Loaded, Config), Failure> {
        options.observer.begins(Phase::Read);
        let root = match options.root.as_os_str().is_empty() {
            true => PathBuf::from("."),
            false => options.root.clone(),
        };
        let beside = root.join("nixpact.toml");
        let config = match &options.config {
            Some(path) => Config::load(path).map_err(Failure::Config)?,
            None if beside.is_file() => Config::load(&beside).map_err(Failure::Config)?,
            None => Config::default(),
        };
        Ok((Loaded::at(&root, options, &config)?, config))
    }

    /// Reads a repository with a configuration that is given.
    pub fn with(options: &Options, config: &Config) -> Result<Loaded, Failure> {
        options.observer.begins(Phase::Read);
        let root = match options.root.as_os_str().is_empty() {
            true => Path::new("."),
            false => options.root.as_path(),
        };
        Loaded::at(root, options, config)
    }

    fn at(root: &Path, options: &Options, config: &Config) -> Result<Loaded, Failure> {
        let excluded = |path: &str| config.excludes(path) || options.hidden.contains(path);
        let sources = pool()?
            .install(|| Sources::load_with(root, excluded, &options.overlay))
            .map_err(Failure::Load)?;
        let outside = outside::open(&sources, options, config)?;
        Ok(Loaded::of(sources, config.limits(), outside))
    }

    /// Nothing is parsed yet.
    pub fn of(sources: Sources, limits: Limits, outside: Option<Arc<Outside>>) -> Loaded {
        let asts = Asts::of(&sources);
        let facts = sources.files().iter().map(|_| Arc::default()).collect();
        Loaded { sources, asts, facts, limits, outside }
    }

    /// A file of the repository, parsed.
    pub fn ast(&self, file: FileId) -> Option<&Ast> {
        // The caller's stack may be too small to parse it.
        self.asts.parsed(file).or_else(|| pool().ok()?.install(|| self.asts.get(file)))
    }

    /// Puts another text in the place of a file's; what the file was, if that was looked at.
    pub fn replace(&mut self, file: FileId, text: String, ast: Ast) -> Option<Arc<Ast>> {
        self.sources.set_text(file, text);
        self.facts[file.index()] = Arc::default();
        self.asts.set(self.sources.files()[file.index()].clone(), ast)
    }

    /// Adds a text from the command line.
    pub fn add_text(&mut self, name: &str, text: &str) -> Result<FileId, Failure> {
        let file = self.sources.add_text(name, text.to_owned());
        let ast = parse_file(file, text)?;
        if let Some(error) = ast.errors.first() {
            return Err(Failure::Text(format!("{name}: syntax error: {}", error.message)));
        }
        self.asts.set(self.sources.files()[file.index()].clone(), ast);
        self.facts.push(Arc::default());
        Ok(file)
    }

    pub fn settings(&self, config: &Config) -> Result<Settings, Failure> {
        let paths = self.sources.files().iter().map(|file| file.path.as_str());
        config.settings(paths).map_err(Failure::Config)
    }
}

/// Parses one text, with the stack that it may need.
pub(crate) fn parse_file(file: FileId, text: &str) -> Result<Ast, Failure> {
    Ok(pool()?.install(|| nixpact_syntax::parse(file, text)))
}

/// The threads that parse: deep nesting needs a deep stack.
pub(crate) fn pool() -> Result<&'static ThreadPool, Failure> {
    static POOL: OnceLock<ThreadPool> = OnceLock::new();
    if let Some(pool) = POOL.get() {
        return Ok(pool);
    }
    let pool = ThreadPoolBuilder::new()
        .stack_size(nixpact_syntax::STACK_BYTES)
        .build()
        .map_err(|error| Failure::Thread(std::io::Error::other(error)))?;
    Ok(POOL.get_or_init(|| pool))
}
