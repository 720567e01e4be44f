use std::path::PathBuf;
use std::sync::OnceLock;

use bumpalo::Bump;
use nixpact_contract::{Model, Settings};
use nixpact_diagnostics::{Diagnostic, Severity};
use nixpact_eval::{Evaluator, Limits};
use nixpact_lints::{CATALOGUE, Lint, Sink};
use nixpact_source::{FileId, LoadError, Sources};
use nixpact_syntax::Ast;
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::config::{Config, ConfigError};
use crate::values::Values;

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
}

/// Why there is no analysis: nothing was checked.
#[derive(Debug)]
pub enum Failure {
    Load(LoadError),
    Config(ConfigError),
    /// The host that was asked for, and those that there are.
    UnknownHost(String, Vec<String>),
    /// The machine would not give what the work needs.
    Thread(std::io::Error),
}

impl std::fmt::Display for Failure {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Load(error) => error.fmt(out),
            Failure::Config(error) => error.fmt(out),
            Failure::UnknownHost(host, known) if known.is_empty() => {
                write!(out, "there is no host '{host}': the repository names no hosts")
            }
            Failure::UnknownHost(host, known) => {
                write!(out, "there is no host '{host}'; the hosts are {}", known.join(", "))
            }
            Failure::Thread(error) => write!(out, "no thread could be started: {error}"),
        }
    }
}

impl std::error::Error for Failure {}

/// A repository, looked at.
#[derive(Debug)]
pub struct Analysis {
    pub sources: Sources,
    pub model: Model,
    /// In the order of their places.
    pub diagnostics: Vec<Diagnostic>,
    pub values: Values,
}

impl Analysis {
    /// Reads and analyses a repository. The same files give the same result, whatever the number of
    /// threads.
    ///
    /// # Errors
    ///
    /// When the work could not be done at all; what is wrong in the repository is a diagnostic.
    pub fn run(options: &Options) -> Result<Analysis, Failure> {
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
        let pool = pool().map_err(Failure::Thread)?;
        let excluded = |path: &str| config.excludes(path);
        let (sources, asts) = pool
            .install(|| Sources::load_with(&root, excluded, nixpact_syntax::parse))
            .map_err(Failure::Load)?;
        Analysis::parsed(sources, asts, &config, options)
    }

    /// Analyses files that are already read.
    ///
    /// # Errors
    ///
    /// As [`run`](Analysis::run).
    pub fn of(sources: Sources, config: &Config, options: &Options) -> Result<Analysis, Failure> {
        let pool = pool().map_err(Failure::Thread)?;
        let asts: Vec<Ast> = pool.install(|| parse(&sources));
        Analysis::parsed(sources, asts, config, options)
    }

    fn parsed(
        sources: Sources,
        asts: Vec<Ast>,
        config: &Config,
        options: &Options,
    ) -> Result<Analysis, Failure> {
        let paths = sources.files().iter().map(|file| file.path.as_str());
        let settings = config.settings(paths).map_err(Failure::Config)?;
        let mut model = on_large_stack(|| evaluate(&sources, &asts, &settings))?;
        // A file that does not parse may be the one that declares it.
        let declared = !model.contracts.is_empty() || !model.syntax_errors.is_empty();
        config.check_contract(declared).map_err(Failure::Config)?;
        if let Some(host) = &options.host {
            select_host(&mut model, host)?;
        }
        // Trees of any size are dropped while the lints already run.
        let drop_asts = move || drop(asts);
        let diagnostics = std::thread::scope(|scope| {
            scope.spawn(drop_asts);
            lint(&model, config, options)
        });
        let values = Values::count(&model);
        Ok(Analysis { sources, model, diagnostics, values })
    }

    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|d| d.severity == severity).count()
    }
}

/// The threads that parse: deep nesting needs a deep stack.
fn pool() -> Result<&'static ThreadPool, std::io::Error> {
    static POOL: OnceLock<ThreadPool> = OnceLock::new();
    if let Some(pool) = POOL.get() {
        return Ok(pool);
    }
    let pool = ThreadPoolBuilder::new()
        .stack_size(nixpact_syntax::STACK_BYTES)
        .build()
        .map_err(std::io::Error::other)?;
    Ok(POOL.get_or_init(|| pool))
}

fn parse(sources: &Sources) -> Vec<Ast> {
    let files = sources.files().par_iter().enumerate();
    files.map(|(at, file)| nixpact_syntax::parse(FileId(at as u32), &file.text)).collect()
}

fn evaluate(sources: &Sources, asts: &[Ast], settings: &Settings) -> Model {
    let arena = Bump::new();
    let groups = nixpact_modules::GROUPS;
    let evaluator = Evaluator::new(&arena, sources, asts, groups, Limits::default());
    nixpact_contract::build(&evaluator, asts, settings)
}

fn on_large_stack<T: Send>(run: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .name("evaluation".to_owned())
            .stack_size(nixpact_eval::STACK_BYTES)
            .spawn_scoped(scope, run)
            .map_err(Failure::Thread)?;
        // A panic is a defect: it goes on here.
        thread.join().map_err(|panic| std::panic::resume_unwind(panic))
    })
}

fn select_host(model: &mut Model, host: &str) -> Result<(), Failure> {
    let is_meant = |name: &Option<String>| name.as_deref() == Some(host);
    if !model.hosts.iter().any(|known| is_meant(&known.name)) {
        let known = model.hosts.iter().filter_map(|host| host.name.clone()).collect();
        return Err(Failure::UnknownHost(host.to_owned(), known));
    }
    model.hosts.retain(|known| is_meant(&known.name));
    Ok(())
}

fn lint(model: &Model, config: &Config, options: &Options) -> Vec<Diagnostic> {
    let mut findings: Vec<Diagnostic> = Vec::new();
    let asked = |lint: &&&'static Lint| options.lint.is_none_or(|only| only == lint.name);
    for lint in CATALOGUE.iter().filter(asked) {
        if let Some(severity) = config.level(lint).severity() {
            (lint.check)(model, &mut Sink::new(lint, severity, &mut findings));
        }
    }
    findings.sort_by(|a, b| key(a).cmp(&key(b)));
    // One mistake in a module that several hosts share is one finding.
    findings.dedup_by(|a, b| key(a) == key(b));
    findings
}

fn key(finding: &Diagnostic) -> (Option<nixpact_source::Span>, &'static str, &str) {
    (finding.primary.as_ref().map(|label| label.span), finding.lint, &finding.message)
}
