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
    services: FxHashMap<Key, Service>,
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
#[derive(Default)]
pub(crate) struct Parts<'k> {
    known: Option<&'k Reuse>,
    services: RefCell<FxHashMap<Key, Service>>,
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
        let key = (self.host, contract, name);
        if let Some(known) = parts.known.and_then(|known| known.services.get(&key)) {
            return Some(known.clone());
        }
        let (service, is_kept) = ev.part(compute);
        if let (Some(service), true) = (&service, is_kept) {
            parts.services.borrow_mut().insert(key, service.clone());
        }
        service
    }

    /// What Nix refuses in such a service.
    pub fn looked(
        self,
        ev: &Evaluator<'_>,
        (contract, name): (usize, Symbol),
        compute: impl FnOnce() -> Looked,
    ) -> Looked {
        let Some(parts) = self.parts else { return compute() };
        let key = (self.host, contract, name);
        if let Some(known) = parts.known.and_then(|known| known.members.get(&key)) {
            return known.clone();
        }
        let (looked, is_kept) = ev.part(compute);
        if is_kept {
            parts.members.borrow_mut().insert(key, looked.clone());
        }
        looked
    }
}

impl<'k> Parts<'k> {
    /// Nothing is used that was read by other contracts.
    pub fn new(known: Option<&'k Reuse>, contracts: &[Contract]) -> Parts<'k> {
        let known = known.filter(|known| known.contracts == shown(contracts));
        Parts { known, ..Parts::default() }
    }

    pub fn of_host(&self, host: usize) -> HostParts<'_> {
        HostParts { host, parts: Some(self) }
    }

    /// What can be kept of what was computed, where a file is watched.
    pub fn keep(self, ev: &Evaluator<'_>, contracts: String) -> Option<Reuse> {
        let structure = ev.structure()?;
        let (mut services, mut members) = (self.services.into_inner(), self.members.into_inner());
        // All places in the file are elsewhere in its next text.
        let file = structure.file;
        services.retain(|_, service| !service.are_in(file));
        members
            .retain(|_, looked| !(looked.refused.are_in(file) || looked.recursions.are_in(file)));
        Some(Reuse { structure, contracts, services, members })
    }
}

/// Contracts, to be compared.
pub(crate) fn shown(contracts: &[Contract]) -> String {
    format!("{contracts:?}")
}
