//! Evaluation on threads of its own, with the stack that deep evaluation needs.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread::{Builder, Scope};

use bumpalo::Bump;
use nixpact_contract::{Evaluators, Files, Job, Jobs};
use nixpact_eval::Evaluator;
use nixpact_source::FileId;
use rayon::prelude::*;

use crate::config::stack_bytes;
use crate::load::{Failure, Loaded, pool};
use crate::outside;

/// How one run differs from others.
pub(crate) struct Run<'r> {
    /// It is given back for whoever has the time to empty it. One without a chunk gets its first one on the
    /// thread that fills it, while others begin to parse.
    pub arena: Bump,
    /// What is found means nothing once this is set.
    pub interrupt: &'r AtomicBool,
    /// The file of which it is to be told what hangs on its text.
    pub watched: Option<FileId>,
    /// How many threads are there beside the first one, if they are wanted.
    pub beside: usize,
}

/// As many as there are on every machine: how deep a limit reaches hangs on how the work is shared out.
pub(crate) const MAX_BESIDE: usize = 3;

/// What an arena takes at once, in bytes: with what it needs for itself, as much as the program's allocator
/// has two huge pages for (`crates/allocator/src/large.rs`), of which the second is there once it is needed.
const FIRST_CHUNK: usize = (4 << 20) - (4 << 10);

/// An empty arena. The memory that it has at first is used only as far as it is filled, or all of it where
/// the system gives a huge page for it, which takes less time than a few hundred pages.
fn arena() -> Bump {
    Bump::with_capacity(FIRST_CHUNK)
}

impl Loaded {
    fn evaluator<'a>(
        &'a self,
        arena: &'a Bump,
        interrupt: &'a AtomicBool,
    ) -> Result<Evaluator<'a>, Failure> {
        let (sources, groups) = (&self.sources, nixpact_modules::GROUPS);
        let mut evaluator = Evaluator::new(arena, sources, &self.asts, groups, self.limits);
        evaluator.set_interrupt(interrupt);
        outside::give(self.outside.as_deref(), &mut evaluator)?;
        Ok(evaluator)
    }

    /// Runs `work` with an evaluator; also what it has filled, which takes time to give back. Files that it does not
    /// ask for need not be parsed.
    pub fn evaluate<T: Send>(
        &self,
        work: impl for<'a> FnOnce(&Evaluator<'a>) -> T + Send,
    ) -> Result<(T, Bump), Failure> {
        let interrupt = AtomicBool::new(false);
        let run = Run { arena: Bump::new(), interrupt: &interrupt, watched: None, beside: 0 };
        let (result, (arena, _)) = self.evaluate_in(run, |ev, _| work(ev))?;
        Ok((result, arena))
    }

    /// Runs `work` with an evaluator and all files; also what it has filled.
    pub fn evaluate_all<T: Send>(
        &self,
        work: impl for<'a> FnOnce(&Evaluator<'a>, Files<'a>) -> T + Send,
    ) -> Result<(T, Bump), Failure> {
        let interrupt = AtomicBool::new(false);
        let (arena, beside) = (Bump::new(), MAX_BESIDE);
        let run = Run { arena, interrupt: &interrupt, watched: None, beside };
        let (result, (arena, _)) = self.evaluate_in(run, work)?;
        Ok((result, arena))
    }

    /// As [`evaluate_all`](Loaded::evaluate_all); also the arena, and how many threads were wanted beside.
    pub fn evaluate_in<T: Send>(
        &self,
        Run { arena, interrupt, watched, beside }: Run<'_>,
        work: impl for<'a> FnOnce(&Evaluator<'a>, Files<'a>) -> T + Send,
    ) -> Result<(T, (Bump, usize)), Failure> {
        let workers = pool()?;
        let (result, left) = std::thread::scope(|scope| {
            let (give, others) = mpsc::channel::<Vec<mpsc::Sender<Jobs>>>();
            let run = move || {
                let arena = if arena.chunk_capacity() == 0 { self::arena() } else { arena };
                let threads = others.recv().unwrap_or_default();
                let others =
                    Others { threads, wanted: AtomicUsize::new(0), loaded: self, interrupt };
                let (asts, facts) = (&self.asts, &self.facts);
                let files = Files { asts, facts, workers, evaluators: &others };
                let result = self.evaluator(&arena, interrupt).map(|mut evaluator| {
                    if let Some(file) = watched {
                        evaluator.watch(file);
                    }
                    work(&evaluator, files)
                });
                (result, (arena, others.wanted.into_inner()))
            };
            let thread = Builder::new()
                .name("evaluation".to_owned())
                .stack_size(stack_bytes(&self.limits))
                .spawn_scoped(scope, run)
                .map_err(Failure::Thread)?;
            // They come second: where stacks are scarce, the first one must have its own.
            let _ = give.send(self.start_others(scope, interrupt, (watched, beside)));
            // What is not needed by the end is not parsed.
            let parse = |file: &FileId| {
                if !thread.is_finished() {
                    self.asts.get(*file);
                }
            };
            let missing = self.asts.missing();
            if !missing.is_empty() {
                workers.install(|| missing.par_iter().for_each(parse));
            }
            // A panic is a defect: it goes on here.
            thread.join().map_err(|panic| std::panic::resume_unwind(panic))
        })?;
        Ok((result?, left))
    }

    /// Threads that evaluate beside the first one, as soon as it has work for them. They end when nobody can give
    /// them work any more.
    fn start_others<'s, 'l: 's>(
        &'l self,
        scope: &'s Scope<'s, 'l>,
        interrupt: &'l AtomicBool,
        (watched, count): (Option<FileId>, usize),
    ) -> Vec<mpsc::Sender<Jobs>> {
        let thread = |_| {
            let (send, work) = mpsc::channel::<Jobs>();
            let run = move || {
                for job in work.iter().flat_map(|mut jobs| std::iter::from_fn(move || jobs())) {
                    self.work_beside(interrupt, watched, job);
                }
            };
            let thread = Builder::new()
                .name("evaluation beside".to_owned())
                .stack_size(stack_bytes(&self.limits));
            thread.spawn_scoped(scope, run).ok().map(|_| send)
        };
        (0..count).filter_map(thread).collect()
    }

    /// Works with an evaluator of its own, whose memory is given back afterwards.
    fn work_beside(&self, interrupt: &AtomicBool, watched: Option<FileId>, job: Job) {
        let arena = arena();
        // Where nixpkgs cannot be given, the first evaluator says so.
        if let Ok(mut evaluator) = self.evaluator(&arena, interrupt) {
            if let Some(file) = watched {
                evaluator.watch(file);
                // Nothing of it leads to other work.
                evaluator.settle();
            }
            job(&evaluator);
        }
    }
}

/// What evaluates beside the first evaluator.
struct Others<'l> {
    threads: Vec<mpsc::Sender<Jobs>>,
    wanted: AtomicUsize,
    loaded: &'l Loaded,
    interrupt: &'l AtomicBool,
}

impl Evaluators for Others<'_> {
    fn threads(&self, wanted: usize) -> usize {
        self.wanted.store(wanted.min(MAX_BESIDE), Ordering::Relaxed);
        self.threads.len().min(wanted)
    }

    fn spare(&self) -> usize {
        let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        self.threads.len().min(processors - 1)
    }

    fn start_all(&self, at: usize, work: Jobs) {
        // A thread that is gone has panicked, which comes to light where it is joined.
        let _ = self.threads[at].send(work);
    }

    fn aside(&self, work: Job) {
        self.loaded.work_beside(self.interrupt, None, work);
    }
}
