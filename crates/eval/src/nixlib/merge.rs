//! `lib.attrsets`: functions of several sets.

use nixpact_syntax::Symbol;

use super::common::{args_of, attribute, call, derived, known, name, require, test};
use crate::builtins::{self, Args};
use crate::evaluator::Evaluator;
use crate::thunk::Thunk;
use crate::unknown::{ErrorKind, Eval, Limit, Reason, Stop, Unknown};
use crate::value::{Attr, Attrs, Value};

/// Larger products are not made.
const MAX_PRODUCT: usize = 1_000_000;

// `//` over many sets

/// Merges sets from left to right. Those that are unknown may replace what stands before them, and
/// so may those that `rest` says may be missing.
fn merge_all<'a>(
    ev: &Evaluator<'a>,
    sets: impl Iterator<Item = Eval<'a>>,
    rest: Option<&'a Unknown<'a>>,
) -> Eval<'a> {
    let some = |unknown| ev.open_attrs(Vec::new(), Some(unknown));
    let mut merged = ev.attrs(Vec::new());
    for set in sets {
        let set = match known(set)? {
            Ok(Value::Attrs(set)) => set,
            Ok(other) => return ev.type_error(other, "a set"),
            Err(unknown) => some(unknown),
        };
        merged = ev.update_attrs(merged, set);
    }
    Ok(Value::Attrs(match rest {
        Some(rest) => ev.update_attrs(merged, some(rest)),
        None => merged,
    }))
}

pub(super) fn merge_attrs_list<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let list = ev.force_list(args[0])?;
    let is_other = |item: &&'a Thunk<'a>| !matches!(ev.force(item), Ok(Value::Attrs(_)));
    match (list.items, list.rest) {
        // Nothing is merged, and nothing asks for a set.
        ([only], None) => ev.force(only),
        // What is no set may be the only one.
        ([], Some(rest)) if list.others().is_some_and(|others| others.iter().any(is_other)) => {
            Err(Stop::Unknown(rest))
        }
        ([only], Some(rest)) if is_other(only) => Err(Stop::Unknown(rest)),
        (items, rest) => merge_all(ev, items.iter().map(|set| ev.force(set)), rest),
    }
}

pub(super) fn concat_map_attrs<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let attrs = ev.force_attrs(args[1])?;
    let sets = attrs.sorted();
    let sets = sets.iter().map(|attr| call(ev, args[0], &[name(ev, attr), attr.value]));
    merge_all(ev, sets, attrs.rest)
}

pub(super) fn union_of_disjoint<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let (left, right) = (ev.force_closed_attrs(args[0])?, ev.force_closed_attrs(args[1])?);
    let both: Vec<_> =
        left.sorted().into_iter().filter(|attr| right.get(attr.name).is_some()).collect();
    let all = both.iter().map(|attr| attr.name.as_str()).collect::<Vec<_>>().join(" ");
    let mask = both.iter().map(|attr| {
        let message = format!("unionOfDisjoint: collision on {}; complete list: {all}", attr.name);
        let value = ev.lazy(move |ev| ev.error(ErrorKind::Throw, &message));
        Attr { value, ..*attr }
    });
    let mask = ev.attrs(mask.collect());
    Ok(Value::Attrs(ev.update_attrs(ev.update_attrs(left, right), mask)))
}

// `recursiveUpdate`

/// One side of a recursive update: a set, or what may be one.
#[derive(Clone, Copy)]
enum Side<'a> {
    Known(&'a Attrs<'a>),
    Unknown(&'a Unknown<'a>),
}

impl<'a> Side<'a> {
    /// The attribute, where it is known whether it is there.
    fn get(self, name: Symbol) -> Result<Option<&'a Thunk<'a>>, &'a Unknown<'a>> {
        match self {
            Side::Known(attrs) => match (attrs.get(name), attrs.rest) {
                (Some(attr), _) => Ok(Some(attr.value)),
                (None, Some(rest)) if attrs.may_have(name) => Err(rest),
                (None, _) => Ok(None),
            },
            Side::Unknown(unknown) => Err(unknown),
        }
    }

    fn entries(self) -> &'a [Attr<'a>] {
        match self {
            Side::Known(attrs) => attrs.unordered(),
            Side::Unknown(_) => &[],
        }
    }

    fn rest(self) -> Option<&'a Unknown<'a>> {
        match self {
            Side::Known(attrs) => attrs.rest,
            Side::Unknown(unknown) => Some(unknown),
        }
    }
}

