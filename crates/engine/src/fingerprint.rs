//! What makes a finding the same finding after lines have moved.

use nixpact_diagnostics::Diagnostic;
use nixpact_lints::BaselineEntry;
use nixpact_source::Sources;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

/// A finding without its line.
pub(crate) fn entry(sources: &Sources, finding: &Diagnostic) -> BaselineEntry {
    let place = finding.primary.as_ref().map(|label| {
        let file = sources.file(label.span.file);
        (file.path.clone(), line(&file.text, label.span.start as usize).to_owned())
    });
    let (file, text) = place.unwrap_or_default();
    let mut services = finding.services.clone();
    services.sort_unstable();
    services.dedup();
    BaselineEntry { lint: finding.lint.to_owned(), file, services, text }
}

/// The line around a byte, without the space around it.
fn line(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |before| before + 1);
    let end = text[at..].find('\n').map_or(text.len(), |after| at + after);
    text[start..end].trim()
}

/// Writes the fingerprint of each finding into it; of equal findings each has its own.
pub(crate) fn mark(sources: &Sources, findings: &mut [Diagnostic]) {
    let mut seen: FxHashMap<BaselineEntry, u32> = FxHashMap::default();
    for finding in findings {
        let entry = entry(sources, finding);
        let mut hash = Sha256::new();
        for part in [&entry.lint, &entry.file, &entry.text].into_iter().chain(&entry.services) {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        let count = seen.entry(entry).or_default();
        hash.update(count.to_le_bytes());
        *count += 1;
        let digest = hash.finalize();
        finding.fingerprint = digest[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    }
}
