//! Attribute sets.

use nixpact_syntax::Symbol;
use rustc_hash::FxHashSet;

use super::{Args, Builtin};
use crate::evaluator::Evaluator;
use crate::rest::Rest;
use crate::thunk::Thunk;
use crate::unknown::{ErrorKind, Eval, Stop, Unknown};
use crate::value::{Attr, Attrs, Value};

pub(super) const TABLE: &[Builtin] = &[
    Builtin { name: "attrNames", arity: 1, run: attr_names },
    Builtin { name: "attrValues", arity: 1, run: attr_values },
    Builtin { name: "catAttrs", arity: 2, run: cat_attrs },
    Builtin { name: "getAttr", arity: 2, run: get_attr },
    Builtin { name: "hasAttr", arity: 2, run: has_attr },
    Builtin { name: "intersectAttrs", arity: 2, run: intersect_attrs },
    Builtin { name: "listToAttrs", arity: 1, run: list_to_attrs },
    Builtin { name: "mapAttrs", arity: 2, run: map_attrs },
    Builtin { name: "removeAttrs", arity: 2, run: remove_attrs },
    Builtin { name: "zipAttrsWith", arity: 2, run: zip_attrs_with },
];

fn attr_names<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let attrs = ev.force_attrs(args[0])?;
    let name = |name: Symbol| ev.value(Value::Str(name.as_str()));
    let names: Vec<_> = attrs.sorted().iter().map(|attr| name(attr.name)).collect();
    let others = attrs.others().map(|it| it.iter().map(|it| name(*it)).collect::<Vec<_>>());
    let rest = Rest::of(attrs.rest, others.as_deref());
    Ok(ev.list_with(&names, &rest))
}

fn attr_values<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let attrs = ev.force_attrs(args[0])?;
    let values: Vec<_> = attrs.sorted().iter().map(|attr| attr.value).collect();
    Ok(ev.open_list(&values, attrs.rest))
}

pub(crate) fn get_attr<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let name = Symbol::new(ev.force_str(args[0])?);
    match ev.force(args[1]) {
        Ok(value) => match ev.select(value, name)? {
            Some(found) => ev.force(found),
            None => ev.error(ErrorKind::MissingAttribute, format!("attribute '{name}' missing")),
        },
        Err(Stop::Unknown(unknown)) => ev.force(ev.select_unknown(unknown, name)?),
        Err(error) => Err(error),
    }
}

fn has_attr<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let name = Symbol::new(ev.force_str(args[0])?);
    let attrs = ev.force_attrs(args[1])?;
    match ev.find(attrs, name) {
        Ok(found) => Ok(Value::Bool(found.is_some())),
        Err(rest) => Err(Stop::Unknown(ev.made_of(rest))),
    }
}

pub(crate) fn cat_attrs<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let name = Symbol::new(ev.force_str(args[0])?);
    let list = ev.force_list(args[1])?;
    let mut found = Vec::new();
    let mut rest = list.rest;
    for item in list.items {
        let attrs = match ev.force_attrs(item) {
            Ok(attrs) => attrs,
            Err(Stop::Unknown(unknown)) => {
                rest = rest.or(Some(unknown));
                continue;
            }
            Err(error) => return Err(error),
        };
        found.extend(attrs.get(name).map(|attr| attr.value));
        if attrs.get(name).is_none() {
            rest = rest.or(attrs.rest);
        }
    }
    Ok(ev.open_list(&found, rest))
}

fn intersect_attrs<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let left = ev.force_attrs(args[0])?;
    let right = ev.force_attrs(args[1])?;
    let both = right.unordered().iter().filter(|attr| left.get(attr.name).is_some()).copied();
    // Nothing that the right side has can be missing when both are closed.
    let others = right.others().map(|others| {
        let known = right.unordered().iter().map(|attr| attr.name);
        let known = known.filter(|name| left.get(*name).is_none() && left.may_have(*name));
        let others = others.iter().copied();
        let others = others.filter(|name| left.get(*name).is_some() || left.may_have(*name));
        known.chain(others).collect::<Vec<_>>()
    });
    let rest = Rest::of(left.rest.or(right.rest), others.as_deref());
    Ok(Value::Attrs(ev.attrs_with(both.collect(), &rest)))
}

