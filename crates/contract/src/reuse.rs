//! What can be kept of a model while one file is edited: the services that do not hang on its text.

use std::cell::RefCell;
use std::hash::Hash;

use nixpact_eval::{Evaluator, Structure};
use nixpact_source::FileId;
use nixpact_syntax::{Ast, Symbol};
use rustc_hash::FxHashMap;

use crate::beside::KeptTasks;
use crate::model::{Contract, Refused, Service};
use crate::network::Network;
use crate::nix::recursion::Recursion;
use crate::places::Places;

/// A service, by the position of the host, that of the contract among those of the host, and the name.
type Key = (usize, usize, Symbol);

/// What is found at a path of a host, by the position of the host.
type Place = (usize, String);

/// The parts of a model that are the same for every text of one file that keeps its structure, as long
/// as nothing else changes.
#[derive(Debug)]
pub struct Reuse {
    structure: Structure,
    /// Each service was read by these.
    contracts: Vec<Contract>,
    /// None for a member that is no service.
    services: FxHashMap<Key, Option<Service>>,
    members: FxHashMap<Key, Looked>,
    options: FxHashMap<Place, Looked>,
    networks: FxHashMap<Place, Network>,
    tasks: KeptTasks,
}

/// What Nix refuses in a service, or among the options below a path.
#[derive(Clone, Debug, Default)]
pub(crate) struct Looked {
    pub refused: Vec<Refused>,
    pub recursions: Vec<Recursion>,
}

impl Reuse {
    /// The file that may change.
    pub fn file(&self) -> FileId {
        self.structure.file
    }

    /// Whether it may be used for another text of the file. `old` is the one that it comes from.
    pub fn holds(&self, old: &Ast, new: &Ast) -> bool {
        self.structure.is_kept(old, new)
    }
}

/// What was kept, and what can be kept next.
pub(crate) struct Parts<'k> {
    known: Option<&'k Reuse>,
    /// Nothing where no file is watched.
    contracts: Vec<Contract>,
    services: RefCell<FxHashMap<Key, Option<Service>>>,
    members: RefCell<FxHashMap<Key, Looked>>,
    options: RefCell<FxHashMap<Place, Looked>>,
    networks: RefCell<FxHashMap<Place, Network>>,
}

/// The parts of one host; none can be kept of what is no host.
#[derive(Clone, Copy, Default)]
pub(crate) struct HostParts<'p> {
    host: usize,
    parts: Option<&'p Parts<'p>>,
}

impl HostParts<'_> {
    /// A service of the contract at a position among those of the host.
    pub fn service(
        self,
        ev: &Evaluator<'_>,
        (contract, name): (usize, Symbol),
        compute: impl FnOnce() -> Option<Service>,
    ) -> Option<Service> {
        let Some(parts) = self.parts else { return compute() };
        let known = parts.known.map(|known| &known.services);
        part(ev, (self.host, contract, name), known, &parts.services, compute)
    }

    /// What Nix refuses in such a service.
    pub fn looked(
        self,
        ev: &Evaluator<'_>,
        (contract, name): (usize, Symbol),
        compute: impl FnOnce() -> Looked,
    ) -> Looked {
        let Some(parts) = self.parts else { return compute() };
        let known = parts.known.map(|known| &known.members);
        part(ev, (self.host, contract, name), known, &parts.members, compute)
    }

    /// What Nix refuses among the options of the repository at a path and below it.
    pub fn options(
        self,
        ev: &Evaluator<'_>,
        path: impl FnOnce() -> String,
        compute: impl FnOnce() -> Looked,
    ) -> Looked {
        let Some(parts) = self.parts else { return compute() };
        let known = parts.known.map(|known| &known.options);
        part(ev, (self.host, path()), known, &parts.options, compute)
    }

    /// What the options at a path say of the network.
    pub fn network(
        self,
        ev: &Evaluator<'_>,
        path: &str,
        compute: impl FnOnce() -> Network,
    ) -> Network {
        let Some(parts) = self.parts else { return compute() };
        let known = parts.known.map(|known| &known.networks);
        part(ev, (self.host, path.to_owned()), known, &parts.networks, compute)
    }
}

/// A part as it was known, or else as it is; it is added to those that can be kept.
fn part<K: Eq + Hash, T: Clone>(
    ev: &Evaluator<'_>,
    key: K,
    known: Option<&FxHashMap<K, T>>,
    kept: &RefCell<FxHashMap<K, T>>,
    compute: impl FnOnce() -> T,
) -> T {
    if let Some(known) = known.and_then(|known| known.get(&key)) {
        return known.clone();
    }
    let (result, is_kept) = ev.part(compute);
    if is_kept {
        kept.borrow_mut().insert(key, result.clone());
    }
    result
}

impl<'k> Parts<'k> {
    /// Nothing is used that was read by other contracts.
    pub fn new(ev: &Evaluator<'_>, known: Option<&'k Reuse>, contracts: &[Contract]) -> Parts<'k> {
        let known = known.filter(|known| known.contracts == contracts);
        let contracts = if ev.is_watching() { contracts.to_vec() } else { Vec::new() };
        Parts {
            known,
            contracts,
            services: RefCell::default(),
            members: RefCell::default(),
            options: RefCell::default(),
            networks: RefCell::default(),
        }
    }

    /// What was kept of the tests.
    pub fn tasks(&self) -> Option<&'k KeptTasks> {
        self.known.map(|known| &known.tasks)
    }

    pub fn of_host(&self, host: usize) -> HostParts<'_> {
        HostParts { host, parts: Some(self) }
    }

    /// What can be kept of what was computed, where a file is watched.
    pub fn keep(self, ev: &Evaluator<'_>) -> Option<Reuse> {
        let structure = ev.structure()?;
        // All places in the file are elsewhere in its next text.
        let file = structure.file;
        let (services, members) = (elsewhere(self.services, file), elsewhere(self.members, file));
        let (options, networks) = (elsewhere(self.options, file), elsewhere(self.networks, file));
        let (contracts, tasks) = (self.contracts, KeptTasks::default());
        Some(Reuse { structure, contracts, services, members, options, networks, tasks })
    }
}

impl Reuse {
    /// Keeps tests, too.
    pub(crate) fn add_tasks(&mut self, mut tasks: KeptTasks) {
        tasks.retain(|_, task| !task.are_in(self.structure.file));
        self.tasks = tasks;
    }
}

/// Those that name no place in a file.
fn elsewhere<K: Eq + Hash, T: Places>(
    kept: RefCell<FxHashMap<K, T>>,
    file: FileId,
) -> FxHashMap<K, T> {
    let mut kept = kept.into_inner();
    kept.retain(|_, part| !part.are_in(file));
    kept
}
