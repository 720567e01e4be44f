//! What can be kept of a model while one file is edited: the services that do not hang on its text.

use std::cell::RefCell;

use nixpact_eval::{Evaluator, Structure};
use nixpact_source::FileId;
use nixpact_syntax::{Ast, Symbol};
use rustc_hash::FxHashMap;

use crate::model::{Contract, Refused, Service};
use crate::nix::recursion::Recursion;
use crate::places::Places;

/// A service, by the position of the host, that of the contract among those of the host, and the name.
type Key = (usize, usize, Symbol);

/// The parts of a model that are the same for every text of one file that keeps its structure, as long
/// as nothing else changes.
#[derive(Debug)]
pub struct Reuse {
    structure: Structure,
    /// What all contracts are; each service was read by them.
    contracts: String,
    /// None for a member that is no service.
    services: FxHashMap<Key, Option<Service>>,
    members: FxHashMap<Key, Looked>,
}

/// What Nix refuses in a service.
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
    /// Nothing where neither is of use.
    contracts: String,
    services: RefCell<FxHashMap<Key, Option<Service>>>,
    members: RefCell<FxHashMap<Key, Looked>>,
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
}

/// A part as it was known, or else as it is; it is added to those that can be kept.
fn part<T: Clone>(
    ev: &Evaluator<'_>,
    key: Key,
    known: Option<&FxHashMap<Key, T>>,
    kept: &RefCell<FxHashMap<Key, T>>,
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
        let contracts = match known.is_some() || ev.is_watching() {
            true => format!("{contracts:?}"),
            false => String::new(),
        };
        let known = known.filter(|known| known.contracts == contracts);
        Parts { known, contracts, services: RefCell::default(), members: RefCell::default() }
    }

    pub fn of_host(&self, host: usize) -> HostParts<'_> {
        HostParts { host, parts: Some(self) }
    }

    /// What can be kept of what was computed, where a file is watched.
    pub fn keep(self, ev: &Evaluator<'_>) -> Option<Reuse> {
        let structure = ev.structure()?;
        let (mut services, mut members) = (self.services.into_inner(), self.members.into_inner());
        // All places in the file are elsewhere in its next text.
        let file = structure.file;
        services.retain(|_, service| !service.are_in(file));
        members
            .retain(|_, looked| !(looked.refused.are_in(file) || looked.recursions.are_in(file)));
        Some(Reuse { structure, contracts: self.contracts, services, members })
    }
}