pub(super) fn recursive_update<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let right = ev.force_attrs(args[1])?;
    let left = match known(ev.force_attrs(args[0]))? {
        Ok(left) => Side::Known(left),
        Err(unknown) => Side::Unknown(unknown),
    };
    Ok(update_below(ev, left, right))
}

fn update_below<'a>(ev: &Evaluator<'a>, left: Side<'a>, right: &'a Attrs<'a>) -> Value<'a> {
    let mut entries: Vec<Attr<'a>> = Vec::new();
    for attr in left.entries() {
        if right.get(attr.name).is_none() {
            let value = match right.rest {
                Some(rest) if right.may_have(attr.name) => ev.stopped(Stop::Unknown(rest)),
                _ => attr.value,
            };
            entries.push(Attr { value, ..*attr });
        }
    }
    entries.extend(right.unordered().iter().map(|attr| {
        let (above, over) = (left.get(attr.name), attr.value);
        let value = match above {
            Ok(None) => over,
            _ => derived(ev, over, move |ev| update_value(ev, above, over)),
        };
        Attr { value, ..*attr }
    }));
    Value::Attrs(ev.open_attrs(entries, left.rest().or(right.rest)))
}

/// The value where the left side has `left`, or may have something.
fn update_value<'a>(
    ev: &Evaluator<'a>,
    left: Result<Option<&'a Thunk<'a>>, &'a Unknown<'a>>,
    right: &'a Thunk<'a>,
) -> Eval<'a> {
    let left = match left {
        Ok(Some(thunk)) => known(ev.force(thunk))?,
        Ok(None) => return ev.force(right),
        Err(unknown) => Err(unknown),
    };
    let side = match left {
        Ok(Value::Attrs(attrs)) => Side::Known(attrs),
        Ok(_) => return ev.force(right),
        Err(unknown) => Side::Unknown(unknown),
    };
    match ev.force(right)? {
        Value::Attrs(attrs) => Ok(update_below(ev, side, attrs)),
        other => Ok(other),
    }
}

pub(super) fn recursive_update_until<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let (left, right) = (ev.force_attrs(args[1])?, ev.force_attrs(args[2])?);
    Ok(update_until(ev, args[0], &[], left, right))
}

fn update_until<'a>(
    ev: &Evaluator<'a>,
    predicate: &'a Thunk<'a>,
    path: &[&'a Thunk<'a>],
    left: &'a Attrs<'a>,
    right: &'a Attrs<'a>,
) -> Value<'a> {
    let names = left.unordered().iter().chain(right.unordered());
    let entries = names.map(|attr| {
        let here: &'a [&'a Thunk<'a>] =
            ev.arena.alloc_slice_copy(&[path, &[name(ev, attr)]].concat());
        let sides = (Side::Known(left).get(attr.name), Side::Known(right).get(attr.name));
        let value = match sides {
            (Ok(Some(only)), Ok(None)) | (Ok(None), Ok(Some(only))) => only,
            (Err(unknown), _) | (_, Err(unknown)) => ev.stopped(Stop::Unknown(unknown)),
            (Ok(Some(left)), Ok(Some(right))) => derived(ev, right, move |ev| {
                if test(ev, predicate, &[ev.value(ev.list(here)), left, right])? {
                    return ev.force(right);
                }
                let right = ev.force_attrs(right)?;
                Ok(update_until(ev, predicate, here, ev.force_attrs(left)?, right))
            }),
            (Ok(None), Ok(None)) => attr.value,
        };
        Attr { value, ..*attr }
    });
    Value::Attrs(ev.open_attrs(entries.collect(), left.rest.or(right.rest)))
}

// Zipping

pub(super) fn zip_attrs<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    static VALUES: builtins::Builtin =
        builtins::Builtin { name: "zipAttrs", arity: 2, run: |ev, args| ev.force(args[1]) };
    let values = ev.value(ev.partial(&VALUES, &[]));
    builtins::zip_attrs_with(ev, args_of(ev, [values, args[0]]))
}

pub(super) fn zip_attrs_with_names<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let (function, sets) = (args[1], args[2]);
    let names = ev.force_list(args[0])?;
    let mut rest = names.rest;
    let mut entries = Vec::new();
    for item in names.items {
        match known(ev.force_str(item))? {
            Ok(name) => {
                let values = ev.lazy(move |ev| builtins::cat_attrs(ev, args_of(ev, [item, sets])));
                let span = ev.origin(item).span;
                let value = ev.apply(function, &[item, values]);
                entries.push(Attr { name: Symbol::new(name), value, span });
            }
            Err(unknown) => rest = rest.or(Some(unknown)),
        }
    }
    Ok(Value::Attrs(ev.open_attrs(entries, rest)))
}

