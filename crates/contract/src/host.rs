//! One host: its modules, its services and what runs beside them.

use nixpact_eval::Evaluator;
use nixpact_modules::Universe;
use nixpact_syntax::Symbol;
use rustc_hash::FxHashSet;

use crate::datum::unknown_value;
use crate::discover::{self, Found};
use crate::extract::{Meant, services};
use crate::hosts::Named;
use crate::model::{Contract, FieldState, Host, Service};
use crate::network::middlewares::middlewares;
use crate::network::{network, relate};
use crate::nix::assertions::failed;
use crate::nix::refused::{refused, refused_by_nixos};
use crate::nix::stops::{Stops, stops};
use crate::ordering::orderings;
use crate::reuse::HostParts;
use crate::roles::Role;
use crate::settings::Settings;
use crate::state::backups::{Backups, backups};
use crate::state::data::data;
use crate::state::persistence::persistence;

pub(crate) fn host<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    found: &[Found<'a>],
    settings: &Settings,
    contracts: &mut Vec<Contract>,
    parts: HostParts<'_>,
) -> Host {
    let all = all_services(ev, found, settings, contracts, &|_| true, parts);
    let mut network = network(ev, universe, parts);
    relate(ev, &all, contracts, &mut network);
    let has_middlewares = !found.is_empty()
        && contracts.iter().any(|contract| contract.roles.field(Role::Middlewares).is_some());
    let collected = universe.collected(ev);
    let unresolved = match universe.whole(ev) {
        Some(_) => collected.unknown,
        None => collected.unresolved,
    };
    Host {
        middlewares: if has_middlewares && !all.is_empty() {
            middlewares(ev, universe, settings)
        } else {
            Default::default()
        },
        services: all,
        network,
        units: units(ev, universe),
        refused: Vec::new(),
        stops: Stops::default(),
        unresolved: unresolved.iter().map(|unknown| unknown_value(unknown)).collect(),
        lacks_modules: collected.lacks_own(),
        ..Host::default()
    }
}

/// A host of the repository, with all that is found on it.
pub(crate) fn named_host<'a>(
    ev: &Evaluator<'a>,
    Named { name, is_complete, .. }: &Named<'a>,
    (universe, found): (&'a Universe<'a>, &[Found<'a>]),
    settings: &Settings,
    contracts: &mut Vec<Contract>,
    parts: HostParts<'_>,
) -> Host {
    ev.reset_steps();
    let mut host = host(ev, universe, found, settings, contracts, parts);
    host.name.clone_from(name);
    add_facts(ev, universe, contracts, &mut host);
    let (refused, recursions) = refused(ev, universe, found, *is_complete, &|_| true, parts);
    host.refused = refused;
    if let Some(whole) = universe.whole(ev) {
        host.refused.extend(refused_by_nixos(ev, whole));
    }
    // What the repository asserts of its services is what lints are about, each at its place.
    let has_services = !host.services.is_empty();
    let mut assertions = Vec::new();
    if *is_complete && (!has_services || universe.whole(ev).is_some()) {
        assertions = failed(ev, universe);
        assertions.retain(|it| it.module.is_some() || !has_services);
    }
    host.stops = Stops { recursions, assertions, ..stops(ev, universe) };
    host
}

/// Adds what the modules of a host say about the data and the units of its enabled services.
fn add_facts<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    contracts: &[Contract],
    host: &mut Host,
) {
    let enabled: Vec<&Service> = host.enabled().collect();
    if enabled.is_empty() {
        return;
    }
    let persistence = persistence(ev, universe);
    let data = match (&persistence.emptied, &persistence.unknown) {
        (Some(_), None) => data(ev, universe, &enabled),
        _ => Vec::new(),
    };
    let is_open = |service: &&Service| {
        let state = |role| service.role(&contracts[service.contract], role).map(|it| it.state);
        state(Role::State) == Some(FieldState::Defined)
            && state(Role::Backup) == Some(FieldState::Default)
    };
    let backups = match enabled.iter().any(is_open) {
        true => backups(ev, universe),
        false => Backups::default(),
    };
    let orderings = orderings(ev, universe, contracts, &enabled);
    host.persistence = persistence;
    host.data = data;
    host.backups = backups;
    host.orderings = orderings;
}

/// The members of all contracts of a universe for which `is_meant` holds; a contract that is new is added
/// to the others.
pub(crate) fn all_services<'a>(
    ev: &Evaluator<'a>,
    found: &[Found<'a>],
    settings: &Settings,
    contracts: &mut Vec<Contract>,
    is_meant: Meant<'_, 'a>,
    parts: HostParts<'_>,
) -> Vec<Service> {
    let mut all = Vec::new();
    for (at, found) in found.iter().enumerate() {
        let Some(index) = contract_of(ev, *found, settings, contracts) else { continue };
        let contract = (index, &contracts[index]);
        all.extend(services(ev, *found, contract, is_meant, (at, parts)));
    }
    all
}

/// The position of a contract; one that is new is added to the others.
pub(crate) fn contract_of<'a>(
    ev: &Evaluator<'a>,
    found: Found<'a>,
    settings: &Settings,
    contracts: &mut Vec<Contract>,
) -> Option<usize> {
    let option = found.slot.path.to_string();
    let known = contracts.iter().position(|known| known.option == option);
    known.or_else(|| {
        contracts.push(discover::describe(ev, found, settings)?);
        Some(contracts.len() - 1)
    })
}

/// What runs on a host besides the contract's services.
fn units<'a>(ev: &Evaluator<'a>, universe: &'a Universe<'a>) -> FxHashSet<Box<str>> {
    const PLACES: &[&[&str]] = &[
        &["services"],
        &["systemd", "services"],
        &["systemd", "targets"],
        &["virtualisation", "oci-containers", "containers"],
        &["virtualisation", "quadlet", "containers"],
        &["containers"],
    ];
    let mut units = FxHashSet::default();
    for place in PLACES {
        let path: Vec<Symbol> = place.iter().map(|name| Symbol::new(name)).collect();
        if let Some(node) = universe.node(ev, &path) {
            units.extend(node.children(ev).iter().map(|(name, _)| Box::from(name.as_str())));
        }
    }
    units
}
