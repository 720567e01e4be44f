//! Lists.

use super::{Args, Builtin};
use crate::evaluator::Evaluator;
use crate::rest::Rest;
use crate::thunk::Thunk;
use crate::unknown::{ErrorKind, Eval, Reason, Stop};
use crate::value::Value;

pub(super) const TABLE: &[Builtin] = &[
    Builtin { name: "all", arity: 2, run: all },
    Builtin { name: "any", arity: 2, run: any },
    Builtin { name: "concatLists", arity: 1, run: concat_lists },
    Builtin { name: "concatMap", arity: 2, run: concat_map },
    Builtin { name: "elem", arity: 2, run: elem },
    Builtin { name: "elemAt", arity: 2, run: elem_at },
    Builtin { name: "filter", arity: 2, run: filter },
    Builtin { name: "foldl'", arity: 3, run: foldl },
    Builtin { name: "genList", arity: 2, run: gen_list },
    Builtin { name: "genericClosure", arity: 1, run: generic_closure },
    Builtin { name: "groupBy", arity: 2, run: group_by },
    Builtin { name: "head", arity: 1, run: head },
    Builtin { name: "length", arity: 1, run: length },
    Builtin { name: "map", arity: 2, run: map },
    Builtin { name: "partition", arity: 2, run: partition },
    Builtin { name: "sort", arity: 2, run: sort },
    Builtin { name: "tail", arity: 1, run: tail },
];

impl<'a> Evaluator<'a> {
    /// A predicate's answer.
    pub(crate) fn test(&self, predicate: Value<'a>, item: &'a Thunk<'a>) -> Eval<'a, bool> {
        match self.call(predicate, item)? {
            Value::Bool(answer) => Ok(answer),
            other => self.type_error(other, "a Boolean"),
        }
    }

    /// Whether some member passes; one that surely does decides, whatever is unknown.
    pub(crate) fn exists(
        &self,
        list: &crate::List<'a>,
        mut test: impl FnMut(&'a Thunk<'a>) -> Eval<'a, bool>,
    ) -> Eval<'a, bool> {
        let mut unknown = list.rest;
        for item in list.items {
            match test(item) {
                Ok(true) => return Ok(true),
                Ok(false) => {}
                Err(Stop::Unknown(reason)) => unknown = unknown.or(Some(reason)),
                // Nix may not have come this far.
                Err(error) => return Err(unknown.map_or(error, Stop::Unknown)),
            }
        }
        unknown.map_or(Ok(false), |reason| Err(Stop::Unknown(reason)))
    }

    /// The members that pass; one that may pass or not makes the list open.
    pub(crate) fn filter_list(
        &self,
        list: &crate::List<'a>,
        mut test: impl FnMut(&'a Thunk<'a>) -> Eval<'a, bool>,
    ) -> Eval<'a> {
        let mut rest = list.beside();
        let mut kept = Vec::new();
        for item in list.items {
            match test(item) {
                Ok(true) => kept.push(*item),
                Ok(false) => {}
                Err(Stop::Unknown(reason)) => rest.add_one(reason, *item),
                Err(error) => return Err(error),
            }
        }
        Ok(self.list_with(&kept, &rest))
    }

    /// Concatenates lists; those that are unknown make the result open. `beside` are members that there may be as
    /// well.
    pub(crate) fn concat_all(
        &self,
        lists: impl Iterator<Item = Eval<'a>>,
        mut beside: Rest<'a, &'a Thunk<'a>>,
    ) -> Eval<'a> {
        let mut items = Vec::new();
        for list in lists {
            match list {
                Ok(Value::List(list)) => {
                    if items.len() + list.items.len() > self.limits.list {
                        let limit = crate::Reason::Limit(crate::Limit::Memory);
                        return Err(self.unknown(limit, None));
                    }
                    items.extend_from_slice(list.items);
                    beside.extend(list.rest, list.others());
                }
                Ok(other) => return self.type_error(other, "a list"),
                Err(Stop::Unknown(unknown)) => beside.add(unknown),
                Err(error) => return Err(error),
            }
        }
        Ok(self.list_with(&items, &beside))
    }
}

fn map<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let list = ev.force_list(args[1])?;
    Ok(ev.mapped(list, |item| ev.apply(args[0], &[item])))
}

