//! `lib.lists`.

use super::common::{args_of, known, list, optional, test};
use super::{order, parts};
use crate::builtins::{self, Args, Builtin};
use crate::evaluator::Evaluator;
use crate::rest::Rest;
use crate::thunk::Thunk;
use crate::unknown::{ErrorKind, Eval, Limit, Reason, Stop, Unknown};
use crate::value::{List, Value};

pub(super) const TABLE: &[Builtin] = &[
    Builtin { name: "allUnique", arity: 1, run: all_unique },
    Builtin { name: "compareLists", arity: 3, run: order::compare_lists },
    Builtin { name: "concatAttrValues", arity: 1, run: concat_attr_values },
    Builtin { name: "count", arity: 2, run: count },
    Builtin { name: "crossLists", arity: 2, run: cross_lists },
    Builtin { name: "drop", arity: 2, run: parts::drop },
    Builtin { name: "dropEnd", arity: 2, run: parts::drop_end },
    Builtin { name: "findFirst", arity: 3, run: find_first },
    Builtin { name: "findSingle", arity: 4, run: find_single },
    Builtin { name: "flatten", arity: 1, run: |ev, args| flatten(ev, args[0]) },
    Builtin { name: "fold", arity: 3, run: foldr },
    Builtin { name: "foldl", arity: 3, run: foldl },
    Builtin { name: "foldl'", arity: 3, run: foldl_strict },
    Builtin { name: "foldr", arity: 3, run: foldr },
    Builtin { name: "forEach", arity: 2, run: for_each },
    Builtin { name: "groupBy'", arity: 4, run: group_by_prime },
    Builtin { name: "ifilter0", arity: 2, run: ifilter0 },
    Builtin { name: "imap0", arity: 2, run: |ev, args| imap(ev, args[0], args[1], 0) },
    Builtin { name: "imap1", arity: 2, run: |ev, args| imap(ev, args[0], args[1], 1) },
    Builtin { name: "init", arity: 1, run: parts::init },
    Builtin { name: "intersectLists", arity: 2, run: |ev, args| elements(ev, args, true) },
    Builtin { name: "last", arity: 1, run: parts::last },
    Builtin { name: "listDfs", arity: 3, run: order::list_dfs },
    Builtin { name: "mutuallyExclusive", arity: 2, run: mutually_exclusive },
    Builtin { name: "naturalSort", arity: 1, run: order::natural_sort },
    Builtin { name: "optional", arity: 2, run: optional_member },
    Builtin { name: "optionals", arity: 2, run: optionals },
    Builtin { name: "range", arity: 2, run: range },
    Builtin { name: "remove", arity: 2, run: remove },
    Builtin { name: "replaceElemAt", arity: 3, run: parts::replace_elem_at },
    Builtin { name: "replicate", arity: 2, run: replicate },
    Builtin { name: "reverseList", arity: 1, run: parts::reverse_list },
    Builtin { name: "singleton", arity: 1, run: |ev, args| Ok(ev.list(args)) },
    Builtin { name: "sortOn", arity: 2, run: order::sort_on },
    Builtin { name: "sublist", arity: 3, run: parts::sublist },
    Builtin { name: "subtractLists", arity: 2, run: |ev, args| elements(ev, args, false) },
    Builtin { name: "take", arity: 2, run: parts::take },
    Builtin { name: "takeEnd", arity: 2, run: parts::take_end },
    Builtin { name: "toList", arity: 1, run: to_list },
    Builtin { name: "toposort", arity: 2, run: order::toposort },
    Builtin { name: "unique", arity: 1, run: unique },
    Builtin { name: "uniqueStrings", arity: 1, run: unique_strings },
    Builtin { name: "zipLists", arity: 2, run: zip_lists },
    Builtin { name: "zipListsWith", arity: 3, run: zip_lists_with },
];

/// Those that `lib` itself does not have, or has under the same name for strings.
pub(super) const INNER: &[Builtin] = &[
    Builtin { name: "commonPrefix", arity: 2, run: parts::common_prefix },
    Builtin { name: "findFirstIndex", arity: 3, run: find_first_index },
    Builtin { name: "hasPrefix", arity: 2, run: parts::has_prefix },
    Builtin { name: "removePrefix", arity: 2, run: parts::remove_prefix },
];

