//! The repository's tests: what it calls `lib.evalModules` for itself, and the nodes of NixOS tests.
//! Each is a world of its own, in which nothing collides with a host.

use nixpact_eval::{Attr, Evaluator};
use nixpact_modules::{Evaluation, Slot, check_evaluations, evaluations};
use nixpact_source::{FileId, Span};
use nixpact_syntax::Symbol;
use rustc_hash::FxHashSet;

use crate::beside::{Task, Work};
use crate::discover;
use crate::host::all_services;
use crate::model::{Contract, FindingKind, Host, Refused, RefusedKind, Service, Test};
use crate::nix::refused::refused;
use crate::nix::stops::{Stops, UnsupportedAttribute, unsupported};
use crate::reuse::HostParts;

/// What tells an evaluation apart from others: where its modules are given, and the name of its node.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Place {
    pub span: Span,
    pub node: Option<Symbol>,
}

impl Place {
    pub fn of(evaluation: &Evaluation<'_>) -> Place {
        Place { span: evaluation.span, node: evaluation.node }
    }
}

/// The evaluations that a task calls for.
pub(crate) struct Tests<'a> {
    all: Vec<Evaluation<'a>>,
    /// The file that was looked at for them.
    file: Option<FileId>,
}

/// The evaluations behind a check of the flake, or those that a file calls for.
pub(crate) fn find<'a>(ev: &Evaluator<'a>, task: Task, checks: &[Attr<'a>]) -> Tests<'a> {
    ev.reset_steps();
    match task {
        Task::Check(name) => {
            let check = checks.iter().find(|check| check.name == name);
            let all = check.map_or_else(Vec::new, |check| check_evaluations(ev, check));
            Tests { all, file: None }
        }
        Task::File(file) => Tests { all: evaluations(ev, file), file: Some(file) },
    }
}

impl<'a> Tests<'a> {
    /// Those that stand elsewhere. Who calls a file knows its arguments better than it does itself.
    pub fn called(&self) -> impl Iterator<Item = &Evaluation<'a>> {
        self.all.iter().filter(|it| !self.is_own(it))
    }

    /// Those that stand in the file that calls for them.
    pub fn own(&self) -> impl Iterator<Item = &Evaluation<'a>> {
        self.all.iter().filter(|it| self.is_own(it))
    }

    fn is_own(&self, evaluation: &Evaluation<'a>) -> bool {
        Some(evaluation.span.file) == self.file
    }

    pub fn look(
        &self,
        ev: &Evaluator<'a>,
        evaluation: &Evaluation<'a>,
        work: &Work,
        contracts: &mut Vec<Contract>,
    ) -> Tested {
        Tested {
            place: Place::of(evaluation),
            call: evaluation.call,
            is_own: self.is_own(evaluation),
            facts: (!expects_failure(ev, evaluation, self.file)).then(|| {
                ev.reset_steps();
                test(ev, evaluation, work, contracts)
            }),
        }
    }
}

/// A test that was looked at.
#[derive(Clone, Debug)]
pub(crate) struct Tested {
    pub place: Place,
    /// Where it is called for.
    pub call: Span,
    /// It stands in the file that calls for it.
    pub is_own: bool,
    /// None where it may be there to see that something fails.
    pub facts: Option<TestFacts>,
}

/// What is said of a test.
#[derive(Clone, Debug)]
pub(crate) struct TestFacts {
    pub test: Test,
    pub services: Vec<Service>,
    pub refused: Vec<Refused>,
    pub unsupported: Vec<UnsupportedAttribute>,
}

/// Each once; first those that others call for.
pub(crate) fn that_count(all: Vec<Tested>) -> impl Iterator<Item = Host> {
    let (mut own, called): (Vec<_>, Vec<_>) = all.into_iter().partition(|test| test.is_own);
    let places: FxHashSet<Place> = called.iter().map(|test| test.place).collect();
    own.retain(|test| !places.contains(&test.place));
    let mut seen = FxHashSet::default();
    let tests = called.into_iter().chain(own);
    let tests = tests.filter(move |test| seen.insert((test.place, test.call)));
    tests.filter_map(|test| test.facts).map(|facts| {
        let TestFacts { test, services, refused, unsupported } = facts;
        let stops = Stops { unsupported, ..Stops::default() };
        Host { test: Some(test), services, refused, stops, ..Host::default() }
    })
}

fn test<'a>(
    ev: &Evaluator<'a>,
    evaluation: &Evaluation<'a>,
    work: &Work,
    contracts: &mut Vec<Contract>,
) -> TestFacts {
    let Work { settings, imported, .. } = work;
    let universe = evaluation.universe;
    // What only a test declares is no contract of the repository.
    let found = discover::known(ev, universe, &work.contracts);
    // What a host imports is looked at there.
    let is_touched =
        |member: &Slot<'a>| member.definition_spans().any(|span| !imported.contains(&span.file));
    let none = HostParts::default();
    let mut services = all_services(ev, &found, settings, contracts, &is_touched, none);
    // Only such an evaluation has no modules but its own.
    let is_complete = evaluation.node.is_none() && universe.collected(ev).unresolved.is_empty();
    let is_own = |span: Option<Span>| {
        span.is_some_and(|span| {
            !imported.contains(&span.file) && !mentions_failure(&ev.sources.file(span.file).text)
        })
    };
    for service in &mut services {
        // A test defines what it is about, and nobody asks for the rest.
        service.findings.retain(|finding| {
            !matches!(finding.kind, FindingKind::Missing { .. }) && is_own(finding.site.span)
        });
    }
    let (mut refused, _) = refused(ev, universe, &found, is_complete, &is_touched, none);
    let mut unsupported = unsupported(ev, universe);
    unsupported.retain(|attribute| is_own(Some(attribute.span)));
    refused.retain(|refused| match &refused.kind {
        RefusedKind::Conflict { parties, .. } => parties.iter().all(|party| is_own(party.key)),
        RefusedKind::Clash(clash) => is_own(clash.first) && is_own(clash.second),
        RefusedKind::Invalid { declaration, .. } => is_own(declaration.name.or(declaration.span)),
        RefusedKind::WrongType(finding) => is_own(finding.site.span),
        RefusedKind::Misplaced { span, .. } | RefusedKind::Undeclared { span, .. } => is_own(*span),
    });
    // A function that evaluates modules may stand beside the tests that call it.
    let place = if evaluation.node.is_some() { evaluation.span } else { evaluation.call };
    let test = Test {
        node: evaluation.node.map(|node| node.to_string()),
        path: ev.sources.file(place.file).path.clone(),
    };
    TestFacts { test, services, refused, unsupported }
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