pub(crate) fn list_to_attrs<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let list = ev.force_list(args[0])?;
    let mut seen: FxHashSet<Symbol> = FxHashSet::default();
    let mut entries = Vec::with_capacity(list.items.len());
    let others = list.others().and_then(|others| {
        others.iter().map(|pair| name_of_pair(ev, pair)).collect::<Option<Vec<_>>>()
    });
    let mut rest = Rest::of(list.rest, others.as_deref());
    for item in list.items {
        let pair = match ev.force_attrs(item) {
            Ok(pair) => pair,
            Err(Stop::Unknown(unknown)) => {
                rest.add(unknown);
                continue;
            }
            Err(error) => return Err(error),
        };
        let field = |name: &str| {
            pair.get(Symbol::new(name)).ok_or_else(|| match pair.rest {
                Some(rest) => Stop::Unknown(rest),
                None => {
                    let message = format!("attribute '{name}' missing");
                    ev.error_stop(ErrorKind::MissingAttribute, message)
                }
            })
        };
        let name_attr = field("name")?;
        let name = match ev.force_str(name_attr.value) {
            Ok(name) => Symbol::new(name),
            Err(Stop::Unknown(unknown)) => {
                rest.add(unknown);
                continue;
            }
            Err(error) => return Err(error),
        };
        // The first of equal names counts.
        if seen.insert(name) {
            let span = ev.origin(name_attr.value).span;
            let value = match rest.because {
                // An earlier pair that is not known may have this name, too.
                Some(because) if rest.may_have(name) => ev.stopped(Stop::Unknown(because)),
                _ => field("value")?.value,
            };
            entries.push(Attr { name, value, span });
        }
    }
    Ok(Value::Attrs(ev.attrs_with(entries, &rest)))
}

/// The name that a pair has for `listToAttrs`, if it is known.
fn name_of_pair<'a>(ev: &Evaluator<'a>, pair: &'a Thunk<'a>) -> Option<Symbol> {
    let name = ev.force_attrs(pair).ok()?.get(Symbol::new("name"))?;
    ev.force_str(name.value).ok().map(Symbol::new)
}

pub(crate) fn map_attrs<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let attrs = ev.force_attrs(args[1])?;
    let entries: &[Attr<'_>] = ev.arena.alloc_slice_fill_iter(attrs.entries.iter().map(|attr| {
        let name = ev.value(Value::Str(attr.name.as_str()));
        Attr { value: ev.apply(args[0], &[name, attr.value]), ..*attr }
    }));
    let rest = attrs.rest.map(|rest| ev.made_of(rest));
    Ok(Value::Attrs(ev.arena.alloc(Attrs { entries, rest, others: attrs.others })))
}

fn remove_attrs<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let attrs = ev.force_attrs(args[0])?;
    let mut removed: FxHashSet<Symbol> = FxHashSet::default();
    for name in ev.force_items(args[1])? {
        removed.insert(Symbol::new(ev.force_str(name)?));
    }
    let kept = attrs.unordered().iter().filter(|attr| !removed.contains(&attr.name)).copied();
    let others = attrs.others().map(|others| {
        others.iter().copied().filter(|name| !removed.contains(name)).collect::<Vec<_>>()
    });
    let rest = Rest::of(attrs.rest, others.as_deref());
    Ok(Value::Attrs(ev.attrs_with(kept.collect(), &rest)))
}

pub(crate) fn zip_attrs_with<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    if let Err(error @ Stop::Error(_)) = ev.force_function(args[0]) {
        return Err(error);
    }
    let sets = ev.force_list(args[1])?;
    // Why there may be more values, and the set that has them.
    let mut open: Vec<(&'a Unknown<'a>, Option<&'a Attrs<'a>>)> = Vec::new();
    open.extend(sets.rest.map(|rest| (rest, None)));
    let mut names: Vec<(Symbol, Vec<Attr<'a>>)> = Vec::new();
    for item in sets.items {
        let set = match ev.force_attrs(item) {
            Ok(set) => set,
            Err(Stop::Unknown(unknown)) => {
                open.push((unknown, None));
                continue;
            }
            Err(error) => return Err(error),
        };
        open.extend(set.rest.map(|rest| (rest, Some(set))));
        for attr in set.unordered() {
            match names.iter_mut().find(|(name, _)| *name == attr.name) {
                Some((_, values)) => values.push(*attr),
                None => names.push((attr.name, vec![*attr])),
            }
        }
    }
    let is_done = |set: &Attrs<'a>, name| set.get(name).is_some() || ev.surely_lacks(set, name);
    let entries = names.into_iter().map(|(name, values)| {
        let span = values[0].span;
        let values: Vec<_> = values.iter().map(|attr| attr.value).collect();
        let mut others = open.iter().filter(|(_, set)| set.is_none_or(|set| !is_done(set, name)));
        let more = others.next().map(|(rest, _)| *rest);
        let values = ev.value(ev.open_list(&values, more));
        let value = ev.apply(args[0], &[ev.value(Value::Str(name.as_str())), values]);
        Attr { name, value, span }
    });
    let entries = entries.collect();
    Ok(Value::Attrs(ev.open_attrs(entries, open.first().map(|(rest, _)| *rest))))
}