// Making lists

fn optional_member<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let open = |value, unknown| possible(ev, value, unknown);
    optional(ev, args[0], || Ok(ev.list(&[args[1]])), ev.list(&[]), open)
}

fn optionals<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    optional(
        ev,
        args[0],
        || ev.force(args[1]),
        ev.list(&[]),
        |value, unknown| possible(ev, value, unknown),
    )
}

/// A list without any member that surely is there, and those of `value` possibly.
fn possible<'a>(
    ev: &Evaluator<'a>,
    value: Value<'a>,
    because: &'a Unknown<'a>,
) -> Option<Value<'a>> {
    let Value::List(list) = value else { return None };
    let mut rest = Rest::of(Some(because), Some(list.items));
    rest.extend(list.rest, list.others());
    Some(ev.list_with(&[], &rest))
}

fn to_list<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    match ev.force(args[0])? {
        Value::List(list) => Ok(Value::List(list)),
        _ => Ok(ev.list(args)),
    }
}

fn range<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let (first, last) = (ev.force(args[0])?, ev.force(args[1])?);
    if ev.less(last, first)? {
        return Ok(ev.list(&[]));
    }
    let (Value::Int(first), Value::Int(last)) = (first, last) else {
        return ev.type_error(first, "an integer");
    };
    bounded(ev, last.saturating_sub(first))?;
    let items = (first..=last).map(|number| ev.value(Value::Int(number)));
    Ok(list(ev, items, None))
}

fn replicate<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let length = bounded(ev, ev.force_int(args[0])?)?;
    Ok(ev.list(&vec![args[1]; length]))
}

/// A length that `genList` accepts.
pub(super) fn bounded<'a>(ev: &Evaluator<'a>, length: i64) -> Eval<'a, usize> {
    match usize::try_from(length) {
        Ok(length) if length <= ev.limits.list => Ok(length),
        Ok(_) => Err(ev.unknown(Reason::Limit(Limit::Memory), None)),
        Err(_) => ev.error(ErrorKind::Other, format!("cannot create list of size {length}")),
    }
}

// Mapping

fn for_each<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    Ok(ev.mapped(ev.force_list(args[0])?, |item| ev.apply(args[1], &[item])))
}

/// `imap0` and `imap1`. Where members may be missing the positions of the others are unknown.
pub(super) fn imap<'a>(
    ev: &Evaluator<'a>,
    function: &'a Thunk<'a>,
    items: &'a Thunk<'a>,
    first: i64,
) -> Eval<'a> {
    let items = ev.force_list(items)?;
    let mapped = (first..).zip(items.items).map(|(position, item)| {
        let position = match items.rest {
            None => ev.value(Value::Int(position)),
            Some(rest) => ev.stopped(Stop::Unknown(rest)),
        };
        ev.apply(function, &[position, item])
    });
    Ok(list(ev, mapped, items.rest))
}

fn ifilter0<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let items = ev.force_list(args[1])?;
    let mut position = -1;
    ev.filter_list(items, |item| {
        position += 1;
        let position = match items.rest {
            None => ev.value(Value::Int(position)),
            Some(rest) => ev.stopped(Stop::Unknown(rest)),
        };
        test(ev, args[0], &[position, item])
    })
}

pub(super) fn flatten<'a>(ev: &Evaluator<'a>, value: &'a Thunk<'a>) -> Eval<'a> {
    match ev.force(value)? {
        Value::List(list) => {
            let inner = list.items.iter().map(|item| ev.nested(|| flatten(ev, item)));
            // Those that are no lists stay what they are.
            let is_flat = |it: &&'a Thunk<'a>| !matches!(ev.force(it), Ok(Value::List(_)) | Err(_));
            let others = list.others().filter(|others| others.iter().all(is_flat));
            let rest = Rest::of(list.rest, others);
            ev.concat_all(inner, rest)
        }
        _ => Ok(ev.list(&[value])),
    }
}

fn concat_attr_values<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let attrs = ev.force_attrs(args[0])?;
    ev.concat_all(
        attrs.sorted().iter().map(|attr| ev.force(attr.value)),
        Rest::of(attrs.rest, None),
    )
}

