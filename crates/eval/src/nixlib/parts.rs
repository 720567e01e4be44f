//! `lib.lists`: parts of a list.

use super::common::{list, require};
use super::lists::bounded;
use crate::builtins::Args;
use crate::evaluator::Evaluator;
use crate::thunk::Thunk;
use crate::unknown::{ErrorKind, Eval};
use crate::value::Value;

/// `sublist start count items`; behind the end of the list nobody asks for the count.
fn part<'a>(
    ev: &Evaluator<'a>,
    start: i64,
    count: impl FnOnce() -> Eval<'a, i64>,
    items: &'a Thunk<'a>,
) -> Eval<'a> {
    let items = ev.force_items(items)?;
    let length = items.len() as i64;
    let count = match start >= length {
        true => 0,
        false => count()?.min(length - start),
    };
    let count = bounded(ev, count)? as i64;
    let parts = (start..start + count).map(|at| match usize::try_from(at) {
        Ok(at) => items[at],
        // An error in `elemAt`, when the member is needed.
        Err(_) => ev.lazy(move |ev| {
            ev.error(ErrorKind::Other, format!("list index {at} is out of bounds"))
        }),
    });
    Ok(list(ev, parts, None))
}

/// How many members are meant. nixpkgs compares a number before it counts with it, so that one with a
/// fraction may do.
fn how_many<'a>(ev: &Evaluator<'a>, number: &'a Thunk<'a>) -> Eval<'a, i64> {
    match ev.force(number)? {
        Value::Float(_) => ev.unsupported("a float where members are counted"),
        _ => ev.force_int(number),
    }
}

pub(super) fn sublist<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    part(ev, how_many(ev, args[0])?, || how_many(ev, args[1]), args[2])
}

pub(super) fn take<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    part(ev, 0, || how_many(ev, args[0]), args[1])
}

pub(super) fn drop<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let length = ev.force_items(args[1])?.len() as i64;
    part(ev, how_many(ev, args[0])?, || Ok(length), args[1])
}

pub(super) fn take_end<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let length = ev.force_items(args[1])?.len() as i64;
    part(ev, length.saturating_sub(how_many(ev, args[0])?).max(0), || Ok(length), args[1])
}

pub(super) fn drop_end<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let length = ev.force_items(args[1])?.len() as i64;
    part(ev, 0, || Ok(length.saturating_sub(how_many(ev, args[0])?).max(0)), args[1])
}

pub(super) fn last<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let items = ev.force_items(args[0])?;
    require(ev, !items.is_empty(), "lists.last: list must not be empty!")?;
    ev.force(items[items.len() - 1])
}

pub(super) fn init<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let items = ev.force_items(args[0])?;
    require(ev, !items.is_empty(), "lists.init: list must not be empty!")?;
    Ok(ev.list(&items[..items.len() - 1]))
}

pub(super) fn reverse_list<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let items = ev.force_list(args[0])?;
    Ok(list(ev, items.items.iter().rev().copied(), items.rest))
}

pub(super) fn replace_elem_at<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let index = ev.force_int(args[1])?;
    let mut items = ev.force_items(args[0])?.to_vec();
    match usize::try_from(index).ok().filter(|index| *index < items.len()) {
        Some(index) => {
            items[index] = args[2];
            Ok(ev.list(&items))
        }
        None => {
            let length = items.len();
            let message = format!(
                "'lists.replaceElemAt' called with index {index} on a list of size {length}"
            );
            ev.error(ErrorKind::Throw, message)
        }
    }
}

// Prefixes

fn starts_with<'a>(
    ev: &Evaluator<'a>,
    prefix: &'a Thunk<'a>,
    items: &'a Thunk<'a>,
) -> Eval<'a, bool> {
    let (prefix, items) = (ev.force_items(prefix)?, ev.force_items(items)?);
    let start = &items[..prefix.len().min(items.len())];
    ev.equal(ev.list(start), ev.list(prefix))
}

pub(super) fn has_prefix<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    Ok(Value::Bool(starts_with(ev, args[0], args[1])?))
}

pub(super) fn remove_prefix<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let message =
        "lib.lists.removePrefix: First argument is not a list prefix of the second argument";
    require(ev, starts_with(ev, args[0], args[1])?, message)?;
    Ok(ev.list(&ev.force_items(args[1])?[ev.force_items(args[0])?.len()..]))
}

pub(super) fn common_prefix<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let left = ev.force_items(args[0])?;
    if left.is_empty() {
        // Nothing is taken from it, and nobody asks how much.
        return Ok(ev.list(&[]));
    }
    let right = ev.force_items(args[1])?;
    let mut length = 0;
    while length < left.len().min(right.len()) && ev.equal_thunks(left[length], right[length])? {
        length += 1;
    }
    Ok(ev.list(&left[..length]))
}
