//! Service modules and templates that no host imports: each is looked at on its own.

use nixpact_eval::Evaluator;
use nixpact_modules::{Source, Universe, flake_checks};
use nixpact_source::{FileId, Span};
use nixpact_syntax::Asts;
use rustc_hash::FxHashSet;

use crate::beside::{Task, Work};
use crate::discover;
use crate::host::host;
use crate::model::{Contract, FindingKind, Host, Model, Service};
use crate::nix::stops::unsupported;
use crate::reuse::HostParts;
use crate::roots::roots;
use crate::settings::Settings;

/// Reads modules together that no host is known for, to learn the contract.
pub(crate) fn add_roots<'a>(
    ev: &Evaluator<'a>,
    settings: &Settings,
    (imported, declaring): (&mut FxHashSet<FileId>, &mut Vec<FileId>),
    model: &mut Model,
) {
    for root in roots(ev, settings) {
        let found = discover::contracts(ev, root.universe, settings);
        declaring.extend(found.iter().flat_map(|f| f.option.spans).map(|span| span.file));
        imported.extend(root.universe.collected(ev).files);
        let (contracts, none) = (&mut model.contracts, HostParts::default());
        let mut host = host(ev, root.universe, &found, settings, contracts, none);
        host.file = Some(root.file);
        host.services.iter_mut().for_each(forget_missing);
        host.stops.unsupported = unsupported(ev, root.universe);
        model.loose.push(host);
    }
}

/// What is to be looked at besides hosts: the checks of the flake, and the files that mention a contract
/// and are not `imported` by a host. `declaring` are the files in which contracts are declared.
pub(crate) fn work<'a>(
    ev: &Evaluator<'a>,
    asts: &'a Asts,
    settings: &Settings,
    (imported, declaring): (FxHashSet<FileId>, Vec<FileId>),
    model: &mut Model,
) -> Work {
    let schema: Vec<FileId> =
        settings.schema.iter().filter_map(|path| ev.sources.id(path)).collect();
    if model.contracts.is_empty() {
        // The files that usually declare a contract may do so without being imported by any other.
        let sources: Vec<Source<'a>> = schema.iter().map(|file| Source::File(*file)).collect();
        let universe = Universe::of_modules(ev, &sources, Vec::new());
        let found = discover::contracts(ev, universe, settings);
        model.contracts.extend(found.iter().filter_map(|f| discover::describe(ev, *f, settings)));
    }
    let mut declaring = [declaring, schema].concat();
    declaring.sort_unstable();
    declaring.dedup();
    let mut tasks = Vec::new();
    if !declaring.is_empty() {
        ev.reset_steps();
        tasks.extend(flake_checks(ev).iter().map(|check| Task::Check(check.name)));
        let is_loose = |file: &FileId| !imported.contains(file) && !declaring.contains(file);
        let names = names(settings, model);
        let mentions = |file: &FileId| {
            let text = &ev.sources.file(*file).text;
            names.iter().any(|name| text.contains(name.as_str()))
        };
        let files = asts.iter().map(|ast| ast.file).filter(is_loose).filter(mentions);
        tasks.extend(files.map(Task::File));
    }
    let (settings, contracts) = (settings.clone(), model.contracts.clone());
    Work { tasks, settings, imported, declaring, contracts }
}

/// What the options of contracts are called.
fn names(settings: &Settings, model: &Model) -> Vec<String> {
    match &settings.option {
        Some(option) => option.last().cloned().into_iter().collect(),
        None => model
            .contracts
            .iter()
            .filter_map(|contract| contract.option.rsplit('.').next())
            .map(str::to_owned)
            .collect(),
    }
}

/// The services of a file that no host imports; the contracts that it declares itself are added to the
/// others.
pub(crate) fn look(
    ev: &Evaluator<'_>,
    file: FileId,
    work: &Work,
    contracts: &mut Vec<Contract>,
) -> Option<Host> {
    ev.reset_steps();
    let modules = work.declaring.iter().chain([&file]).map(|file| Source::File(*file));
    let universe = Universe::of_modules(ev, &modules.collect::<Vec<_>>(), Vec::new());
    let found = discover::contracts(ev, universe, &work.settings);
    let none = HostParts::default();
    let mut host = host(ev, universe, &found, &work.settings, contracts, none);
    host.file = Some(file);
    for service in &mut host.services {
        forget_missing(service);
        let is_here = |span: Span| span.file == file;
        service.findings.retain(|finding| finding.site.span.is_some_and(is_here));
    }
    host.services.retain(|service| service.spans.iter().any(|span| span.file == file));
    host.stops.unsupported = unsupported(ev, universe);
    // Only what defines a service is surely meant for a module.
    let roots = || work.contracts.iter().filter_map(|it| it.option.split('.').next());
    host.stops.unsupported.retain(|it| it.span.file == file && roots().any(|root| root == it.name));
    let is_one = !host.services.is_empty() || !host.stops.unsupported.is_empty();
    is_one.then_some(host)
}

/// What another module would define is not missing here.
fn forget_missing(service: &mut Service) {
    service.findings.retain(|finding| !matches!(finding.kind, FindingKind::Missing { .. }));
}
