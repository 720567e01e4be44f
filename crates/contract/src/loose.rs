//! Service modules, templates and tests that no host imports: each is looked at on its own.

use nixpact_eval::{Evaluator, Stop, Thunk, Value};
use nixpact_modules::{Source, Universe};
use nixpact_source::FileId;
use nixpact_syntax::{Ast, Symbol};
use rustc_hash::FxHashSet;

use crate::discover;
use crate::host::{host, open_universe};
use crate::model::{FindingKind, Model, Service};
use crate::roots::roots;
use crate::settings::Settings;

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
            let mut host = host(ev, None, root.universe, &found, settings, &mut model.contracts);
            host.file = Some(root.file);
            host.services.iter_mut().for_each(forget_missing);
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
    for ast in asts {
        let text = &ev.sources.file(ast.file).text;
        let mentions = names.iter().any(|name| text.contains(name.as_str()));
        if !mentions || imported.contains(&ast.file) || declaring.contains(&ast.file) {
            continue;
        }
        ev.reset_steps();
        for universe in universes(ev, ast.file, declaring) {
            let found = discover::contracts(ev, universe, settings);
            let mut host = host(ev, None, universe, &found, settings, &mut model.contracts);
            host.file = Some(ast.file);
            for service in &mut host.services {
                forget_missing(service);
                service
                    .findings
                    .retain(|finding| finding.site.span.is_some_and(|span| span.file == ast.file));
            }
            host.services.retain(|service| service.spans.iter().any(|s| s.file == ast.file));
            if !host.services.is_empty() {
                model.loose.push(host);
            }
        }
    }
}

/// What another module would define is not missing here.
fn forget_missing(service: &mut Service) {
    service.findings.retain(|finding| !matches!(finding.kind, FindingKind::Missing { .. }));
}

/// The modules that a file holds: itself, or the nodes of a test.
fn universes<'a>(ev: &Evaluator<'a>, file: FileId, declaring: &[FileId]) -> Vec<&'a Universe<'a>> {
    let schema: Vec<Source<'a>> = declaring.iter().map(|file| Source::File(*file)).collect();
    let with = |source: Source<'a>| {
        let sources = [&schema[..], &[source]].concat();
        open_universe(ev, &sources)
    };
    let itself = with(Source::File(file));
    match nodes(ev, itself, file) {
        Some(nodes) => nodes.iter().map(|node| with(Source::Module(node, Some(file)))).collect(),
        None => vec![itself],
    }
}

/// The `nodes` of a NixOS test.
fn nodes<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    file: FileId,
) -> Option<Vec<&'a Thunk<'a>>> {
    let value = match ev.force(ev.file(file)) {
        Ok(function) if function.is_function() => universe.apply(ev, function),
        other => other,
    };
    let test = match value {
        Ok(Value::Attrs(attrs)) => attrs,
        // `pkgs.testers.runNixOSTest { … }`
        Err(Stop::Unknown(unknown)) => match ev.force(unknown.arguments.first()?) {
            Ok(Value::Attrs(attrs)) => attrs,
            _ => return None,
        },
        _ => return None,
    };
    let field = |name: &str| test.get(Symbol::new(name)).map(|attr| attr.value);
    if let Some(machine) = field("machine").or_else(|| field("containers")) {
        return Some(vec![machine]);
    }
    match ev.force(field("nodes")?) {
        Ok(Value::Attrs(nodes)) => Some(nodes.sorted().iter().map(|node| node.value).collect()),
        _ => Some(Vec::new()),
    }
}
