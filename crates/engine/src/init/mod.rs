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

use draft::{Draft, Kind};

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
    let mut new: Vec<&Key> = found.difference(known).collect();
    let mut changed = false;
    for entry in draft.entries.iter_mut().filter(|entry| entry.reason.is_none()) {
        let Kind::Convention(lints) = entry.kind else { continue };
        let against = new.iter().filter(|(lint, ..)| lints.contains(lint)).count();
        // What the user asked for stays, with what it finds.
        if against > 0 && !entry.is_wanted {
            let (what, follow) = if against == 1 { ("place", "does") } else { ("places", "do") };
            entry.reason = Some(format!("{against} {what} {follow} not follow this:"));
            changed = true;
        }
        new.retain(|(lint, ..)| !lints.contains(lint));
    }
    if changed {
        return true;
    }
    if !new.is_empty() || found.len() < known.len() || !known.is_subset(&found) {
        for entry in draft.entries.iter_mut().filter(|entry| entry.reason.is_none()) {
            if entry.kind == Kind::Contract {
                entry.reason = Some("A check would find something else with this:".to_owned());
                changed = true;
            }
        }
    }
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
