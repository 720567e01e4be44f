//! The repository's tests: what it calls `lib.evalModules` for itself, and the nodes of NixOS tests.
//! Each is a world of its own, in which nothing collides with a host.

use nixpact_eval::Evaluator;
use nixpact_modules::{Evaluation, Slot, evaluations, flake_checks};
use nixpact_source::{FileId, Span};
use rustc_hash::FxHashSet;

use crate::discover;
use crate::host::all_services;
use crate::model::{FindingKind, Host, Model, RefusedKind, Test};
use crate::nix::refused::refused;
use crate::nix::stops::unsupported;
use crate::reuse::HostParts;
use crate::settings::Settings;

/// Adds the evaluations behind the checks of the flake, and those that `files` call for.
///
/// `imported` are the files of the hosts: what is wrong in them is found there.
pub(crate) fn add<'a>(
    ev: &Evaluator<'a>,
    settings: &Settings,
    files: &[FileId],
    imported: &FxHashSet<FileId>,
    model: &mut Model,
) {
    ev.reset_steps();
    let mut all: Vec<(Evaluation<'a>, Option<FileId>)> = Vec::new();
    all.extend(flake_checks(ev).into_iter().map(|found| (found, None)));
    for file in files {
        ev.reset_steps();
        all.extend(evaluations(ev, *file).into_iter().map(|found| (found, Some(*file))));
    }
    let mut seen = FxHashSet::default();
    // Who calls a file knows its arguments better than it does itself.
    let is_own =
        |(evaluation, file): &(Evaluation<'a>, Option<FileId>)| Some(evaluation.span.file) == *file;
    let (own, called): (Vec<_>, Vec<_>) = all.into_iter().partition(is_own);
    let places: FxHashSet<_> = called.iter().map(|(it, _)| (it.span, it.node)).collect();
    let own = own.into_iter().filter(|(it, _)| !places.contains(&(it.span, it.node)));
    for (evaluation, file) in called.iter().chain(&own.collect::<Vec<_>>()) {
        let is_new = seen.insert((evaluation.span, evaluation.call, evaluation.node));
        if is_new && !expects_failure(ev, evaluation, *file) {
            ev.reset_steps();
            test(ev, evaluation, settings, imported, model);
        }
    }
}

fn test<'a>(
    ev: &Evaluator<'a>,
    evaluation: &Evaluation<'a>,
    settings: &Settings,
    imported: &FxHashSet<FileId>,
    model: &mut Model,
) {
    let universe = evaluation.universe;
    // What only a test declares is no contract of the repository.
    let found = discover::known(ev, universe, &model.contracts);
    // What a host imports is looked at there.
    let is_touched =
        |member: &Slot<'a>| member.definition_spans().any(|span| !imported.contains(&span.file));
    let (contracts, none) = (&mut model.contracts, HostParts::default());
    let services = all_services(ev, &found, settings, contracts, &is_touched, none);
    let mut host = Host { services, ..Host::default() };
    // Only such an evaluation has no modules but its own.
    let is_complete = evaluation.node.is_none() && universe.collected(ev).unresolved.is_empty();
    let is_own = |span: Option<Span>| {
        span.is_some_and(|span| {
            !imported.contains(&span.file) && !mentions_failure(&ev.sources.file(span.file).text)
        })
    };
    for service in &mut host.services {
        // A test defines what it is about, and nobody asks for the rest.
        service.findings.retain(|finding| {
            !matches!(finding.kind, FindingKind::Missing { .. }) && is_own(finding.site.span)
        });
    }
    (host.refused, _) = refused(ev, universe, &found, is_complete, &is_touched, none);
    host.stops.unsupported = unsupported(ev, universe);
    host.stops.unsupported.retain(|attribute| is_own(Some(attribute.span)));
    host.refused.retain(|refused| match &refused.kind {
        RefusedKind::Conflict { parties, .. } => parties.iter().all(|party| is_own(party.key)),
        RefusedKind::Clash(clash) => is_own(clash.first) && is_own(clash.second),
        RefusedKind::Undeclared { span, .. } => is_own(*span),
    });
    // A function that evaluates modules may stand beside the tests that call it.
    let place = if evaluation.node.is_some() { evaluation.span } else { evaluation.call };
    host.test = Some(Test {
        node: evaluation.node.map(|node| node.to_string()),
        path: ev.sources.file(place.file).path.clone(),
    });
    model.tests.push(host);
}

/// Whether a test may be there to see that something fails: then what is wrong in it is meant to be.
///
/// `caller` is the file that calls for it, if it is known.
fn expects_failure(
    ev: &Evaluator<'_>,
    evaluation: &Evaluation<'_>,
    caller: Option<FileId>,
) -> bool {
    let files = caller.into_iter().chain([evaluation.span.file]);
    files
        .map(|file| ev.sources.file(file))
        .any(|file| mentions_failure(&file.text) || names_failure(&file.path))
        || evaluation.names.iter().any(|name| names_failure(name))
}

/// Functions that see an evaluation fail, and the option that a test reads for it.
fn mentions_failure(text: &str) -> bool {
    const WORDS: &[&str] =
        &["tryEval", "testBuildFailure", "expectedError", ".assertions", ") assertions"];
    WORDS.iter().any(|word| text.contains(word))
}

/// Whether a name says that something is to fail.
fn names_failure(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "bad",
        "break",
        "broken",
        "conflict",
        "duplicate",
        "error",
        "fail",
        "illegal",
        "invalid",
        "missing",
        "negative",
        "refuse",
        "reject",
        "throw",
        "undeclared",
        "unknown",
        "validat",
        "wrong",
    ];
    let name = name.to_lowercase();
    WORDS.iter().any(|word| name.contains(word))
}
