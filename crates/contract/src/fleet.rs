//! The hosts of a fleet: where they need much memory, shares of them are looked at on several threads, and an
//! evaluator that has grown large leaves the rest of its share to another one, so that its memory is given back.
//!
//! Who looks at what hangs on the repository alone, and not on who is quicker, so that every run finds the
//! same.

use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};

use nixpact_eval::Evaluator;
use nixpact_modules::Universe;

use crate::assume;
use crate::beside::{Evaluators, Job};
use crate::discover::{self, Found};
use crate::host::named_host;
use crate::hosts::{Named, universes};
use crate::model::{Contract, Host, Model};
use crate::reuse::HostParts;
use crate::settings::Settings;

/// How much an evaluator takes, in bytes, before it leaves the rest to another one. What hosts have in common is
/// evaluated by each.
const LARGE: usize = 16 << 20;

/// As many as there are threads for.
const MAX_SHARES: usize = 4;

/// A host with its position.
type Positioned = (usize, Host);

/// The hosts that nobody has begun with, and what is known for them.
struct Queue {
    shares: Mutex<Vec<Range<usize>>>,
    settings: Settings,
    contracts: Vec<Contract>,
}

/// Looks at all hosts, of which there are several: some with this evaluator, which knows the modules of all, and the
/// others elsewhere; these are returned, in their order.
pub(crate) fn look(
    ev: &Evaluator<'_>,
    evaluators: &dyn Evaluators,
    hosts: usize,
    (settings, contracts): (&Settings, Vec<Contract>),
    mut look: impl FnMut(usize),
) -> Vec<Host> {
    let before = used(ev);
    look(0);
    // The others need about as much.
    let rest = 1..hosts;
    let shares = (rest.len() * (used(ev) - before)).div_ceil(LARGE);
    if shares <= 1 {
        rest.for_each(look);
        return Vec::new();
    }
    let shares = shares.min(MAX_SHARES).min(rest.len());
    let bound = |at: usize| rest.start + rest.len() * at / shares;
    let others = (1..shares).rev().map(|at| bound(at)..bound(at + 1));
    let queue = Arc::new(Queue {
        shares: Mutex::new(others.collect()),
        settings: settings.clone(),
        contracts,
    });
    let (send, found) = mpsc::channel();
    for at in 0..evaluators.spare().min(shares - 1) {
        evaluators.start_all(at, Box::new(jobs(&queue, &send)));
    }
    let rest = until_large(ev, before, rest.start..bound(1), look);
    queue.leave(rest);
    let mut jobs = jobs(&queue, &send);
    while let Some(job) = jobs() {
        evaluators.aside(job);
    }
    drop((jobs, send));
    // A thread that panics sends nothing; whoever joins it says so.
    let mut all: Vec<Positioned> = found.iter().collect();
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, host)| host).collect()
}

/// Looks at shares as long as there are any.
fn jobs(
    queue: &Arc<Queue>,
    send: &mpsc::Sender<Positioned>,
) -> impl FnMut() -> Option<Job> + Send + use<> {
    let (queue, send) = (Arc::clone(queue), send.clone());
    move || {
        let share = lock(&queue.shares).pop()?;
        let (queue, send) = (Arc::clone(&queue), send.clone());
        Some(Box::new(move |ev| queue.look(ev, share, &send)))
    }
}

impl Queue {
    fn look(&self, ev: &Evaluator<'_>, share: Range<usize>, send: &mpsc::Sender<Positioned>) {
        let settings = &self.settings;
        let universes = universes(ev, settings, &mut Model::default());
        let mut contracts = self.contracts.clone();
        let look = |at: usize| {
            let Some(named) = universes.get(at) else { return };
            let (universe, found) = discovered(ev, named, settings);
            let (of, parts) = ((universe, &found[..]), HostParts::default());
            let host = named_host(ev, named, of, settings, &mut contracts, parts);
            // Who waits for it has gone where it cannot be sent.
            let _ = send.send((at, host));
        };
        self.leave(until_large(ev, used(ev), share, look));
    }

    fn leave(&self, rest: Range<usize>) {
        if !rest.is_empty() {
            lock(&self.shares).push(rest);
        }
    }
}

fn lock(shares: &Mutex<Vec<Range<usize>>>) -> MutexGuard<'_, Vec<Range<usize>>> {
    // Nothing is left half done in it.
    shares.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Looks at hosts until the evaluator is large; those that are left. What it used `before`, another one needs, too.
fn until_large(
    ev: &Evaluator<'_>,
    before: usize,
    mut share: Range<usize>,
    mut look: impl FnMut(usize),
) -> Range<usize> {
    while used(ev) - before <= LARGE.max(before)
        && let Some(at) = share.next()
    {
        look(at);
    }
    share
}

/// What an evaluator has filled, in bytes.
fn used(ev: &Evaluator<'_>) -> usize {
    ev.arena.allocated_bytes() - ev.arena.chunk_capacity()
}

/// A host's modules, as the settings want them to be looked at, and the contracts among their options, of which it is
/// known what members they have.
pub(crate) fn discovered<'a>(
    ev: &Evaluator<'a>,
    named: &Named<'a>,
    settings: &Settings,
) -> (&'a Universe<'a>, Vec<Found<'a>>) {
    ev.reset_steps();
    let universe = assume::enabled(ev, named.universe, settings);
    let found = discover::contracts(ev, universe, settings);
    for found in &found {
        let _ = ev.force(found.slot.value(ev));
        let _ = found.slot.elements(ev);
    }
    (universe, found)
}
