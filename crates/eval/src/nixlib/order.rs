//! `lib.lists`: order.

use std::cmp::Ordering;

use super::common::{args_of, call, list, test};
use crate::builtins::{self, Args};
use crate::evaluator::Evaluator;
use crate::thunk::Thunk;
use crate::unknown::Eval;
use crate::value::Value;

pub(super) fn sort_on<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let items = ev.force_list(args[1])?;
    let pairs: Vec<_> =
        items.items.iter().map(|item| (ev.apply(args[0], &[*item]), *item)).collect();
    let sorted =
        builtins::sort_by(ev, pairs, items.rest, |a, b| ev.less(ev.force(a.0)?, ev.force(b.0)?))?;
    let (pairs, rest) = sorted;
    Ok(list(ev, pairs.iter().map(|(_, item)| *item), rest))
}

pub(super) fn compare_lists<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    // What is no list only differs from the empty one.
    match (ev.force(args[1])?, ev.force(args[2])?) {
        (Value::List(_), Value::List(_)) => {}
        (Value::List(empty), _) if empty.items.is_empty() && empty.rest.is_none() => {
            return Ok(Value::Int(-1));
        }
        (_, Value::List(empty)) if empty.items.is_empty() && empty.rest.is_none() => {
            return Ok(Value::Int(1));
        }
        _ => {}
    }
    let (left, right) = (ev.force_items(args[1])?, ev.force_items(args[2])?);
    for (a, b) in left.iter().zip(right) {
        let order = call(ev, args[0], &[*a, *b])?;
        if !ev.equal(order, Value::Int(0))? {
            return Ok(order);
        }
    }
    Ok(Value::Int(left.len().cmp(&right.len()) as i64))
}

/// A string taken apart for `naturalSort`: text and numbers in turn.
fn natural(text: &str) -> Option<Vec<(&str, Option<i64>)>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        // `0|[1-9][0-9]*`
        let digits = &rest[start..];
        let end = match digits.starts_with('0') {
            true => 1,
            false => digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len()),
        };
        parts.push((&rest[..start], Some(digits[..end].parse().ok()?)));
        rest = &digits[end..];
    }
    parts.push((rest, None));
    Some(parts)
}

pub(super) fn natural_sort<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let mut parts = Vec::new();
    for item in ev.force_items(args[0])? {
        match natural(ev.force_str(item)?) {
            Some(natural) => parts.push((natural, *item)),
            None => return ev.unsupported("naturalSort of a number beyond 64 bits"),
        }
    }
    parts.sort_by(|(a, _), (b, _)| natural_order(a, b));
    Ok(list(ev, parts.into_iter().map(|(_, item)| item), None))
}

fn natural_order(a: &[(&str, Option<i64>)], b: &[(&str, Option<i64>)]) -> Ordering {
    for (x, y) in a.iter().zip(b) {
        let order = x.0.cmp(y.0).then_with(|| match (x.1, y.1) {
            (Some(x), Some(y)) => x.cmp(&y),
            // The one that ends here is shorter.
            (x, y) => x.is_some().cmp(&y.is_some()),
        });
        if order != Ordering::Equal {
            return order;
        }
    }
    Ordering::Equal
}

// Sorting by what comes before what

type Items<'a> = Vec<&'a Thunk<'a>>;

/// Where the search of [`search`] ended.
struct Search<'a> {
    /// The first member that nothing comes before, or one that is part of a cycle.
    end: &'a Thunk<'a>,
    loops: Option<Items<'a>>,
    visited: Items<'a>,
    rest: Items<'a>,
}

/// `listDfs`.
fn search<'a>(
    ev: &Evaluator<'a>,
    stop_on_cycles: bool,
    before: &'a Thunk<'a>,
    first: &'a Thunk<'a>,
    mut rest: Items<'a>,
) -> Eval<'a, Search<'a>> {
    let mut end = first;
    let mut visited = Items::new();
    loop {
        let mut loops = Items::new();
        if stop_on_cycles {
            for item in &visited {
                if test(ev, before, &[*item, end])? {
                    loops.push(item);
                }
            }
            if !loops.is_empty() {
                return Ok(Search { end, loops: Some(loops), visited, rest });
            }
        }
        let (mut right, mut wrong) = (Items::new(), Items::new());
        for item in rest.iter().copied() {
            if test(ev, before, &[item, end])? { right.push(item) } else { wrong.push(item) }
        }
        if right.is_empty() {
            return Ok(Search { end, loops: None, visited, rest });
        }
        visited.insert(0, end);
        end = right.remove(0);
        right.append(&mut wrong);
        rest = right;
    }
}

pub(super) fn list_dfs<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let stop_on_cycles = ev.force_bool(args[0])?;
    let first = args_of(ev, [args[2]]);
    builtins::head(ev, first)?;
    let items = ev.force_items(args[2])?;
    let found = search(ev, stop_on_cycles, args[1], items[0], items[1..].to_vec())?;
    let mut entries = vec![
        ev.attr("visited", ev.value(ev.list(&found.visited))),
        ev.attr("rest", ev.value(ev.list(&found.rest))),
    ];
    match found.loops {
        Some(loops) => {
            entries.push(ev.attr("cycle", found.end));
            entries.push(ev.attr("loops", ev.value(ev.list(&loops))));
        }
        None => entries.push(ev.attr("minimal", found.end)),
    }
    Ok(Value::Attrs(ev.attrs(entries)))
}

pub(super) fn toposort<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let mut left = ev.force_items(args[1])?.to_vec();
    let mut result = Items::new();
    while left.len() >= 2 {
        let found = search(ev, true, args[0], left[0], left[1..].to_vec())?;
        if let Some(loops) = found.loops {
            let cycle = found.visited.iter().rev().copied().chain([found.end]);
            return Ok(Value::Attrs(ev.attrs(vec![
                ev.attr("cycle", ev.value(list(ev, cycle, None))),
                ev.attr("loops", ev.value(ev.list(&loops))),
            ])));
        }
        result.push(found.end);
        left = found.visited;
        left.extend(found.rest);
    }
    result.append(&mut left);
    Ok(Value::Attrs(ev.attrs(vec![ev.attr("result", ev.value(ev.list(&result)))])))
}
