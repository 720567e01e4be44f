//! From a directory to parsed files and an evaluator over them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock, mpsc};
use std::thread::Scope;

use bumpalo::Bump;
use nixpact_contract::{Evaluators, FileFacts, Files, Job, Settings};
use nixpact_eval::{Evaluator, Limits, Nixpkgs};
use nixpact_source::{FileId, LoadError, Overlay, Sources};
use nixpact_syntax::Ast;
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::baseline::{Baseline, BaselineError};
use crate::config::{Config, ConfigError, stack_bytes};
use crate::formatter::Formatter;
use crate::levels::Levels;
use crate::nixpkgs;
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
    /// The nixpkgs whose `lib` is read, in place of the one that the configuration names.
    pub nixpkgs: Option<nixpkgs::Choice>,
}

/// Why there is no analysis: nothing was checked.
#[derive(Debug)]
pub enum Failure {
    Load(LoadError),
    Config(ConfigError),
    Baseline(BaselineError),
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
    /// There is no nixpkgs where one was said to be.
    Nixpkgs(LoadError),
    /// The machine would not give what the work needs.
    Thread(std::io::Error),
}

impl std::fmt::Display for Failure {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Load(error) | Failure::Nixpkgs(error) => error.fmt(out),
            Failure::Config(error) => error.fmt(out),
            Failure::Baseline(error) => error.fmt(out),
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
    /// In the order of the files.
    pub asts: Vec<Ast>,
    /// Likewise.
    pub facts: Vec<Arc<FileFacts>>,
    pub limits: Limits,
    pub nixpkgs: Option<Arc<Nixpkgs>>,
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
        let (sources, asts) = pool()?
            .install(|| Sources::load_with(root, excluded, &options.overlay, nixpact_syntax::parse))
            .map_err(Failure::Load)?;
        let nixpkgs = nixpkgs::open(&sources, options, config)?;
        Ok(Loaded::of(sources, asts, config.limits(), nixpkgs))
    }

    fn of(
        sources: Sources,
        asts: Vec<Ast>,
        limits: Limits,
        nixpkgs: Option<Arc<Nixpkgs>>,
    ) -> Loaded {
        let facts = asts.iter().map(|_| Arc::default()).collect();
        Loaded { sources, asts, facts, limits, nixpkgs }
    }

    pub fn parse(
        sources: Sources,
        limits: Limits,
        nixpkgs: Option<Arc<Nixpkgs>>,
    ) -> Result<Loaded, Failure> {
        let files = || sources.files().par_iter().enumerate();
        let parse =
            || files().map(|(at, file)| nixpact_syntax::parse(FileId::new(at as u32), &file.text));
        let asts = pool()?.install(|| parse().collect());
        Ok(Loaded::of(sources, asts, limits, nixpkgs))
    }

    /// Puts another text in the place of a file's; what the file was.
    pub fn replace(&mut self, file: FileId, text: String, ast: Ast) -> Ast {
        self.sources.set_text(file, text);
        self.facts[file.index()] = Arc::default();
        std::mem::replace(&mut self.asts[file.index()], ast)
    }

    /// Adds a text from the command line.
    pub fn add_text(&mut self, name: &str, text: &str) -> Result<FileId, Failure> {
        let file = self.sources.add_text(name, text.to_owned());
        let ast = parse_file(file, text)?;
        if let Some(error) = ast.errors.first() {
            return Err(Failure::Text(format!("{name}: syntax error: {}", error.message)));
        }
        self.asts.push(ast);
        self.facts.push(Arc::default());
        Ok(file)
    }

    pub fn settings(&self, config: &Config) -> Result<Settings, Failure> {
        let paths = self.sources.files().iter().map(|file| file.path.as_str());
        config.settings(paths).map_err(Failure::Config)
    }

    fn evaluator<'a>(
        &'a self,
        arena: &'a Bump,
        interrupt: &'a AtomicBool,
    ) -> Result<Evaluator<'a>, Failure> {
        let (sources, groups) = (&self.sources, nixpact_modules::GROUPS);
        let mut evaluator = Evaluator::new(arena, sources, &self.asts, groups, self.limits);
        evaluator.set_interrupt(interrupt);
        nixpkgs::give(self.nixpkgs.as_deref(), &mut evaluator)?;
        Ok(evaluator)
    }

    /// Runs `work` with an evaluator, on a thread with the stack that deep evaluation needs.
    pub fn evaluate<T: Send>(
        &self,
        work: impl for<'a> FnOnce(&Evaluator<'a>, Files<'a>) -> T + Send,
    ) -> Result<T, Failure> {
        let (result, _) = self.evaluate_in(Bump::new(), &AtomicBool::new(false), None, work)?;
        Ok(result)
    }

    /// As [`evaluate`](Loaded::evaluate), in an arena that is given back for whoever has the time to empty
    /// it. What `work` gives means nothing once `interrupt` is set. It is told what hangs on the text of
    /// the `watched` file.
    pub fn evaluate_in<T: Send>(
        &self,
        arena: Bump,
        interrupt: &AtomicBool,
        watched: Option<FileId>,
        work: impl for<'a> FnOnce(&Evaluator<'a>, Files<'a>) -> T + Send,
    ) -> Result<(T, Bump), Failure> {
        let workers = pool()?;
        let (result, arena) = std::thread::scope(|scope| {
            let others = Others::start(scope, self, interrupt);
            let run = move || {
                let (asts, facts) = (&self.asts, &self.facts);
                let files = Files { asts, facts, workers, evaluators: &others };
                let result = self.evaluator(&arena, interrupt).map(|mut evaluator| {
                    if let Some(file) = watched {
                        evaluator.watch(file);
                    }
                    work(&evaluator, files)
                });
                (result, arena)
            };
            let thread = std::thread::Builder::new()
                .name("evaluation".to_owned())
                .stack_size(stack_bytes(&self.limits))
                .spawn_scoped(scope, run)
                .map_err(Failure::Thread)?;
            // A panic is a defect: it goes on here.
            thread.join().map_err(|panic| std::panic::resume_unwind(panic))
        })?;
        Ok((result?, arena))
    }
}

/// Threads that evaluate beside the first one, as soon as it has work for them.
struct Others(Vec<mpsc::Sender<Job>>);

impl Others {
    /// As many as there are on every machine: what is found hangs on how the work is shared out.
    const THREADS: usize = 3;

    /// They end when nobody can give them work any more.
    fn start<'s, 'l: 's>(
        scope: &'s Scope<'s, 'l>,
        loaded: &'l Loaded,
        interrupt: &'l AtomicBool,
    ) -> Others {
        let thread = |_| {
            let (send, jobs) = mpsc::channel::<Job>();
            let run = move || {
                for job in jobs {
                    let arena = Bump::new();
                    // Where nixpkgs cannot be given, the first evaluator says so.
                    if let Ok(evaluator) = loaded.evaluator(&arena, interrupt) {
                        job(&evaluator);
                    }
                }
            };
            let thread = std::thread::Builder::new()
                .name("evaluation beside".to_owned())
                .stack_size(stack_bytes(&loaded.limits));
            thread.spawn_scoped(scope, run).ok().map(|_| send)
        };
        Others((0..Self::THREADS).filter_map(thread).collect())
    }
}

impl Evaluators for Others {
    fn threads(&self) -> usize {
        self.0.len()
    }

    fn start(&self, at: usize, work: Job) {
        // A thread that is gone has panicked, which comes to light where it is joined.
        let _ = self.0[at].send(work);
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
