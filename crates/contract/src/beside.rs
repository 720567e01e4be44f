//! What belongs to no host, the tests and loose modules, is looked at on threads of its own while the
//! hosts are.
//!
//! Who looks at what hangs on the repository alone, and not on who is quicker, so that every run finds the
//! same.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};

use nixpact_eval::Evaluator;
use nixpact_modules::{flake_checks, flake_hosts};
use nixpact_source::FileId;
use nixpact_syntax::Symbol;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::loose;
use crate::model::{Contract, Host, Model};
use crate::settings::Settings;
use crate::tests::{self, Place, Tested};

/// A thread for each so many tasks.
const TASKS_A_THREAD: usize = 8;

/// Threads that wait for work, each of which can evaluate the same files.
///
/// They are started before anything is evaluated: a thread that is started by a busy one may be kept
/// waiting for its processor.
pub trait Evaluators: Sync {
    /// How many there are of those that are wanted.
    fn threads(&self, wanted: usize) -> usize;

    /// How many there are for work that takes a processor of its own, the first one being busy.
    fn spare(&self) -> usize;

    /// Has the thread at a position work until there is none, each time with an evaluator of its own. What it finds
    /// out, it sends.
    fn start_all(&self, at: usize, work: Jobs);

    /// Has the thread at a position work once.
    fn start(&self, at: usize, work: Job) {
        let mut work = Some(work);
        self.start_all(at, Box::new(move || work.take()));
    }

    /// Works on this thread, with another evaluator.
    fn aside(&self, work: Job);
}

pub type Job = Box<dyn for<'a> FnOnce(&Evaluator<'a>) + Send>;

/// Gives work as long as there is any.
pub type Jobs = Box<dyn FnMut() -> Option<Job> + Send>;

/// What is looked at in one go.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Task {
    /// A check of the flake.
    Check(Symbol),
    /// A file that belongs to no host and mentions a contract.
    File(FileId),
}

/// What is to be looked at, and what is known for that.
#[derive(Debug)]
pub(crate) struct Work {
    pub tasks: Vec<Task>,
    pub settings: Settings,
    /// The files of the hosts: what is wrong in them is found there.
    pub imported: FxHashSet<FileId>,
    /// The files that declare a contract.
    pub declaring: Vec<FileId>,
    pub contracts: Vec<Contract>,
}

/// What a task has found.
#[derive(Debug, Default)]
struct Found {
    tests: Vec<Tested>,
    loose: Option<Host>,
    /// Contracts that a loose file declares itself, which come after those that were known.
    contracts: Vec<Contract>,
    /// Its own tests that others call for.
    left: Vec<Place>,
    /// It does not hang on the text of the file that is watched.
    is_kept: bool,
}

/// The tests of a task that has found nothing else.
#[derive(Clone, Debug)]
pub(crate) struct KeptTask {
    pub tests: Vec<Tested>,
    /// Its own tests that others call for.
    pub left: Vec<Place>,
}

/// Tasks that do not hang on the text of a file.
pub(crate) type KeptTasks = FxHashMap<Task, KeptTask>;

/// The work that others do.
pub(crate) struct Begun {
    found: mpsc::Receiver<Vec<(usize, Found)>>,
    tasks: Vec<Task>,
    /// How many contracts were known.
    known: usize,
}

/// Begins to look at everything that is not `kept`; without another thread it is done at once.
pub(crate) fn begin(
    ev: &Evaluator<'_>,
    evaluators: &dyn Evaluators,
    kept: Option<&KeptTasks>,
    work: Work,
) -> Begun {
    let (send, found) = mpsc::channel();
    let (done, called) = kept.map(|kept| known(kept, &work.tasks)).unwrap_or_default();
    let is_open = |(at, _): &(usize, Task)| done.iter().all(|(known, _)| known != at);
    let (tasks, known) = (work.tasks.clone(), work.contracts.len());
    let open: Vec<_> = tasks.iter().copied().enumerate().filter(is_open).collect();
    let _ = send.send(done);
    let wanted = open.len().div_ceil(TASKS_A_THREAD);
    let count = evaluators.threads(wanted);
    let gate = Arc::new(Gate::new(count.max(1), called));
    if count == 0 && wanted > 0 {
        let _ = send.send(share(ev, &work, Arrival(gate), &open));
        return Begun { found, tasks, known };
    }
    let work = Arc::new(work);
    for at in 0..count {
        let tasks: Vec<_> = open.iter().copied().skip(at).step_by(count).collect();
        let (work, send, arrival) = (Arc::clone(&work), send.clone(), Arrival(Arc::clone(&gate)));
        evaluators.start(
            at,
            Box::new(move |ev| {
                // Who waits for it has gone where it cannot be sent.
                let _ = send.send(share(ev, &work, arrival, &tasks));
            }),
        );
    }
    Begun { found, tasks, known }
}

/// What was kept of the tasks, with their positions, and the tests that they call for. The own tests that
/// a task has left to others must be among these.
fn known(kept: &KeptTasks, tasks: &[Task]) -> (Vec<(usize, Found)>, FxHashSet<Place>) {
    let known = || tasks.iter().enumerate().filter_map(|(at, task)| Some((at, kept.get(task)?)));
    let certain = known().filter(|(_, task)| task.left.is_empty());
    let called = certain.flat_map(|(_, task)| &task.tests).filter(|test| !test.is_own);
    let called: FxHashSet<Place> = called.map(|test| test.place).collect();
    let holds = |task: &KeptTask| task.left.iter().all(|place| called.contains(place));
    let found = known().filter(|(_, task)| holds(task)).map(|(at, task)| {
        let KeptTask { tests, left } = task.clone();
        (at, Found { tests, left, ..Found::default() })
    });
    (found.collect(), called)
}

