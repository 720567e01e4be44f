//! Service modules and templates that no host imports: each is looked at on its own.

use nixpact_eval::Evaluator;
use nixpact_modules::Source;
use nixpact_source::{FileId, Span};
use nixpact_syntax::Ast;
use rustc_hash::FxHashSet;

use crate::discover;
use crate::host::{host, open_universe};
use crate::model::{FindingKind, Model, Service};
use crate::nix::stops::unsupported;
use crate::reuse::HostParts;
use crate::roots::roots;
use crate::settings::Settings;
use crate::tests;

/// Adds the files that mention a contract and belong to no host.
pub(crate) fn add<'a>(
    ev: &Evaluator<'a>,
    asts: &'a [Ast],
    settings: &Settings,
    imported: &FxHashSet<FileId>,
    declaring: &mut Vec<FileId>,
    model: &mut Model,
) {
    declaring.extend(settings.schema.iter().filter_map(|path| ev.sources.id(path)));
    let mut imported = imported.clone();
    if model.hosts.is_empty() {
        // Their modules are read together all the same, to learn the contract.
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
    if model.contracts.is_empty() {
        // The files that usually declare a contract may do so without being imported by any other.
        let schema = settings.schema.iter().filter_map(|path| ev.sources.id(path));
        let universe = open_universe(ev, &schema.map(Source::File).collect::<Vec<_>>());
        let found = discover::contracts(ev, universe, settings);
        model.contracts.extend(found.iter().filter_map(|f| discover::describe(ev, *f, settings)));
    }
    declaring.sort_unstable();
    declaring.dedup();
    if declaring.is_empty() {
        return;
    }
    let names: Vec<String> = match &settings.option {
        Some(option) => option.last().cloned().into_iter().collect(),
        None => model
            .contracts
            .iter()
            .filter_map(|contract| contract.option.rsplit('.').next())
            .map(str::to_owned)
            .collect(),
    };
    let mentions = |file: &FileId| {
        let text = &ev.sources.file(*file).text;
        names.iter().any(|name| text.contains(name.as_str()))
    };
    let is_loose = |file: &FileId| !imported.contains(file) && !declaring.contains(file);
    let files = asts.iter().map(|ast| ast.file).filter(is_loose).filter(mentions);
    let files: Vec<FileId> = files.collect();
    tests::add(ev, settings, &files, &imported, model);
    let roots: Vec<String> = model
        .contracts
        .iter()
        .filter_map(|contract| contract.option.split('.').next())
        .map(str::to_owned)
        .collect();
    let schema: Vec<Source<'a>> = declaring.iter().map(|file| Source::File(*file)).collect();
    for file in files {
        ev.reset_steps();
        let universe = open_universe(ev, &[&schema[..], &[Source::File(file)]].concat());
        let found = discover::contracts(ev, universe, settings);
        let (contracts, none) = (&mut model.contracts, HostParts::default());
        let mut host = host(ev, universe, &found, settings, contracts, none);
        host.file = Some(file);
        for service in &mut host.services {
            forget_missing(service);
            let is_here = |span: Span| span.file == file;
            service.findings.retain(|finding| finding.site.span.is_some_and(is_here));
        }
        host.services.retain(|service| service.spans.iter().any(|span| span.file == file));
        host.stops.unsupported = unsupported(ev, universe);
        // Only what defines a service is surely meant for a module.
        let is_meant = |name: &str| roots.iter().any(|root| root == name);
        host.stops.unsupported.retain(|it| it.span.file == file && is_meant(&it.name));
        if !host.services.is_empty() || !host.stops.unsupported.is_empty() {
            model.loose.push(host);
        }
    }
}

/// What another module would define is not missing here.
fn forget_missing(service: &mut Service) {
    service.findings.retain(|finding| !matches!(finding.kind, FindingKind::Missing { .. }));
}
