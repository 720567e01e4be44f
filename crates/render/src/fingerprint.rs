use std::collections::BTreeMap;

use nixpact_diagnostics::Diagnostic;
use nixpact_source::Sources;

use crate::place::{Place, whole_repository};

/// The identities given in one report, and how often.
#[derive(Default)]
pub(crate) struct Fingerprints(BTreeMap<String, u32>);

impl Fingerprints {
    /// What identifies `diagnostic` in this report and, while nothing else of its kind comes before it,
    /// in the next one: its fingerprint; its lint, path and message where there is none. The second of
    /// two that are equal ends in `-2`.
    pub fn distinct(&mut self, sources: &Sources, diagnostic: &Diagnostic) -> String {
        let mut text = match diagnostic.fingerprint.as_str() {
            "" => without_fingerprint(sources, diagnostic),
            known => known.to_owned(),
        };
        let count = self.0.entry(text.clone()).or_default();
        *count += 1;
        if *count > 1 {
            text += &format!("-{count}");
        }
        text
    }
}

fn without_fingerprint(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let place = Place::primary(sources, diagnostic);
    let path = place.map_or(whole_repository(sources), |place| &place.file.path);
    format!("{}:{path}:{}", diagnostic.lint, diagnostic.message)
}
