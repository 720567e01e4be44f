//! `nixpact check`

use std::io;
use std::time::Instant;

use nixpact_diagnostics::Severity;
use nixpact_engine::{Analysis, Options};
use nixpact_lints::Level;
use nixpact_render::{Format, Report, Summary, Values};

use crate::args::{Check, Fixes};
use crate::progress::{self, Progress};
use crate::{
    FOUND, Outcome, checkout, decisions, explain, fix, formatter, is_broken_pipe, output, select,
    statistics, unknown, watch,
};

pub fn run(check: &Check) -> Outcome {
    if check.watch { watch::run(check) } else { once(check) }
}

/// One run.
pub fn once(check: &Check) -> Outcome {
    output::validate(&check.format)?;
    let given = [
        (Level::Allow, check.allow.clone()),
        (Level::Note, check.note.clone()),
        (Level::Warn, check.warn.clone()),
        (Level::Deny, check.deny.clone()),
    ];
    let levels = nixpact_engine::command_line(&given)?;
    let baseline = decisions::baseline(check)?;
    let assume_enabled = check.assume_enabled.clone();
    let progress = Progress::start(check.quiet);
    let observer = progress.observer();
    let options = Options { levels, baseline, assume_enabled, observer, ..Options::default() };
    let (mut options, selection) = select::read(check, options)?;
    if check.run_formatter {
        options.formatter = formatter::in_root(options.root.clone());
    }
    let mut fixed = None;
    let mut analysis = match &check.fixes {
        Fixes { diff: true, .. } => return fix::diff(check, &options, &selection),
        Fixes { fix: true, .. } => {
            let after = fix::write(check, &options, &selection)?;
            fixed = fix::summary(&after);
            after.analysis
        }
        _ => Analysis::run(&options)?,
    };
    drop(options);
    let phases = progress.finish();
    selection.keep(&mut analysis);
    let reporting = Instant::now();
    if let Some(reason) = &check.add_suppressions {
        return decisions::add_suppressions(&analysis, reason);
    }
    let summary = summary(&analysis);
    let failed = summary.errors > 0 || (check.deny_warnings && summary.warnings > 0);
    if check.statistics {
        let as_json = check.format.iter().any(|output| output.format == Format::Json);
        let out = &mut io::stdout().lock();
        statistics::write(out, &analysis.diagnostics, as_json)?;
        return Ok(if failed { FOUND } else { 0 });
    }
    let report = Report {
        sources: &analysis.sources,
        prefix: &checkout::prefix(analysis.sources.root()),
        diagnostics: &analysis.diagnostics,
        suppressed: &analysis.suppressed,
        summary: &summary,
        rules: &explain::rules(),
    };
    match output::write(&check.format, check.color, &report, |out| {
        if check.show_unknown {
            unknown::show(out, &analysis)?;
        }
        if check.explain_unknown {
            unknown::explain(out, &analysis)?;
        }
        if check.quiet {
            return Ok(());
        }
        for line in fixed.iter().chain(&fix::offer(&analysis.diagnostics)) {
            writeln!(out, "{line}")?;
        }
        writeln!(out, "{}", nixpact_render::summary_line(&summary))
    }) {
        // Whoever reads the output has seen enough; the findings are there all the same.
        Err(error) if is_broken_pipe(&*error) => {}
        other => other?,
    }
    if check.verbose {
        progress::print(&phases, reporting.elapsed())?;
    }
    if !check.watch {
        // The process ends: the system takes all of it back at once.
        std::mem::forget(analysis);
    }
    Ok(if failed { FOUND } else { 0 })
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

/// `1 file`, `2 files`: for nouns whose plural takes an `s`.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
