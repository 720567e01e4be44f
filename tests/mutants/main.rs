//! Damages to the reference repository, at random places and in random styles: each is found, at its
//! place, and by no lint that has nothing to do with it.
//!
//! `MUTANTS` sets how many (default 120), `MUTANTS_SEED` which.
#![allow(clippy::disallowed_methods, reason = "the helpers of tests run programs and make files")]

mod base;
mod contract;
mod network;
mod nix;
mod style;
#[path = "../support/mod.rs"]
mod support;

use nixpact_diagnostics::{Diagnostic, Severity};
use nixpact_lints::CATALOGUE;

use base::{Base, Mutant};
use style::Rng;

/// A way to damage a repository.
pub struct Kind {
    /// The lint that has to find it.
    pub lint: &'static str,
    /// `None` where the random place is none for it.
    pub damage: fn(&Base, &mut Rng) -> Option<Mutant>,
}

fn kinds() -> Vec<&'static Kind> {
    [contract::KINDS, network::KINDS, nix::KINDS].into_iter().flatten().collect()
}

#[test]
fn every_mutant_is_found_at_its_place() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let (count, seed) = (number("MUTANTS").unwrap_or(120), number("MUTANTS_SEED").unwrap_or(1));
    let base = Base::read();
    let kinds = kinds();
    let look = |at: u64| {
        let mut rng = Rng::new(seed + at);
        let kind = kinds[at as usize % kinds.len()];
        let Some(mutant) = (0..50).find_map(|_| (kind.damage)(&base, &mut rng)) else {
            return Some(format!("--- {} ({}): there is no place for it", kind.lint, seed + at));
        };
        let problem = judge(&base, kind, &mutant).err()?;
        Some(format!("--- {} ({}): {problem}\n{mutant}", kind.lint, seed + at))
    };
    let problems = each(count, &look);
    assert!(problems.is_empty(), "{} of {count}:\n{}", problems.len(), problems.join("\n"));
}

/// What `look` gives, on several threads.
fn each(count: u64, look: &(impl Fn(u64) -> Option<String> + Sync)) -> Vec<String> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let share = |first: usize| {
            let numbers = (first as u64..count).step_by(threads);
            scope.spawn(move || numbers.filter_map(look).collect::<Vec<String>>())
        };
        let threads: Vec<_> = (0..threads).map(share).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn the_reference_repository_is_silent() {
    let base = Base::read();
    assert!(base.analysis.diagnostics.is_empty(), "{:#?}", base.analysis.diagnostics);
}

#[test]
fn every_kind_names_a_lint() {
    for kind in kinds() {
        assert!(CATALOGUE.iter().any(|lint| lint.name == kind.lint), "{}", kind.lint);
    }
}

fn judge(base: &Base, kind: &Kind, mutant: &Mutant) -> Result<(), String> {
    let analysis = base.analyse(mutant);
    let (path, place) = mutant.place();
    let touches = |finding: &&Diagnostic| {
        let mut labels = finding.primary.iter().chain(&finding.secondary);
        labels.any(|label| {
            let file = analysis.sources.file(label.span.file);
            file.path == path
                && (label.span.start as usize) < place.end
                && place.start < label.span.end as usize
        })
    };
    let found = || analysis.diagnostics.iter().filter(|finding| finding.lint == kind.lint);
    if found().find(touches).is_none() {
        return Err(match found().next() {
            None => format!("it is not found: {:?}", names(&analysis.diagnostics)),
            Some(finding) => format!("it is found elsewhere: {}", finding.message),
        });
    }
    let is_stray = |finding: &&Diagnostic| {
        finding.severity == Severity::Error
            && finding.lint != kind.lint
            && !mutant.also.contains(&finding.lint)
    };
    match analysis.diagnostics.iter().find(is_stray) {
        Some(stray) => Err(format!("{} says: {}", stray.lint, stray.message)),
        None => Ok(()),
    }
}

fn names(findings: &[Diagnostic]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.lint).collect()
}
