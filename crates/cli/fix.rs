//! `nixpact check --fix` and `--diff`

use std::io::{self, IsTerminal, Write};

use nixpact_diagnostics::{Applicability, Diagnostic, Severity};
use nixpact_edit::Change;
use nixpact_engine::{Fixed, Options};

use crate::args::Check;
use crate::check::counted;
use crate::select::Selection;
use crate::terminal;
use crate::{FOUND, Outcome};

/// Applies the fixes to the files on the disk.
pub fn write(
    check: &Check,
    options: &Options,
    selection: &Selection,
) -> Result<Fixed, Box<dyn std::error::Error>> {
    let fixed = fix(check, options, selection)?;
    let sources = &fixed.analysis.sources;
    let changes = fixed.before.iter().map(|(file, before)| {
        let after = sources.file(*file);
        Change { path: &after.path, before, after: &after.text }
    });
    nixpact_edit::write(sources.root(), &changes.collect::<Vec<_>>())?;
    Ok(fixed)
}

/// Prints what [`write()`] would change. The status tells of errors that are left, too.
pub fn diff(check: &Check, options: &Options, selection: &Selection) -> Outcome {
    let fixed = fix(check, options, selection)?;
    let out = &mut io::stdout().lock();
    let shown = io::stdout().is_terminal();
    let style = terminal::style_of_standard_output(check.color);
    for (file, before) in &fixed.before {
        let after = fixed.analysis.sources.file(*file);
        let texts = [before.as_str(), &after.text];
        nixpact_render::diff(out, &style, shown, &after.path, texts)?;
    }
    out.flush()?;
    if let Some(line) = summary(&fixed).filter(|_| !check.quiet) {
        // Standard output is a patch.
        writeln!(io::stderr(), "would have {line}")?;
    }
    let sources = &fixed.analysis.sources;
    let mut left = fixed.analysis.diagnostics.iter().filter(|it| selection.has(sources, it));
    let fails = |severity| {
        severity == Severity::Error || (check.deny_warnings && severity == Severity::Warning)
    };
    let is_right = fixed.before.is_empty() && !left.any(|finding| fails(finding.severity));
    Ok(if is_right { 0 } else { FOUND })
}

fn fix(
    check: &Check,
    options: &Options,
    selection: &Selection,
) -> Result<Fixed, Box<dyn std::error::Error>> {
    let least = match check.fixes.unsafe_fixes {
        true => Applicability::Unsafe,
        false => Applicability::Safe,
    };
    let wanted = |sources: &_, finding: &_| selection.has_fix(sources, finding);
    Ok(Fixed::run(options, least, &wanted)?)
}

/// `fixed 3 findings in 2 files`; `None` where there was nothing to fix.
pub fn summary(fixed: &Fixed) -> Option<String> {
    let (findings, files) = (fixed.findings, fixed.before.len());
    (findings > 0)
        .then(|| format!("fixed {} in {}", counted(findings, "finding"), counted(files, "file")))
}

/// `fixes: 1 safe (--fix), 5 unsafe (--fix --unsafe-fixes)`; `None` where there are none.
pub fn offer(findings: &[Diagnostic]) -> Option<String> {
    let count = |applicability| {
        let fixes = findings.iter().filter_map(|finding| finding.fix.as_ref());
        fixes.filter(|fix| fix.applicability == applicability).count()
    };
    let (safe, risky) = (count(Applicability::Safe), count(Applicability::Unsafe));
    let parts = [
        (safe > 0).then(|| format!("{safe} safe (--fix)")),
        (risky > 0).then(|| format!("{risky} unsafe (--fix --unsafe-fixes)")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| format!("fixes: {}", parts.join(", ")))
}
