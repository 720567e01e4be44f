//! `nixpact check --add-suppressions REASON` and `nixpact baseline write`

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use nixpact_diagnostics::Fix;
use nixpact_edit::Change;
use nixpact_engine::{Analysis, Baseline, DEFAULT_BASELINE, Options};
use nixpact_source::FileId;

use crate::args::{BaselineWrite, Check};
use crate::check::counted;
use crate::{Outcome, select};

/// Adds a comment for each finding, and says how many.
pub fn add_suppressions(analysis: &Analysis, reason: &str) -> Outcome {
    if reason.trim().is_empty() || reason.contains(['\n', '\r']) {
        return Err("the reason has to be one line".into());
    }
    let sources = &analysis.sources;
    let (fixes, count) =
        nixpact_engine::suppressions(sources, &analysis.diagnostics, reason.trim())?;
    let fixes: Vec<&Fix> = fixes.iter().collect();
    let round = nixpact_edit::round(sources, &fixes, |_, _| true);
    let change = |(file, after): (&FileId, &'_ String)| {
        let file = sources.file(*file);
        (file.path.clone(), file.text.clone(), after.clone())
    };
    let changes: Vec<(String, String, String)> = round.texts.iter().map(change).collect();
    let changes: Vec<Change<'_>> =
        changes.iter().map(|(path, before, after)| Change { path, before, after }).collect();
    nixpact_edit::write(sources.root(), &changes)?;
    let out = &mut io::stdout().lock();
    writeln!(
        out,
        "suppressed {} in {}",
        counted(count, "finding"),
        counted(changes.len(), "file")
    )?;
    let left = analysis.diagnostics.len() - count;
    if left > 0 {
        writeln!(out, "{} cannot be suppressed by a comment", counted(left, "finding"))?;
    }
    Ok(0)
}

/// The baseline that a run was told to use; the configuration may name another.
pub fn baseline(check: &Check) -> Result<Option<Baseline>, Box<dyn std::error::Error>> {
    Ok(check.baseline.as_deref().map(Baseline::load).transpose()?)
}

/// Writes all findings of a repository into its baseline.
pub fn write_baseline(args: &BaselineWrite) -> Outcome {
    // What the old one holds is to be found again.
    let options = Options { baseline: Some(Baseline::default()), ..Options::default() };
    let analysis = Analysis::run(&select::repository(&args.repository, options)?)?;
    let path = args.baseline.clone().unwrap_or_else(|| default_path(&analysis));
    let baseline = Baseline::of(&analysis.sources, &analysis.diagnostics);
    nixpact_edit::create(&path, baseline.to_json().as_bytes())?;
    let count = counted(baseline.len(), "finding");
    writeln!(io::stdout().lock(), "wrote {count} to {}", shown(&path).display())?;
    Ok(0)
}

fn default_path(analysis: &Analysis) -> PathBuf {
    let name = analysis.baseline.as_deref().unwrap_or(DEFAULT_BASELINE);
    analysis.sources.root().join(name)
}

/// Relative to the current directory, where it is below it.
fn shown(path: &Path) -> PathBuf {
    let current = std::env::current_dir().and_then(|current| current.canonicalize());
    let inside = current.ok().and_then(|current| path.strip_prefix(current).ok());
    inside.unwrap_or(path).to_owned()
}