/// Looks at every task of a share; what is found comes with its position.
fn share(
    ev: &Evaluator<'_>,
    work: &Work,
    arrival: Arrival,
    tasks: &[(usize, Task)],
) -> Vec<(usize, Found)> {
    // The checks are among the outputs.
    let hosts = ev.sources.id("flake.nix").map(|flake| flake_hosts(ev, flake));
    let checks = hosts.map_or_else(Vec::new, |_| flake_checks(ev));
    // What a file adds to them is its own.
    let mut contracts = work.contracts.clone();
    let look = |(at, task): &(usize, Task)| {
        let look = || {
            let tests = tests::find(ev, *task, &checks);
            let called = tests.called();
            let called = called.map(|test| tests.look(ev, test, work, &mut contracts)).collect();
            let loose = match task {
                Task::File(file) => loose::look(ev, *file, work, &mut contracts),
                Task::Check(_) => None,
            };
            let contracts = contracts.split_off(work.contracts.len());
            (tests, Found { tests: called, loose, contracts, ..Found::default() })
        };
        let ((tests, found), is_kept) = ev.part(look);
        (tests, (*at, Found { is_kept, ..found }))
    };
    let (tests, mut found): (Vec<_>, Vec<_>) = tasks.iter().map(look).unzip();
    // Whether the others count is known when everyone has come this far.
    let places = found.iter().flat_map(|(_, found)| &found.tests).map(|test| test.place);
    let called = arrival.bring(places);
    for (tests, (_, found)) in tests.iter().zip(&mut found) {
        let (left, own): (Vec<_>, Vec<_>) =
            tests.own().partition(|test| called.contains(&Place::of(test)));
        let (own, is_kept) = ev.part(|| {
            let own = own.into_iter().map(|test| tests.look(ev, test, work, &mut contracts));
            own.collect::<Vec<_>>()
        });
        found.is_kept &= is_kept;
        found.tests.extend(own);
        found.left.extend(left.into_iter().map(Place::of));
    }
    if ev.structure().is_none() {
        found.iter_mut().for_each(|(_, found)| found.is_kept = false);
    }
    found
}

impl Begun {
    /// Waits for the threads, and adds what they have found; what of it can be kept. `position` tells where
    /// in the model each contract is that was known when they began.
    pub fn add(self, position: &[usize], model: &mut Model) -> KeptTasks {
        // A thread that panics sends nothing; whoever joins it says so.
        let mut all: Vec<(usize, Found)> = self.found.iter().flatten().collect();
        all.sort_by_key(|(at, _)| *at);
        let (mut tests, mut kept) = (Vec::new(), KeptTasks::default());
        for (at, mut found) in all {
            if found.is_kept && found.loose.is_none() && found.contracts.is_empty() {
                let task = KeptTask { tests: found.tests.clone(), left: found.left };
                kept.insert(self.tasks[at], task);
            }
            let known = position.iter().copied().take(self.known);
            let new = found.contracts.into_iter().map(|contract| place_of(contract, model));
            let position: Vec<usize> = known.chain(new.collect::<Vec<_>>()).collect();
            let tested = found.tests.iter_mut().filter_map(|test| test.facts.as_mut());
            let of_tests = tested.flat_map(|facts| &mut facts.services);
            let of_loose = found.loose.iter_mut().flat_map(|host| &mut host.services);
            for service in of_tests.chain(of_loose) {
                service.contract = position[service.contract];
            }
            model.loose.extend(found.loose);
            tests.extend(found.tests);
        }
        model.tests.extend(tests::that_count(tests));
        kept
    }
}

/// The position of a contract in a model; one that is new is added.
fn place_of(contract: Contract, model: &mut Model) -> usize {
    let known = model.contracts.iter().position(|known| known.option == contract.option);
    known.unwrap_or_else(|| {
        model.contracts.push(contract);
        model.contracts.len() - 1
    })
}

/// Where the threads wait until it is known which tests are called for by others.
struct Gate {
    state: Mutex<GateState>,
    is_complete: Condvar,
}

struct GateState {
    called: FxHashSet<Place>,
    missing: usize,
}

impl Gate {
    /// `called` are those of which it is known already.
    fn new(threads: usize, called: FxHashSet<Place>) -> Gate {
        let state = GateState { called, missing: threads };
        Gate { state: Mutex::new(state), is_complete: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, GateState> {
        // Nothing is left half done in it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// That a thread is to come, which it does even if it panics.
struct Arrival(Arc<Gate>);

impl Arrival {
    /// Adds what a thread has found, and waits for the others.
    fn bring(self, called: impl Iterator<Item = Place>) -> FxHashSet<Place> {
        let gate = Arc::clone(&self.0);
        gate.lock().called.extend(called);
        drop(self);
        let mut state = gate.lock();
        while state.missing > 0 {
            state = gate.is_complete.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.called.clone()
    }
}

impl Drop for Arrival {
    fn drop(&mut self) {
        self.0.lock().missing -= 1;
        self.0.is_complete.notify_all();
    }
}
