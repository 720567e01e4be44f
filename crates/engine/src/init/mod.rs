//! `nixpact.toml` for a repository, from what is found in it.

use std::collections::BTreeSet;
use std::path::Path;

use nixpact_contract::Model;
use nixpact_diagnostics::Diagnostic;
use nixpact_source::{Sources, Span};

use crate::analysis::Analysis;
use crate::config::Config;
use crate::load::{Failure, Loaded, Options};

mod draft;
mod found;
mod infer;

use draft::Draft;

/// Which conventions are proposed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wish {
    /// Those that the repository follows.
    Followed,
    /// Those of a homelab whose services stand in `modules/server`, whether it follows them or not.
    Homelab,
}

/// A text for `nixpact.toml` that says what nixpact finds out by itself, and the conventions. A
/// configuration that is there already does not count.
///
/// Following it, a check finds what it found before. What would change that stands there as a comment; so
/// do conventions that only some of the services follow.
///
/// # Errors
///
/// As [`Analysis::run`].
pub fn init(options: &Options, wish: Wish) -> Result<String, Failure> {
    let asking = Config::asking();
    let loaded = Loaded::with(options, &asking)?;
    let before = Analysis::parsed(loaded, &asking, options)?;
    let mut draft = found::draft(&before.model, &before.sources);
    match wish {
        Wish::Followed => infer::conventions(&before.model, &before.sources, &mut draft),
        Wish::Homelab => infer::homelab(&before.sources, &mut draft),
    }
    let known: BTreeSet<Key> = before.diagnostics.iter().map(key).collect();
    let mut sources = before.sources;
    // Each time something becomes a comment, at the latest when nothing is left.
    while draft.has_doubtful() {
        let config = Config::parse(Path::new("nixpact.toml"), &draft.text());
        let config = config.map_err(Failure::Config)?;
        let after = Analysis::of(sources, &config, options)?;
        let changed = withdraw(&mut draft, &known, &after.diagnostics);
        sources = after.sources;
        if !changed {
            break;
        }
    }
    Ok(draft.text())
}

type Key = (&'static str, Option<Span>, String);

fn key(finding: &Diagnostic) -> Key {
    let span = finding.primary.as_ref().map(|label| label.span);
    (finding.lint, span, finding.message.clone())
}

/// Makes comments of what changes the findings; whether there was something.
fn withdraw(draft: &mut Draft, known: &BTreeSet<Key>, after: &[Diagnostic]) -> bool {
    let found: BTreeSet<Key> = after.iter().map(key).collect();
    let is_convention =
        |finding: &&Key| draft.entries.iter().any(|entry| entry.lints().contains(&finding.0));
    let new: Vec<&Key> = found.difference(known).collect();
    let is_same = known.is_subset(&found) && new.iter().all(is_convention);
    // One at a time: it may be this one alone.
    if !is_same && let Some(first) = draft.most_doubtful() {
        first.reason = Some("A check would find something else with this:".to_owned());
        return true;
    }
    let mut changed = false;
    for entry in draft.entries.iter_mut().filter(|entry| entry.is_doubtful()) {
        let against = new.iter().filter(|(lint, ..)| entry.lints().contains(lint)).count();
        if against > 0 {
            let (what, follow) = if against == 1 { ("place", "does") } else { ("places", "do") };
            entry.reason = Some(format!("{against} {what} {follow} not follow this:"));
            changed = true;
        }
    }
    draft.keep_company();
    changed
}

/// The hosts are named by the flake or by the configuration.
fn names_hosts(model: &Model) -> bool {
    model.hosts.iter().any(|host| host.name.is_some())
}

/// Paths of all files, in order.
fn paths(sources: &Sources) -> impl Iterator<Item = &str> + Clone {
    sources.files().iter().map(|file| file.path.as_str())
}