fn filter<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let list = ev.force_list(args[1])?;
    if list.items.is_empty() {
        return Ok(Value::List(list));
    }
    let predicate = ev.force_function(args[0])?;
    ev.filter_list(list, |item| ev.test(predicate, item))
}

fn any<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let predicate = ev.force_function(args[0])?;
    let list = ev.force_list(args[1])?;
    Ok(Value::Bool(ev.exists(list, |item| ev.test(predicate, item))?))
}

fn all<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let predicate = ev.force_function(args[0])?;
    let list = ev.force_list(args[1])?;
    Ok(Value::Bool(!ev.exists(list, |item| Ok(!ev.test(predicate, item)?))?))
}

fn elem<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let list = ev.force_list(args[1])?;
    Ok(Value::Bool(ev.exists(list, |item| ev.equal_thunks(args[0], item))?))
}

fn concat_lists<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let list = ev.force_list(args[0])?;
    ev.concat_all(list.items.iter().map(|item| ev.force(item)), Rest::of(list.rest, None))
}

fn concat_map<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let function = ev.force_function(args[0])?;
    let list = ev.force_list(args[1])?;
    ev.concat_all(list.items.iter().map(|item| ev.call(function, item)), Rest::of(list.rest, None))
}

fn length<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    Ok(Value::Int(ev.force_items(args[0])?.len() as i64))
}

pub(crate) fn head<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    match ev.force_items(args[0])?.first() {
        Some(first) => ev.force(first),
        None => ev.error(ErrorKind::Other, "'builtins.head' called on an empty list"),
    }
}

fn tail<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    match ev.force_items(args[0])? {
        [_, rest @ ..] => Ok(ev.list(rest)),
        [] => ev.error(ErrorKind::Other, "'builtins.tail' called on an empty list"),
    }
}

fn elem_at<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let items = ev.force_items(args[0])?;
    let index = ev.force_int(args[1])?;
    match usize::try_from(index).ok().and_then(|index| items.get(index)) {
        Some(item) => ev.force(item),
        None => ev.error(ErrorKind::Other, format!("list index {index} is out of bounds")),
    }
}

pub(crate) fn foldl<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let function = ev.force_function(args[0])?;
    let items = ev.force_items(args[2])?;
    let mut result = args[1];
    for item in items {
        let step = ev.call(function, result)?;
        result = ev.value(ev.call(step, item)?);
    }
    ev.force(result)
}

fn gen_list<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let length = ev.force_int(args[1])?;
    if length < 0 {
        return ev.error(ErrorKind::Other, format!("cannot create list of size {length}"));
    }
    if length > ev.limits.list as i64 {
        return Err(ev.unknown(Reason::Limit(crate::Limit::Memory), None));
    }
    let items: Vec<_> =
        (0..length).map(|index| ev.apply(args[0], &[ev.value(Value::Int(index))])).collect();
    Ok(ev.list(&items))
}

fn sort<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let less = ev.force_function(args[0])?;
    let list = ev.force_list(args[1])?;
    // Nix forces every member, even an only one that is compared with none.
    for item in list.items {
        if let Err(error @ Stop::Error(_)) = ev.force(item) {
            return Err(error);
        }
    }
    let (items, rest) = sort_by(ev, list.items.to_vec(), list.rest, |a, b| {
        let step = ev.value(ev.call(less, a)?);
        ev.test(ev.force(step)?, b)
    })?;
    Ok(ev.open_list(&items, rest))
}

/// The items of a list and why there may be more.
pub(crate) type Items<'a, T> = (Vec<T>, Option<&'a crate::Unknown<'a>>);

/// Sorts stably. Where the order is not known the result is open, so that nothing follows from where
/// a member stands.
pub(crate) fn sort_by<'a, T: Copy>(
    ev: &Evaluator<'a>,
    items: Vec<T>,
    rest: Option<&'a crate::Unknown<'a>>,
    mut less: impl FnMut(T, T) -> Eval<'a, bool>,
) -> Eval<'a, Items<'a, T>> {
    if rest.is_some() {
        return Ok((items, rest));
    }
    match merge_sort(ev, &items, &mut less) {
        Ok(sorted) => Ok((sorted, None)),
        Err(Stop::Unknown(unknown)) => Ok((items, Some(unknown))),
        Err(error) => Err(error),
    }
}

