//! Modules that are not known, that Nix refuses, or that are not looked at.

use nixpact_eval::{ErrorKind, Evaluator, External, Reason, Stop, Thunk, Unknown};
use nixpact_source::{FileId, Span};

use super::{Collector, From};
use crate::foreign::is_foreign;
use crate::opaque::Opaque;

impl<'a> Collector<'a> {
    pub(super) fn stop(
        &mut self,
        ev: &Evaluator<'a>,
        stop: Stop<'a>,
        module: Option<FileId>,
        importer: usize,
    ) {
        match stop {
            Stop::Unknown(unknown) => self.leave_open(ev, unknown, module, importer),
            Stop::Error(_) => match self.skipped(module) {
                Some(file) => self.leave_open(ev, outside(ev, file), module, importer),
                None => self.failure = self.failure.or(Some(stop)),
            },
        }
    }

    /// A module of the repository imports one that is not looked at here.
    pub(super) fn note_skipped(
        &mut self,
        ev: &Evaluator<'a>,
        module: Option<FileId>,
        from: From<'a>,
        importer: usize,
    ) {
        if let Some(file) = self.skipped(module)
            && !from.file.is_some_and(FileId::is_outside)
        {
            let span = from.written.and_then(|written| ev.written(written));
            let skipped = ev.arena.alloc(Unknown { span, ..*outside(ev, file) });
            self.found[importer].skipped.push(skipped);
        }
    }

    /// A part of a module, or what it imports, is not known.
    pub(super) fn leave_open(
        &mut self,
        ev: &Evaluator<'a>,
        unknown: &'a Unknown<'a>,
        module: Option<FileId>,
        importer: usize,
    ) {
        // One from outside may be given modules of the repository to import.
        let skipped = self.skipped(module).filter(|_| is_foreign(ev, unknown));
        let unknown = skipped.map_or(unknown, |file| outside(ev, file));
        self.found[importer].unresolved.push(Opaque::new(unknown, module, None));
    }

    /// The file of a module that is looked at for its imports alone.
    pub(super) fn skipped(&self, module: Option<FileId>) -> Option<FileId> {
        module.filter(|file| self.skips_outside && file.is_outside())
    }

    /// What is no module stops the evaluation.
    pub(super) fn refuse(
        &mut self,
        ev: &Evaluator<'a>,
        message: &str,
        span: Option<Span>,
        module: Option<FileId>,
        importer: usize,
    ) {
        let stop = ev.error_stop(ErrorKind::Throw, message);
        self.stop(ev, span.map_or(stop, |span| ev.at(stop, span)), module, importer);
    }

    /// Remembers where the configuration is asked for, if that is why something is not known.
    pub(super) fn cycle(&mut self, stop: Stop<'a>, asks: impl FnOnce() -> Option<Span>) {
        if matches!(stop, Stop::Unknown(Unknown { reason: Reason::Imports, .. })) {
            self.cycles.extend(asks());
        }
    }
}

/// Why nothing is known of a module from outside of the repository.
fn outside<'a>(ev: &Evaluator<'a>, file: FileId) -> &'a Unknown<'a> {
    let path = ev.arena.alloc_str(&ev.path_outside(file).unwrap_or_default());
    ev.unknown_ref(Reason::External(External::Other, path), None)
}

/// Why an import is not known: where a decision about something from outside chooses among modules, these
/// may be those of the repository.
pub(crate) fn chosen<'a>(
    ev: &Evaluator<'a>,
    unknown: &'a Unknown<'a>,
    import: &'a Thunk<'a>,
) -> &'a Unknown<'a> {
    match is_foreign(ev, unknown) && !ev.is_from_outside(import) {
        true => ev.unknown_because(Reason::Condition, unknown),
        false => unknown,
    }
}
