//! From modules to the [`Model`].

use std::sync::{Arc, OnceLock};

use nixpact_eval::Evaluator;
use nixpact_source::FileId;
use nixpact_syntax::Asts;
use rayon::ThreadPool;
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::beside::{self, Evaluators};
use crate::fleet;
use crate::host::{contract_of, named_host};
use crate::hosts::universes;
use crate::loose;
use crate::model::{Contract, Model};
use crate::network::mentions::{attribute_names, mark_unused};
use crate::nix::clashes;
use crate::nix::faults;
use crate::nix::imports;
use crate::reuse::{Parts, Reuse};
use crate::secrets;
use crate::secrets::plaintext;
use crate::settings::Settings;
use crate::structure;
use crate::text::facts::FileFacts;
use crate::text::legacy;
use crate::text::reads::{Candidate, candidates, unread};

/// Evaluates the hosts of the repository and reads their services.
///
/// Hosts are the flake's `nixosConfigurations`; without any, those of the settings; without these, the
/// modules of the settings as one host that has no name. Where those are only guessed, a repository
/// with a flake has no host, and one without has, before the guess, a host for each file that imports
/// a contract and is imported by none.
pub fn build<'a>(ev: &Evaluator<'a>, files: Files<'a>, settings: &Settings) -> Model {
    build_with(ev, files, settings, None).0
}

/// The files of a repository, in the order of their [`FileId`]s.
#[derive(Clone, Copy)]
pub struct Files<'a> {
    pub asts: &'a Asts,
    /// As many as there are trees.
    pub facts: &'a [Arc<FileFacts>],
    /// Who can look at texts meanwhile, with the stack of the parser.
    pub workers: &'a ThreadPool,
    /// For what is evaluated on other threads.
    pub evaluators: &'a dyn Evaluators,
}

impl Files<'_> {
    /// Looks at texts while others evaluate.
    fn prepare(self) {
        let files = self.facts.par_iter().enumerate();
        files.for_each(|(at, facts)| {
            if let Some(ast) = self.asts.get(FileId::new(at as u32)) {
                facts.prepare(ast);
            }
        });
    }
}

/// As [`build`], with what an earlier one has kept, which [holds](Reuse::holds). Where the evaluator
/// watches a file, this one keeps something too.
pub fn build_with<'a>(
    ev: &Evaluator<'a>,
    files: Files<'a>,
    settings: &Settings,
    kept: Option<&Reuse>,
) -> (Model, Option<Reuse>) {
    let nobody_reads = OnceLock::new();
    let (mut model, kept) = files.workers.in_place_scope(|scope| {
        scope.spawn(|_| files.prepare());
        evaluated(ev, files, settings, kept, |options, candidates| {
            let found = &nobody_reads;
            scope.spawn(move |_| {
                let _ = found.set(unread(files.asts, files.facts, &options, candidates));
            });
        })
    });
    model.unread = nobody_reads.into_inner().unwrap_or_default();
    (model, kept)
}

fn evaluated<'a>(
    ev: &Evaluator<'a>,
    files: Files<'a>,
    settings: &Settings,
    kept: Option<&Reuse>,
    find_unread: impl FnOnce(Vec<String>, Vec<Candidate>),
) -> (Model, Option<Reuse>) {
    let Files { asts, facts, .. } = files;
    let mut model = Model::default();
    let universes = universes(ev, settings, &mut model);
    let mut imported: FxHashSet<FileId> = FxHashSet::default();
    let mut declaring: Vec<FileId> = Vec::new();
    let mut looked_at = Vec::with_capacity(universes.len());
    let mut all_found = Vec::with_capacity(universes.len());
    for named in &universes {
        let (universe, found) = fleet::discovered(ev, named, settings);
        looked_at.push(universe);
        declaring.extend(found.iter().flat_map(|f| f.option.spans).map(|span| span.file));
        imported.extend(universe.collected(ev).files);
        for found in &found {
            contract_of(ev, *found, settings, &mut model.contracts);
        }
        all_found.push(found);
    }
    if universes.is_empty() {
        loose::add_roots(ev, settings, (&mut imported, &mut declaring), &mut model);
    }
    let work = loose::work(ev, asts, settings, (imported.clone(), declaring), &mut model);
    let parts = Parts::new(ev, kept, &model.contracts);
    let others = beside::begin(ev, files.evaluators, parts.tasks(), work);
    ev.settle();
    // What is kept is kept by one evaluator.
    let is_alone = ev.is_watching() || kept.is_some() || universes.len() < 2;
    let known = if is_alone { Vec::new() } else { model.contracts.clone() };
    let look = |at: usize| {
        let (of, parts) = ((looked_at[at], &all_found[at][..]), parts.of_host(at));
        let (named, contracts) = (&universes[at], &mut model.contracts);
        model.hosts.push(named_host(ev, named, of, settings, contracts, parts));
    };
    match is_alone {
        true => (0..universes.len()).for_each(look),
        false => {
            let known = (settings, known);
            let others = fleet::look(ev, files.evaluators, universes.len(), known, look);
            model.hosts.extend(others);
        }
    }
    let mut kept = parts.keep(ev);
    let mut position: Vec<usize> = (0..model.contracts.len()).collect();
    if settings.option.is_none() {
        // The contract with the most services is the one that is meant first.
        let counts = counts(&model);
        position = reorder(&mut model, &counts);
    }
    let options = model.contracts.iter().map(|contract| contract.option.clone());
    // What could not be read may read any field.
    let is_whole = ev.sources.is_whole();
    find_unread(options.collect(), if is_whole { candidates(&model) } else { Vec::new() });
    let tasks = others.add(&position, &mut model);
    if let Some(kept) = &mut kept {
        kept.add_tasks(tasks);
    }
    model.attribute_names = attribute_names(asts, &model);
    mark_unused(ev, asts, &universes, &mut model);
    faults::add(ev, asts, &imported, &mut model);
    imports::add_written(ev, asts, facts, &mut model);
    clashes::add_unread(ev.sources, asts, facts, &mut model);
    model.legacy_reads = legacy::reads(ev.sources, asts, settings);
    structure::add(ev, facts, settings, &imported, &mut model);
    secrets::add(ev, asts, facts, &looked_at, &mut model);
    plaintext::add(asts, facts, |file| ev.sources.file(file).path.clone(), &mut model);
    (model, kept)
}

fn counts(model: &Model) -> Vec<usize> {
    let mut counts = vec![0; model.contracts.len()];
    for service in model.hosts.iter().flat_map(|host| &host.services) {
        counts[service.contract] += 1;
    }
    counts
}

/// Puts the contract with the most services first, and keeps the order otherwise; where each is then.
fn reorder(model: &mut Model, counts: &[usize]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..model.contracts.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(counts[*at]));
    let mut position = vec![0; order.len()];
    for (new, old) in order.iter().enumerate() {
        position[*old] = new;
    }
    let mut contracts: Vec<Option<Contract>> = model.contracts.drain(..).map(Some).collect();
    model.contracts.extend(order.iter().filter_map(|old| contracts[*old].take()));
    for service in model.hosts.iter_mut().flat_map(|host| &mut host.services) {
        service.contract = position[service.contract];
    }
    position
}
