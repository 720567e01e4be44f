//! Options whose value needs itself.

use nixpact_eval::{ErrorKind, Evaluator, Piece, Reason, Step, Stop, Thunk, Unknown, Value};
use nixpact_source::Span;

/// A value that Nix needs to compute itself.
#[derive(Clone, PartialEq, Debug)]
pub struct Recursion {
    /// The option whose value is not to be had.
    pub option: String,
    /// The way from a value back to itself.
    pub steps: Vec<Asked>,
}

/// A place where the value before asks for the next one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked {
    pub span: Span,
    /// The option that is asked for, where it is one.
    pub option: Option<String>,
}

/// Why the value of an option, which has been forced, is infinite recursion in Nix, too. `undecided` says
/// why its definitions are not known.
pub(crate) fn recursion<'a>(
    ev: &Evaluator<'a>,
    value: &'a Thunk<'a>,
    undecided: Option<&'a Unknown<'a>>,
    option: impl Fn() -> String,
) -> Option<Recursion> {
    let is_recursion = |unknown: &Unknown<'a>| {
        unknown.chain().last().is_some_and(|cause| cause.reason == Reason::Recursion)
    };
    let may_recurse = match value.peek()? {
        _ if undecided.is_some_and(is_recursion) => true,
        Err(Stop::Error(error)) => error.kind == ErrorKind::InfiniteRecursion,
        Err(Stop::Unknown(unknown)) => is_recursion(unknown),
        Ok(Value::Template(pieces)) => pieces
            .iter()
            .any(|piece| matches!(piece, Piece::Unknown(unknown) if is_recursion(unknown))),
        Ok(_) => false,
    };
    if !may_recurse {
        return None;
    }
    let steps = steps(&ev.cycle(value)?);
    // The same way is found from each option on it: it is told from one.
    let option = steps.iter().find_map(|step| step.option.clone()).unwrap_or_else(option);
    (!steps.is_empty()).then_some(Recursion { option, steps })
}

/// The places of a cycle, each said once, from the one that is asked for first in the order of the
/// options, or of the files.
fn steps(cycle: &[Step<'_>]) -> Vec<Asked> {
    let mut steps: Vec<Asked> = Vec::new();
    let mut place = cycle.first().and_then(|step| step.span);
    // A value that an option passes on has no place of its own.
    for step in cycle.iter().skip(1).chain(cycle.first()) {
        place = step.span.or(place);
        let option = step.value.label();
        let Some(span) = step.span.or(place.filter(|_| option.is_some())) else { continue };
        match steps.last_mut().filter(|last| last.span == span) {
            Some(last) => last.option = option.or(last.option.take()),
            None => steps.push(Asked { span, option }),
        }
    }
    // The sets on the way to an option stand at one place, which may be the first and the last.
    if let [first, .., last] = &mut steps[..]
        && first.span == last.span
    {
        first.option = last.option.take().or(first.option.take());
        steps.pop();
    }
    let least = |step: &Asked| (step.option.is_none(), step.option.clone(), step.span);
    let first = (0..steps.len()).min_by_key(|at| least(&steps[*at])).unwrap_or_default();
    steps.rotate_left(first);
    steps
}
