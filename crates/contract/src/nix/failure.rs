//! Errors for which Nix does not get to a host at all.

use nixpact_eval::{ErrorKind, Evaluator, NixError, Stop};
use nixpact_source::Span;

/// An error that Nix reports.
#[derive(Clone, PartialEq, Debug)]
pub struct Failure {
    pub message: String,
    /// Where it occurs.
    pub span: Option<Span>,
    /// What was being evaluated, the innermost first, each at a place of its own.
    pub around: Vec<(String, Span)>,
}

/// More say no more.
const MAX_AROUND: usize = 3;

/// What is to be told of an error. A variable that nothing binds is told of the file.
pub(crate) fn failure(ev: &Evaluator<'_>, error: &NixError<'_>) -> Option<Failure> {
    if error.kind == ErrorKind::UndefinedVariable {
        return None;
    }
    let is_inside =
        |span: &Span| !span.file.is_outside() && ev.sources.files().len() > span.file.index();
    let frames: Vec<_> = error.trace().collect();
    let mut around: Vec<(String, Span)> = Vec::new();
    for frame in frames.into_iter().rev().filter(|frame| is_inside(&frame.span)) {
        let is_new = |span: Span| around.iter().all(|(_, known)| *known != span);
        if Some(frame.span) != error.span && is_new(frame.span) {
            around.push((frame.what.to_string(), frame.span));
        }
    }
    around.truncate(MAX_AROUND);
    let span = error.span.filter(is_inside);
    Some(Failure { message: error.message.to_owned(), span, around })
}

pub(crate) fn of_stop(ev: &Evaluator<'_>, stop: Option<Stop<'_>>) -> Option<Failure> {
    match stop? {
        Stop::Error(error) => failure(ev, error),
        Stop::Unknown(_) => None,
    }
}
