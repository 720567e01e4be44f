//! Comments that keep findings, to be added to the source.

use std::collections::{BTreeMap, BTreeSet};

use nixpact_diagnostics::{Applicability, Diagnostic, Edit, Fix};
use nixpact_source::{FileId, Sources, Span};

use crate::levels::is_about_the_repository;
use crate::load::{Failure, pool};

/// One insertion for each place at which findings are to stay, and how many findings there are.
///
/// A comment stands on a line of its own before the innermost binding or list element around its
/// findings that is the first on its line; where there is none, it is about the file. Findings without
/// a place and those about decisions are left out.
///
/// # Errors
///
/// When no thread can be started.
pub fn suppressions(
    sources: &Sources,
    findings: &[Diagnostic],
    reason: &str,
) -> Result<(Vec<Fix>, usize), Failure> {
    let mut places: BTreeMap<(FileId, Option<u32>), BTreeSet<&str>> = BTreeMap::new();
    let mut count = 0;
    pool()?.install(|| {
        for finding in findings {
            let Some(label) = finding.primary.as_ref().filter(|_| is_about_the_repository(finding))
            else {
                continue;
            };
            let file = label.span.file;
            let at = nixpact_syntax::anchor(file, &sources.file(file).text, label.span.start);
            places.entry((file, at)).or_default().insert(finding.lint);
            count += 1;
        }
    });
    let fixes = places.into_iter().map(|((file, at), lints)| {
        let lints: Vec<&str> = lints.into_iter().collect();
        insertion(file, &sources.file(file).text, at, &lints.join(", "), reason)
    });
    Ok((fixes.collect(), count))
}

fn insertion(file: FileId, text: &str, at: Option<u32>, lints: &str, reason: &str) -> Fix {
    let (word, start) = match at {
        Some(at) => ("allow", at),
        None => ("allow-file", 0),
    };
    let line = &text[start as usize..];
    let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
    let indent = if at.is_some() { indent } else { "" };
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let text = format!("{indent}# nixpact: {word}({lints}) -- {reason}{newline}");
    let edits = vec![Edit { span: Span::new(file, start, start), text }];
    Fix { applicability: Applicability::Safe, edits }
}
