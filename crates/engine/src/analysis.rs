use std::sync::Arc;

use nixpact_contract::{Model, Reuse, Settings, nearest};
use nixpact_diagnostics::{Diagnostic, Severity};
use nixpact_lints::{CATALOGUE, Check, Decisions, Level, Lint, OptionValues, Sink};
use nixpact_source::{Sources, Span};
use nixpact_syntax::SuppressionComment;
use rayon::prelude::*;

use crate::baseline::Baseline;
use crate::config::Config;
use crate::levels::{Levels, Place, lint_of};
use crate::load::{Failure, Loaded, Options, pool};
use crate::phase::Phase;
use crate::values::Values;
use crate::{decisions, fingerprint, formatter, outside};

/// A repository, looked at.
#[derive(Debug)]
pub struct Analysis {
    pub sources: Sources,
    pub model: Arc<Model>,
    /// In the order of their places.
    pub diagnostics: Vec<Diagnostic>,
    /// Findings that a comment or the baseline says are to stay, in the same order.
    pub suppressed: Vec<Diagnostic>,
    /// The baseline that the configuration names, relative to the root.
    pub baseline: Option<String>,
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
        Ok(Analysis::read(options)?.0)
    }

    /// Like [`run`](Analysis::run), with what it takes to analyse the repository again.
    pub(crate) fn read(options: &Options) -> Result<(Analysis, Config, Options), Failure> {
        let (loaded, config) = Loaded::read(options)?;
        let mut options = options.clone();
        if let (None, Some(path)) = (&options.baseline, config.baseline()) {
            let path = loaded.sources.root().join(path);
            options.baseline = Some(Baseline::load(&path).map_err(Failure::Baseline)?);
        }
        options.outside = loaded.outside.clone();
        let analysis = Analysis::parsed(loaded, &config, &options)?;
        Ok((analysis, config, options))
    }

    /// Analyses files that are already read.
    ///
    /// # Errors
    ///
    /// As [`run`](Analysis::run).
    pub fn of(sources: Sources, config: &Config, options: &Options) -> Result<Analysis, Failure> {
        let outside = outside::open(&sources, options, config)?;
        Analysis::parsed(Loaded::of(sources, config.limits(), outside), config, options)
    }

    pub(crate) fn parsed(
        loaded: Loaded,
        config: &Config,
        options: &Options,
    ) -> Result<Analysis, Failure> {
        let settings = settings(&loaded, config, options)?;
        Analysis::with(loaded, config, options, &settings, None)
    }

    /// Analyses files that are already read, with what an earlier run has kept that [holds](Reuse::holds).
    pub(crate) fn with(
        loaded: Loaded,
        config: &Config,
        options: &Options,
        settings: &Settings,
        kept: Option<&Reuse>,
    ) -> Result<Analysis, Failure> {
        options.observer.begins(Phase::Evaluate);
        let ((mut model, _), arena) = loaded
            .evaluate_all(|ev, files| nixpact_contract::build_with(ev, files, settings, kept))?;
        let asks = |lint: &Lint| asks(config, options, lint);
        formatter::ask(&loaded, config, options, asks, &mut model)?;
        choose(&mut model, config, options)?;
        let Loaded { sources, asts, .. } = loaded;
        options.observer.begins(Phase::Lint);
        // Values and trees of any size are dropped while the lints already run.
        let drop_all = move || drop((arena, asts));
        let diagnostics = std::thread::scope(|scope| {
            scope.spawn(drop_all);
            let comments = pool()?.install(|| decisions::comments(&sources));
            findings(&sources, &model, config, options, comments)
        })?;
        Ok(Analysis::new(sources, Arc::new(model), diagnostics, config))
    }

    pub(crate) fn new(
        sources: Sources,
        model: Arc<Model>,
        diagnostics: Vec<Diagnostic>,
        config: &Config,
    ) -> Analysis {
        let (suppressed, diagnostics) =
            diagnostics.into_iter().partition(|finding| finding.suppression.is_some());
        let values = Values::count(&model);
        let baseline = config.baseline().map(str::to_owned);
        Analysis { sources, model, diagnostics, suppressed, baseline, values }
    }

    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|d| d.severity == severity).count()
    }
}

pub(crate) fn settings(
    loaded: &Loaded,
    config: &Config,
    options: &Options,
) -> Result<Settings, Failure> {
    let assume_enabled = options.assume_enabled.clone();
    Ok(Settings { assume_enabled, ..loaded.settings(config)? })
}

/// Leaves what is asked for in a model.
pub(crate) fn choose(model: &mut Model, config: &Config, options: &Options) -> Result<(), Failure> {
    // A file that does not parse may be the one that declares it.
    let declared = !model.contracts.is_empty() || !model.syntax_errors.is_empty();
    config.check_contract(declared).map_err(Failure::Config)?;
    check_services(model, &options.assume_enabled)?;
    match &options.host {
        Some(host) => select_host(model, host),
        None => Ok(()),
    }
}

