//! Whether edits do what they are offered for, before anyone makes them.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use nixpact_diagnostics::{Applicability, Edit, Fix};

use crate::fix::{allowed, errors, faults, is_new, reads_as_well};
use crate::load::Failure;
use crate::session::{Session, Snapshot};

/// What would come of edits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trial {
    /// As `--fix` asks for: what they are for is gone, nothing else has come, and each file reads as Nix
    /// as well as before.
    Holds,
    /// What they are for is gone, but this lint has a finding then that was not there before.
    Reveals(&'static str),
    /// What they are for is still there, a file reads worse, or a value of the contract is an error.
    Fails,
}

impl Session {
    /// Makes edits in memory that are to remove findings, given by their positions in a snapshot of this
    /// session as it is now. `None` where that cannot be told: in a file that does not parse.
    ///
    /// # Errors
    ///
    /// As [`analyse`](Session::analyse).
    pub fn try_edits(
        &self,
        before: &Snapshot,
        findings: &BTreeSet<usize>,
        edits: &[Edit],
    ) -> Result<Option<Trial>, Failure> {
        if edits.iter().any(|edit| before.is_draft(edit.span.file)) {
            return Ok(None);
        }
        let sources = &before.analysis.sources;
        let fix = Fix { applicability: Applicability::Safe, edits: edits.to_vec() };
        let round = nixpact_edit::round(sources, &[&fix], |file, text| {
            reads_as_well(faults(file, &sources.file(file).text), faults(file, text))
        });
        if round.applied.is_empty() {
            return Ok(Some(Trial::Fails));
        }
        let path = |file| sources.file(file).path.clone();
        let texts: BTreeMap<String, String> =
            round.texts.iter().map(|(file, text)| (path(*file), text.clone())).collect();
        let after = self.with_texts(&texts)?;
        if errors(&after.model) > errors(&before.analysis.model) {
            return Ok(Some(Trial::Fails));
        }
        let found = self.with_drafts(after.diagnostics).1;
        let mut known = allowed(&before.analysis.diagnostics, &round, findings);
        let mut new = found.iter().filter(|finding| is_new(&mut known, finding));
        let of_one = |lint| {
            let mut meant = findings.iter().filter_map(|at| before.analysis.diagnostics.get(*at));
            meant.any(|finding| finding.lint == lint)
        };
        Ok(Some(match new.next() {
            None => Trial::Holds,
            Some(finding) if of_one(finding.lint) => Trial::Fails,
            Some(finding) => Trial::Reveals(finding.lint),
        }))
    }
}