fn zip_lists_with<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let pairs = ev.force_items(args[1])?.iter().zip(ev.force_items(args[2])?);
    Ok(list(ev, pairs.map(|(a, b)| ev.apply(args[0], &[*a, *b])), None))
}

fn zip_lists<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let pairs = ev.force_items(args[0])?.iter().zip(ev.force_items(args[1])?);
    let pairs = pairs
        .map(|(a, b)| ev.value(Value::Attrs(ev.attrs(vec![ev.attr("fst", a), ev.attr("snd", b)]))));
    Ok(list(ev, pairs, None))
}

fn cross_lists<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let mut functions = vec![args[0]];
    for items in ev.force_items(args[1])? {
        if functions.is_empty() {
            break;
        }
        let items = ev.force_items(items)?;
        bounded(ev, (functions.len().saturating_mul(items.len())) as i64)?;
        let mut applied = Vec::with_capacity(functions.len() * items.len());
        for function in functions {
            applied.extend(items.iter().map(|item| ev.apply(function, &[*item])));
        }
        functions = applied;
    }
    Ok(ev.list(&functions))
}

// Folding

fn foldr<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let items = ev.force_items(args[2])?;
    let step = |inner, item: &&'a Thunk<'a>| ev.apply(args[0], &[*item, inner]);
    ev.force(items.iter().rev().fold(args[1], step))
}

fn foldl<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    ev.force(fold_later(ev, args[0], args[1], ev.force_items(args[2])?))
}

fn fold_later<'a>(
    ev: &Evaluator<'a>,
    function: &'a Thunk<'a>,
    start: &'a Thunk<'a>,
    items: &[&'a Thunk<'a>],
) -> &'a Thunk<'a> {
    items.iter().fold(start, |inner, item| ev.apply(function, &[inner, *item]))
}

fn foldl_strict<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    ev.force(args[1])?;
    builtins::foldl(ev, args)
}

fn count<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let mut count = 0;
    for item in ev.force_items(args[1])? {
        count += i64::from(test(ev, args[0], &[*item])?);
    }
    Ok(Value::Int(count))
}

fn group_by_prime<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let (function, start) = (args[0], args[1]);
    let Value::Attrs(groups) = builtins::group_by(ev, args_of(ev, [args[2], args[3]]))? else {
        return Ok(Value::Null);
    };
    let entries = groups.unordered().iter().map(|attr| {
        let items = attr.value;
        let value =
            ev.lazy(move |ev| ev.force(fold_later(ev, function, start, ev.force_items(items)?)));
        crate::Attr { value, ..*attr }
    });
    Ok(Value::Attrs(ev.open_attrs(entries.collect(), groups.rest)))
}

// Finding

/// The position of the first member that passes.
fn position<'a>(
    ev: &Evaluator<'a>,
    items: &List<'a>,
    mut test: impl FnMut(&'a Thunk<'a>) -> Eval<'a, bool>,
) -> Eval<'a, Option<usize>> {
    if let Some(rest) = items.rest {
        return Err(Stop::Unknown(rest));
    }
    for (at, item) in items.items.iter().enumerate() {
        if ev.nested(|| test(item))? {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

fn find_first<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let items = ev.force_list(args[2])?;
    match position(ev, items, |item| test(ev, args[0], &[item]))? {
        Some(at) => ev.force(items.items[at]),
        None => ev.force(args[1]),
    }
}

fn find_first_index<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    match position(ev, ev.force_list(args[2])?, |item| test(ev, args[0], &[item]))? {
        Some(at) => Ok(Value::Int(at as i64)),
        None => ev.force(args[1]),
    }
}

fn find_single<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let items = ev.force_list(args[3])?;
    let Value::List(found) = ev.filter_list(items, |item| test(ev, args[0], &[item]))? else {
        return Ok(Value::Null);
    };
    match (found.items, found.rest) {
        ([_, _, ..], _) => ev.force(args[2]),
        (_, Some(rest)) => Err(Stop::Unknown(rest)),
        ([only], None) => ev.force(only),
        ([], None) => ev.force(args[1]),
    }
}