/// Refuses the names of services that no host has.
fn check_services(model: &Model, names: &[String]) -> Result<(), Failure> {
    let known = || model.hosts.iter().flat_map(|host| &host.services).map(|it| it.name.as_str());
    match names.iter().find(|name| known().all(|known| known != *name)) {
        Some(name) => {
            let nearest = nearest(name, known()).map(str::to_owned);
            Err(Failure::UnknownService(name.clone(), nearest))
        }
        None => Ok(()),
    }
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

/// Whether a lint is asked in this run.
fn asks(config: &Config, options: &Options, lint: &Lint) -> bool {
    let mut levels = config.levels().clone();
    levels.extend(&options.levels);
    options.lint.is_none_or(|only| only == lint.name) && levels.asks(lint)
}

/// All findings, those that are not to be reported among them; `comments` are those of all files.
pub(crate) fn findings(
    sources: &Sources,
    model: &Model,
    config: &Config,
    options: &Options,
    comments: Vec<SuppressionComment>,
) -> Result<Vec<Diagnostic>, Failure> {
    let lints = Lints::new(sources, config, options);
    let asked: Vec<&&'static Lint> = CATALOGUE.iter().filter(|lint| lints.asks(lint)).collect();
    let of_lint = |lint: &&&'static Lint| {
        let mut found = Vec::new();
        if let Check::Model(check) = lint.check {
            lints.ask(lint, &mut found, |sink| check(model, sink));
        }
        found
    };
    let mut found: Vec<Diagnostic> =
        pool()?.install(|| asked.par_iter().flat_map_iter(of_lint).collect());
    sort(&mut found);
    fingerprint::mark(sources, &mut found);
    let is_open = |name: &str, span: Span| lints.may_find_more(name, span);
    let comments = decisions::apply(sources, comments, &mut found, is_open);
    let mut stale = match &options.baseline {
        Some(baseline) => baseline.apply(sources, &mut found),
        None => Vec::new(),
    };
    stale.retain(|entry| {
        let file = sources.id(&entry.file);
        !file.is_some_and(|file| lints.may_find_more(&entry.lint, Span::new(file, 0, 0)))
    });
    let decisions = Decisions { comments, stale };
    let mut more = Vec::new();
    for lint in CATALOGUE.iter().filter(|lint| lints.asks(lint)) {
        if let Check::Decisions(check) = lint.check {
            lints.ask(lint, &mut more, |sink| check(&decisions, sink));
        }
    }
    if !more.is_empty() {
        fingerprint::mark(sources, &mut more);
        found.append(&mut more);
        found.sort_by(|a, b| key(a).cmp(&key(b)));
    }
    if let Some(only) = options.lint {
        found.retain(|finding| finding.lint == only);
    }
    Ok(found)
}

/// What the lints say of the syntax errors of a model.
pub(crate) fn syntax_errors(
    sources: &Sources,
    model: &Model,
    config: &Config,
    options: &Options,
) -> Vec<Diagnostic> {
    let lints = Lints::new(sources, config, options);
    let mut found = Vec::new();
    let lint = nixpact_lints::find("syntax-error").filter(|lint| lints.asks(lint));
    if let Some((lint, Check::Model(check))) = lint.map(|lint| (lint, lint.check)) {
        lints.ask(lint, &mut found, |sink| check(model, sink));
    }
    fingerprint::mark(sources, &mut found);
    found
}

/// Which lints are asked, and how much their findings weigh.
struct Lints<'r> {
    sources: &'r Sources,
    config: &'r Config,
    levels: Levels,
    options: &'r Options,
}

impl<'r> Lints<'r> {
    fn new(sources: &'r Sources, config: &'r Config, options: &'r Options) -> Lints<'r> {
        let mut levels = config.levels().clone();
        levels.extend(&options.levels);
        Lints { sources, config, levels, options }
    }

    fn asks(&self, lint: &Lint) -> bool {
        // A lint about decisions needs the findings that they are about.
        let is_about_decisions = |only: &str| {
            nixpact_lints::find(only).is_some_and(|it| matches!(it.check, Check::Decisions(_)))
        };
        let only = self.options.lint;
        only.is_none_or(|only| only == lint.name || is_about_decisions(only))
            && self.levels.asks(lint)
    }

    fn ask(
        &self,
        lint: &'static Lint,
        findings: &mut Vec<Diagnostic>,
        check: impl FnOnce(&mut Sink<'_>),
    ) {
        let none = OptionValues::default();
        let mut found = Vec::new();
        check(&mut Sink::new(lint, self.config.options(lint).unwrap_or(&none), &mut found));
        for mut finding in found {
            let file = finding.primary.as_ref().map(|label| self.sources.file(label.span.file));
            let path = file.map(|file| file.path.as_str());
            let place = Place { path, host: finding.host.as_deref() };
            if let Some(severity) = self.levels.at(lint, place).severity() {
                finding.severity = finding.severity.min(severity);
                findings.push(finding);
            }
        }
    }

    /// Whether a lint may have findings at a place that this run does not look for.
    fn may_find_more(&self, name: &str, span: Span) -> bool {
        let Some(lint) = lint_of(name) else { return true };
        let path = Some(self.sources.file(span.file).path.as_str());
        self.options.host.is_some()
            || self.levels.at(lint, Place { path, host: None }) == Level::Allow
    }
}

fn sort(findings: &mut Vec<Diagnostic>) {
    findings.sort_by(|a, b| key(a).cmp(&key(b)));
    // One mistake in a module that several hosts share is one finding.
    findings.dedup_by(|again, first| {
        let same = key(again) == key(first);
        if same {
            // It weighs what it weighs most.
            first.severity = first.severity.max(again.severity);
            name_host(first, again.host.take());
        }
        same
    });
}

const ALSO_ON: &str = "Also on ";

/// Adds a further host to a finding.
fn name_host(finding: &mut Diagnostic, host: Option<String>) {
    let Some(host) = host.filter(|host| finding.host.as_ref() != Some(host)) else { return };
    match finding.notes.iter_mut().find(|note| note.starts_with(ALSO_ON)) {
        Some(note) => note.push_str(&format!(", {host}")),
        None => finding.notes.push(format!("{ALSO_ON}{host}")),
    }
}

pub(crate) fn key(finding: &Diagnostic) -> (Option<nixpact_source::Span>, &'static str, &str) {
    (finding.primary.as_ref().map(|label| label.span), finding.lint, &finding.message)
}
