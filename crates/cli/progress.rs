//! What a run is doing, for a terminal on which it lasts, and how long each phase took.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use nixpact_engine::{Observer, Phase};

use crate::terminal;

/// A shorter run shows nothing.
const LASTS: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(100);
/// What turns while a run lasts.
const SPINNER: [char; 8] = ['⠁', '⠂', '⠄', '⡀', '⢀', '⠠', '⠐', '⠈'];
/// Back to the beginning of the line, and nothing behind it.
const CLEAR: &str = "\r\x1b[2K";

/// A run that is watched.
pub struct Progress {
    sender: Option<Sender<Phase>>,
    watcher: Option<JoinHandle<Vec<(Phase, Duration)>>>,
}

impl Progress {
    /// Begins to watch; `quiet` shows nothing, however long it lasts.
    pub fn start(quiet: bool) -> Progress {
        let (sender, receiver) = channel();
        let shows = !quiet && terminal::is_lively_error();
        let watcher = std::thread::spawn(move || watch(&receiver, shows));
        Progress { sender: Some(sender), watcher: Some(watcher) }
    }

    /// What the engine is to tell of its phases.
    pub fn observer(&self) -> Observer {
        let sender = self.sender.clone();
        // Whoever no longer watches need not be told.
        Observer::new(move |phase| _ = sender.as_ref().map(|sender| sender.send(phase)))
    }

    /// Ends the watch, when no observer is left. Gives how long each phase took, in their order.
    pub fn finish(mut self) -> Vec<(Phase, Duration)> {
        self.end()
    }

    fn end(&mut self) -> Vec<(Phase, Duration)> {
        self.sender = None;
        let watcher = self.watcher.take();
        watcher.and_then(|watcher| watcher.join().ok()).unwrap_or_default()
    }
}

impl Drop for Progress {
    /// Nothing is left on the terminal when a run fails.
    fn drop(&mut self) {
        self.end();
    }
}

fn watch(receiver: &Receiver<Phase>, shows: bool) -> Vec<(Phase, Duration)> {
    let begin = Instant::now();
    let mut phases: Vec<(Phase, Instant)> = Vec::new();
    let mut turn: Option<usize> = None;
    loop {
        match receiver.recv_timeout(TICK) {
            Ok(phase) => phases.push((phase, Instant::now())),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {}
        }
        if shows && begin.elapsed() > LASTS {
            let at = turn.map_or(0, |turn| (turn + 1) % SPINNER.len());
            let phase = phases.last().map_or("", |(phase, _)| phase.as_str());
            turn = Some(at);
            show(&format!("{CLEAR}{} {phase}", SPINNER[at]));
        }
    }
    if turn.is_some() {
        show(CLEAR);
    }
    durations(&phases, Instant::now())
}

/// Whoever cannot see it misses nothing.
fn show(text: &str) {
    let err = &mut io::stderr().lock();
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}

/// The time of each phase, added up where it began several times.
fn durations(phases: &[(Phase, Instant)], end: Instant) -> Vec<(Phase, Duration)> {
    let mut durations: Vec<(Phase, Duration)> = Vec::new();
    for (at, (phase, begin)) in phases.iter().enumerate() {
        let took = phases.get(at + 1).map_or(end, |(_, next)| *next).duration_since(*begin);
        match durations.iter_mut().find(|(known, _)| known == phase) {
            Some((_, sum)) => *sum += took,
            None => durations.push((*phase, took)),
        }
    }
    durations
}

/// Prints the time of each phase, and of the report, on standard error.
pub fn print(phases: &[(Phase, Duration)], report: Duration) -> io::Result<()> {
    let err = &mut io::stderr().lock();
    let mut line = |what: &str, took: Duration| {
        writeln!(err, "{what:<20} {:>9.1} ms", took.as_secs_f64() * 1000.0)
    };
    for (phase, took) in phases {
        line(phase.as_str(), *took)?;
    }
    line("reporting", report)
}
