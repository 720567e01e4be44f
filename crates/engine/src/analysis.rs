use nixpact_contract::Model;
use nixpact_diagnostics::{Diagnostic, Severity};
use nixpact_lints::{CATALOGUE, Lint, OptionValues, Sink};
use nixpact_source::Sources;

use crate::config::Config;
use crate::levels::Place;
use crate::load::{Failure, Loaded, Options};
use crate::values::Values;

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
        let (loaded, config) = Loaded::read(options)?;
        Analysis::parsed(loaded, &config, options)
    }

    /// Analyses files that are already read.
    ///
    /// # Errors
    ///
    /// As [`run`](Analysis::run).
    pub fn of(sources: Sources, config: &Config, options: &Options) -> Result<Analysis, Failure> {
        Analysis::parsed(Loaded::parse(sources)?, config, options)
    }

    fn parsed(loaded: Loaded, config: &Config, options: &Options) -> Result<Analysis, Failure> {
        let settings = loaded.settings(config)?;
        let mut model = loaded.evaluate(|ev, asts| nixpact_contract::build(ev, asts, &settings))?;
        let Loaded { sources, asts } = loaded;
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
            lint(&sources, &model, config, options)
        });
        let values = Values::count(&model);
        Ok(Analysis { sources, model, diagnostics, values })
    }

    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|d| d.severity == severity).count()
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

fn lint(sources: &Sources, model: &Model, config: &Config, options: &Options) -> Vec<Diagnostic> {
    let mut levels = config.levels().clone();
    levels.extend(&options.levels);
    let none = OptionValues::default();
    let mut findings: Vec<Diagnostic> = Vec::new();
    let asked = |lint: &&&'static Lint| options.lint.is_none_or(|only| only == lint.name);
    for lint in CATALOGUE.iter().filter(asked).filter(|lint| levels.asks(lint)) {
        let mut found = Vec::new();
        let own = config.options(lint).unwrap_or(&none);
        (lint.check)(model, &mut Sink::new(lint, own, &mut found));
        for mut finding in found {
            let path = finding.primary.as_ref().map(|label| sources.file(label.span.file));
            let host = finding.host.as_deref();
            let level = levels.at(lint, Place { path: path.map(|file| file.path.as_str()), host });
            if let Some(severity) = level.severity() {
                finding.severity = finding.severity.min(severity);
                findings.push(finding);
            }
        }
    }
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
    findings
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

fn key(finding: &Diagnostic) -> (Option<nixpact_source::Span>, &'static str, &str) {
    (finding.primary.as_ref().map(|label| label.span), finding.lint, &finding.message)
}
