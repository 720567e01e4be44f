//! Known findings that are not reported.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use nixpact_diagnostics::{Diagnostic, Suppression};
use nixpact_lints::BaselineEntry;
use nixpact_source::Sources;
use serde::{Deserialize, Serialize};

use crate::fingerprint;
use crate::levels::is_about_the_repository;

/// The file when nothing names another.
pub const DEFAULT_BASELINE: &str = "nixpact-baseline.json";

const VERSION: u32 = 1;

/// Findings by lint, file, services and text, with how often each may occur.
#[derive(Clone, Default, Debug)]
pub struct Baseline {
    entries: BTreeMap<BaselineEntry, usize>,
}

/// Why a baseline cannot be used.
#[derive(Debug)]
pub struct BaselineError {
    pub path: PathBuf,
    pub problem: String,
}

impl std::fmt::Display for BaselineError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}: {}; 'nixpact baseline write' writes it", self.path.display(), self.problem)
    }
}

impl std::error::Error for BaselineError {}

// The file: its names are its public interface.

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    findings: Vec<Finding>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Finding {
    lint: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    file: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    services: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    text: String,
    /// How many findings are like this one.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    count: usize,
}

fn one() -> usize {
    1
}

fn is_one(count: &usize) -> bool {
    *count == 1
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or is none.
    pub fn load(path: &Path) -> Result<Baseline, BaselineError> {
        let error = |problem| BaselineError { path: path.to_owned(), problem };
        let text = std::fs::read_to_string(path)
            .map_err(|problem| error(format!("cannot be read: {problem}")))?;
        Baseline::parse(&text).map_err(error)
    }

    /// # Errors
    ///
    /// When the text is no baseline, with the reason.
    pub fn parse(text: &str) -> Result<Baseline, String> {
        let file: File = serde_json::from_str(text).map_err(|problem| problem.to_string())?;
        if file.version != VERSION {
            return Err(format!("version {} is not known", file.version));
        }
        let mut entries = BTreeMap::new();
        for Finding { lint, file, mut services, text, count } in file.findings {
            services.sort_unstable();
            *entries.entry(BaselineEntry { lint, file, services, text }).or_default() += count;
        }
        Ok(Baseline { entries })
    }

    /// The baseline that holds just these findings, but for those about decisions.
    pub fn of(sources: &Sources, findings: &[Diagnostic]) -> Baseline {
        let mut entries = BTreeMap::new();
        for finding in findings.iter().filter(|finding| is_about_the_repository(finding)) {
            *entries.entry(fingerprint::entry(sources, finding)).or_default() += 1;
        }
        Baseline { entries }
    }

    /// The file's text.
    pub fn to_json(&self) -> String {
        let finding = |(entry, count): (&BaselineEntry, &usize)| {
            let BaselineEntry { lint, file, services, text } = entry.clone();
            Finding { lint, file, services, text, count: *count }
        };
        let findings = self.entries.iter().map(finding).collect();
        let file = File { version: VERSION, findings };
        // Strings and numbers always serialise.
        serde_json::to_string_pretty(&file).unwrap_or_default() + "\n"
    }

    /// How many findings it holds.
    pub fn len(&self) -> usize {
        self.entries.values().sum()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Marks the findings that it holds; gives the entries that no finding matches.
    pub(crate) fn apply(
        &self,
        sources: &Sources,
        findings: &mut [Diagnostic],
    ) -> Vec<BaselineEntry> {
        let mut left = self.entries.clone();
        for finding in findings.iter_mut().filter(|finding| finding.suppression.is_none()) {
            if let Some(count) = left.get_mut(&fingerprint::entry(sources, finding))
                && *count > 0
            {
                *count -= 1;
                finding.suppression = Some(Suppression::Baseline);
            }
        }
        left.into_iter().filter(|(_, count)| *count > 0).map(|(entry, _)| entry).collect()
    }
}