fn elements<'a>(ev: &Evaluator<'a>, args: Args<'a>, wanted: bool) -> Eval<'a> {
    let items = ev.force_list(args[1])?;
    ev.filter_list(items, |item| Ok(contains(ev, ev.force_list(args[0])?, item)? == wanted))
}

fn contains<'a>(ev: &Evaluator<'a>, items: &List<'a>, item: &'a Thunk<'a>) -> Eval<'a, bool> {
    ev.exists(items, |other| ev.equal_thunks(item, other))
}

fn remove<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let items = ev.force_list(args[1])?;
    ev.filter_list(items, |item| Ok(!ev.equal_thunks(item, args[0])?))
}

fn mutually_exclusive<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let (left, right) = (ev.force_list(args[0])?, args[1]);
    if left.items.is_empty() && left.rest.is_none() {
        return Ok(Value::Bool(true));
    }
    let answer =
        ev.force_list(right).and_then(|right| ev.exists(right, |item| contains(ev, left, item)));
    match (answer, left.items, left.rest) {
        // If the left side is empty then nobody looks at the right one.
        (Err(Stop::Error(_)), [], Some(rest)) => Err(Stop::Unknown(rest)),
        (answer, ..) => Ok(Value::Bool(!answer?)),
    }
}

/// The members without those that equal an earlier one.
fn without_repetition<'a>(
    ev: &Evaluator<'a>,
    items: &List<'a>,
) -> Eval<'a, (Vec<&'a Thunk<'a>>, Option<&'a Unknown<'a>>)> {
    let mut kept: Vec<&'a Thunk<'a>> = Vec::new();
    let mut rest = items.rest;
    for item in items.items {
        let is_in = |kept: &[&'a Thunk<'a>]| {
            kept.iter().try_fold(false, |seen, other| Ok(seen || is_same(ev, other, item)?))
        };
        match known(is_in(&kept))? {
            Ok(false) => kept.push(item),
            Ok(true) => {}
            Err(unknown) if ev.force(item).is_err() => rest = rest.or(Some(unknown)),
            Err(unknown) => {
                // One that is not known at all may be the same, and says less.
                kept.retain(|other| ev.force(other).is_ok());
                let is_new = matches!(is_in(&kept), Ok(false));
                let unknown = match is_new {
                    true => unknown,
                    // What is left out is no less the repository's own than what is kept.
                    false => ev.unknown_because(Reason::Condition, unknown),
                };
                if is_new {
                    kept.push(item);
                }
                rest = rest.filter(|_| is_new).or(Some(unknown));
            }
        }
    }
    Ok((kept, rest))
}

/// Whether Nix takes two members for equal. A function equals none but the one at its address: not one that has yet
/// to be computed, and of two calls with too few arguments neither the other.
fn is_same<'a>(ev: &Evaluator<'a>, one: &'a Thunk<'a>, other: &'a Thunk<'a>) -> Eval<'a, bool> {
    match (ev.force(one), ev.force(other)) {
        (Ok(function), Err(Stop::Unknown(_))) | (Err(Stop::Unknown(_)), Ok(function))
            if function.is_function() =>
        {
            Ok(false)
        }
        (Ok(Value::Builtin(one)), Ok(Value::Builtin(other)))
            if !std::ptr::eq(one, other) && !one.arguments.is_empty() =>
        {
            Ok(false)
        }
        _ => contains(ev, &List { items: ev.arena.alloc([one]), rest: None, others: None }, other),
    }
}

fn unique<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let (kept, rest) = without_repetition(ev, ev.force_list(args[0])?)?;
    Ok(ev.open_list(&kept, rest))
}

fn all_unique<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let items = ev.force_list(args[0])?;
    let (kept, rest) = without_repetition(ev, items)?;
    match rest {
        None => Ok(Value::Bool(kept.len() == items.items.len())),
        Some(rest) => Err(Stop::Unknown(rest)),
    }
}

fn unique_strings<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let items = ev.force_list(args[0])?;
    let mut rest = items.rest;
    let mut names = std::collections::BTreeSet::new();
    for item in items.items {
        match known(ev.force_str(item))? {
            Ok(name) => {
                names.insert(name);
            }
            Err(unknown) => rest = rest.or(Some(unknown)),
        }
    }
    Ok(list(ev, names.into_iter().map(|name| ev.value(Value::Str(name))), rest))
}