pub(super) fn fold_attrs<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let mut result: Vec<Attr<'a>> = Vec::new();
    for set in ev.force_items(args[2])?.iter().rev() {
        for attr in ev.force_closed_attrs(set)?.unordered() {
            let before = result.iter_mut().find(|known| known.name == attr.name);
            let inner = before.as_ref().map_or(args[1], |known| known.value);
            let value = ev.apply(args[0], &[attr.value, inner]);
            match before {
                Some(known) => *known = Attr { value, ..*attr },
                None => result.push(Attr { value, ..*attr }),
            }
        }
    }
    Ok(Value::Attrs(ev.attrs(result)))
}

// Products

pub(super) fn cartesian_product<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let mut product: Vec<Vec<Attr<'a>>> = vec![Vec::new()];
    for attr in ev.force_closed_attrs(args[0])?.sorted() {
        if product.is_empty() {
            break;
        }
        let items = ev.force_items(attr.value)?;
        if product.len().saturating_mul(items.len()) > MAX_PRODUCT {
            return Err(ev.unknown(Reason::Limit(Limit::Memory), None));
        }
        let mut longer = Vec::with_capacity(product.len() * items.len());
        for before in &product {
            longer.extend(items.iter().map(|item| {
                let mut entries = before.clone();
                entries.push(Attr { value: item, ..attr });
                entries
            }));
        }
        product = longer;
    }
    let sets: Vec<_> =
        product.into_iter().map(|entries| ev.value(Value::Attrs(ev.attrs(entries)))).collect();
    Ok(ev.list(&sets))
}

pub(super) fn map_cartesian_product<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let sets = ev.value(cartesian_product(ev, args_of(ev, [args[1]]))?);
    let sets: Vec<_> = ev.force_items(sets)?.iter().map(|set| ev.apply(args[0], &[*set])).collect();
    Ok(ev.list(&sets))
}

// Comparing

pub(super) fn match_attrs<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    Ok(Value::Bool(matches(ev, args[0], args[1])?))
}

fn matches<'a>(ev: &Evaluator<'a>, pattern: &'a Thunk<'a>, set: &'a Thunk<'a>) -> Eval<'a, bool> {
    let Value::Attrs(pattern) = ev.force(pattern)? else {
        return ev.error(ErrorKind::Assert, "assertion failed");
    };
    let mut unknown = pattern.rest;
    for attr in pattern.sorted() {
        match matches_attribute(ev, &attr, set) {
            Ok(true) => {}
            Ok(false) => return Ok(false),
            Err(Stop::Unknown(reason)) => unknown = unknown.or(Some(reason)),
            // Nix may not have come this far.
            Err(error) => return Err(unknown.map_or(error, Stop::Unknown)),
        }
    }
    unknown.map_or(Ok(true), |reason| Err(Stop::Unknown(reason)))
}

fn matches_attribute<'a>(
    ev: &Evaluator<'a>,
    pattern: &Attr<'a>,
    set: &'a Thunk<'a>,
) -> Eval<'a, bool> {
    let found = match ev.force(set)? {
        value @ Value::Attrs(attrs) => match (attrs.get(pattern.name), attrs.rest) {
            (None, Some(rest)) => return Err(Stop::Unknown(rest)),
            _ => attribute(ev, value, pattern.name.as_str())?,
        },
        _ => None,
    };
    let Some(found) = found else { return Ok(false) };
    match ev.force(pattern.value)? {
        Value::Attrs(_) => match ev.force(found)? {
            Value::Attrs(_) => ev.nested(|| matches(ev, pattern.value, found)),
            _ => Ok(false),
        },
        value => ev.equal(value, ev.force(found)?),
    }
}

/// `mergeAttrs`.
pub(super) fn merge_attrs<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    ev.update(ev.force(args[0]), ev.force(args[1]))
}

/// `assertMsg`.
pub(super) fn assert_msg<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let holds = ev.force_bool(args[0])?;
    if !holds {
        let message = builtins::message(ev, args[1]);
        require(ev, false, message)?;
    }
    Ok(Value::Bool(true))
}
