//! `nixpact check`

use std::collections::BTreeSet;
use std::io::{self, Write};

use nixpact_contract::UnknownValue;
use nixpact_diagnostics::{Diagnostic, Severity};
use nixpact_engine::{Analysis, Options, unknown_values};
use nixpact_lints::Level;
use nixpact_render::{Report, Summary, Values};

use crate::args::{Check, Repository};
use crate::{FOUND, Outcome, decisions, explain, is_broken_pipe, output};

pub fn run(check: &Check) -> Outcome {
    output::validate(&check.format)?;
    let given = [
        (Level::Allow, check.allow.clone()),
        (Level::Note, check.note.clone()),
        (Level::Warn, check.warn.clone()),
        (Level::Deny, check.deny.clone()),
    ];
    let levels = nixpact_engine::command_line(&given)?;
    let baseline = decisions::baseline(check)?;
    let options = Options { levels, baseline, ..Options::default() };
    let mut analysis = analyse(&check.repository, options)?;
    select(&mut analysis, &check.repository)?;
    if let Some(reason) = &check.add_suppressions {
        return decisions::add_suppressions(&analysis, reason);
    }
    let summary = summary(&analysis);
    let failed = summary.errors > 0 || (check.deny_warnings && summary.warnings > 0);
    let report = Report {
        sources: &analysis.sources,
        diagnostics: &analysis.diagnostics,
        suppressed: &analysis.suppressed,
        summary: &summary,
        rules: &explain::rules(),
    };
    match output::write(&check.format, check.color, &report, |out| {
        if check.show_unknown {
            show_unknown(out, &analysis)?;
        }
        match check.quiet {
            true => Ok(()),
            false => writeln!(out, "{}", nixpact_render::summary_line(&summary)),
        }
    }) {
        // Whoever reads the output has seen enough; the findings are there all the same.
        Err(error) if is_broken_pipe(&*error) => {}
        other => other?,
    }
    Ok(if failed { FOUND } else { 0 })
}

pub fn analyse(
    repository: &Repository,
    options: Options,
) -> Result<Analysis, Box<dyn std::error::Error>> {
    let root = match (&repository.root, &repository.paths[..]) {
        (Some(root), _) => root.clone(),
        (None, []) => ".".into(),
        (None, [path]) if path.is_file() => {
            let path = path.display();
            return Err(format!(
                "{path} is a file: name the repository's root too, as in --root . {path}"
            )
            .into());
        }
        (None, [path]) => path.clone(),
        (None, _) => {
            return Err("several paths need --root, the repository that they are in".into());
        }
    };
    let config = repository.config.clone();
    let host = repository.host.clone();
    Ok(Analysis::run(&Options { root, config, host, ..options })?)
}

/// Keeps the findings that touch the paths given beside `--root`.
fn select(
    analysis: &mut Analysis,
    repository: &Repository,
) -> Result<(), Box<dyn std::error::Error>> {
    if repository.root.is_none() || repository.paths.is_empty() {
        return Ok(());
    }
    let root = analysis.sources.root().to_owned();
    let mut wanted = Vec::new();
    for path in &repository.paths {
        let full = path.canonicalize().map_err(|error| format!("{}: {error}", path.display()))?;
        match full.strip_prefix(&root) {
            Ok(inside) => wanted.push(inside.to_owned()),
            Err(_) => return Err(format!("{} is not below the root", path.display()).into()),
        }
    }
    let sources = &analysis.sources;
    let touches = |diagnostic: &Diagnostic| {
        let labels = diagnostic.primary.iter().chain(&diagnostic.secondary);
        let mut files = labels.map(|label| &sources.file(label.span.file).path);
        files.any(|file| wanted.iter().any(|path| std::path::Path::new(file).starts_with(path)))
    };
    analysis.diagnostics.retain(touches);
    analysis.suppressed.retain(touches);
    Ok(())
}

fn summary(analysis: &Analysis) -> Summary {
    let services = analysis.model.hosts.iter().map(|host| host.services.len()).sum();
    Summary {
        errors: analysis.count(Severity::Error),
        warnings: analysis.count(Severity::Warning),
        notes: analysis.count(Severity::Note),
        files: analysis.sources.files().len(),
        suppressed: analysis.suppressed.len(),
        services,
        hosts: analysis.model.hosts.len(),
        values: {
            let nixpact_engine::Values { known, unknown, reasons } = analysis.values.clone();
            Values { known, unknown, reasons }
        },
    }
}

/// What is not known: the hosts, their modules, and the values of their services.
fn show_unknown(out: &mut dyn Write, analysis: &Analysis) -> io::Result<()> {
    let model = &analysis.model;
    let mut lines = Vec::new();
    let mut add = |what: String, host: Option<&str>, unknown: &UnknownValue| {
        let place = unknown.span.map(|span| {
            let file = analysis.sources.file(span.file);
            let at = file.line_column(span.start);
            format!("{}:{}:{}: ", file.path, at.line, at.column)
        });
        let place = place.unwrap_or_default();
        let host = host.map(|host| format!(" on {host}")).unwrap_or_default();
        lines.push(format!("{place}unknown: {what}{host}: {}", unknown.reason));
    };
    if let Some(unknown) = &model.hosts_unknown {
        add("a host of flake.nix".to_owned(), None, unknown);
    }
    for host in &model.hosts {
        for unknown in &host.unresolved {
            add("a module".to_owned(), host.name.as_deref(), unknown);
        }
    }
    for (host, value, unknown) in unknown_values(model) {
        add(value, host, unknown);
    }
    let mut seen = BTreeSet::new();
    for line in lines {
        if seen.insert(line.clone()) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

/// `1 file`, `2 files`: for nouns whose plural takes an `s`.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