/// The standard library's sorts may panic when an order is none, and this one comes from the user.
fn merge_sort<'a, T: Copy>(
    ev: &Evaluator<'a>,
    items: &[T],
    less: &mut impl FnMut(T, T) -> Eval<'a, bool>,
) -> Eval<'a, Vec<T>> {
    if items.len() < 2 {
        return Ok(items.to_vec());
    }
    let (left, right) = items.split_at(items.len() / 2);
    let (left, right) = (merge_sort(ev, left, less)?, merge_sort(ev, right, less)?);
    let mut merged = Vec::with_capacity(items.len());
    let (mut i, mut j) = (0, 0);
    while i < left.len() && j < right.len() {
        let right_first = less(right[j], left[i])?;
        if right_first && less(left[i], right[j])? {
            // Each before the other: what comes of that is the algorithm's affair.
            return Err(ev.unknown(Reason::VersionDependent("sorting without an order"), None));
        }
        if right_first {
            merged.push(right[j]);
            j += 1;
        } else {
            merged.push(left[i]);
            i += 1;
        }
    }
    merged.extend_from_slice(&left[i..]);
    merged.extend_from_slice(&right[j..]);
    Ok(merged)
}

fn partition<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let predicate = ev.force_function(args[0])?;
    let list = ev.force_list(args[1])?;
    let (mut right, mut wrong, mut rest) = (Vec::new(), Vec::new(), list.rest);
    for item in list.items {
        match ev.test(predicate, item) {
            Ok(true) => right.push(*item),
            Ok(false) => wrong.push(*item),
            Err(Stop::Unknown(unknown)) => rest = rest.or(Some(unknown)),
            Err(error) => return Err(error),
        }
    }
    let right = ev.attr("right", ev.value(ev.open_list(&right, rest)));
    let wrong = ev.attr("wrong", ev.value(ev.open_list(&wrong, rest)));
    Ok(Value::Attrs(ev.attrs(vec![right, wrong])))
}

pub(crate) fn group_by<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let function = ev.force_function(args[0])?;
    let list = ev.force_list(args[1])?;
    let mut rest = list.rest;
    let mut groups: Vec<(&str, Vec<&'a Thunk<'a>>)> = Vec::new();
    for item in list.items {
        let name = ev.call(function, item).and_then(|name| ev.force_str(ev.value(name)));
        let name = match name {
            Ok(name) => name,
            Err(Stop::Unknown(unknown)) => {
                rest = rest.or(Some(unknown));
                continue;
            }
            Err(error) => return Err(error),
        };
        match groups.iter_mut().find(|(known, _)| *known == name) {
            Some((_, items)) => items.push(item),
            None => groups.push((name, vec![item])),
        }
    }
    let group = |items: &[&'a Thunk<'a>]| ev.value(ev.open_list(items, rest));
    let entries = groups.iter().map(|(name, items)| ev.attr(name, group(items)));
    Ok(Value::Attrs(ev.open_attrs(entries.collect(), rest)))
}

fn generic_closure<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let attrs = ev.force_attrs(args[0])?;
    let field =
        |name: &str| match ev.select(Value::Attrs(attrs), nixpact_syntax::Symbol::new(name))? {
            Some(thunk) => Ok(thunk),
            None => ev.error(ErrorKind::MissingAttribute, format!("attribute '{name}' missing")),
        };
    let operator = field("operator")?;
    let mut queue: std::collections::VecDeque<_> =
        ev.force_items(field("startSet")?)?.iter().copied().collect();
    let key_name = nixpact_syntax::Symbol::new("key");
    let mut keys: Vec<Value<'a>> = Vec::new();
    let mut found = Vec::new();
    while let Some(item) = queue.pop_front() {
        let key = match ev.select(ev.force(item)?, key_name)? {
            Some(key) => ev.force(key)?,
            None => return ev.error(ErrorKind::MissingAttribute, "attribute 'key' missing"),
        };
        let mut known = false;
        for other in &keys {
            // Keys must be comparable, as Nix keeps them in an ordered set.
            known = known || (!ev.less(key, *other)? && !ev.less(*other, key)?);
        }
        if known {
            continue;
        }
        keys.push(key);
        found.push(item);
        let next = ev.apply(operator, &[item]);
        queue.extend(ev.force_items(next)?);
    }
    Ok(ev.list(&found))
}
