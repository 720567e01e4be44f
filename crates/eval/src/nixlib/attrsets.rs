//! `lib.attrsets`: paths, mapping, filtering, generating.

use nixpact_syntax::Symbol;

use super::common::{
    args_of, attribute, call, derived, known, list, name, optional, select_later, test,
};
use super::{merge, packages};
use crate::builtins::{self, Args, Builtin};
use crate::coerce::Coercion;
use crate::evaluator::Evaluator;
use crate::rest::Rest;
use crate::thunk::Thunk;
use crate::unknown::{ErrorKind, Eval, Stop, Unknown};
use crate::value::{Attr, Attrs, List, Value};

pub(super) const TABLE: &[Builtin] = &[
    Builtin { name: "attrByPath", arity: 3, run: attr_by_path },
    Builtin { name: "attrVals", arity: 2, run: attr_vals },
    Builtin { name: "attrsToList", arity: 1, run: attrs_to_list },
    Builtin { name: "cartesianProduct", arity: 1, run: merge::cartesian_product },
    Builtin { name: "chooseDevOutputs", arity: 1, run: packages::choose_dev_outputs },
    Builtin { name: "collect", arity: 2, run: collect },
    Builtin { name: "concatMapAttrs", arity: 2, run: merge::concat_map_attrs },
    Builtin {
        name: "dontRecurseIntoAttrs",
        arity: 1,
        run: |ev, args| recurse_into(ev, args, false),
    },
    Builtin { name: "filterAttrs", arity: 2, run: filter_attrs },
    Builtin { name: "filterAttrsRecursive", arity: 2, run: filter_attrs_recursive },
    Builtin { name: "foldAttrs", arity: 3, run: merge::fold_attrs },
    Builtin { name: "foldlAttrs", arity: 3, run: foldl_attrs },
    Builtin { name: "genAttrs", arity: 2, run: gen_attrs },
    Builtin { name: "genAttrs'", arity: 2, run: gen_attrs_prime },
    Builtin { name: "getAttrFromPath", arity: 2, run: get_attr_from_path },
    Builtin { name: "getAttrs", arity: 2, run: get_attrs },
    Builtin { name: "getBin", arity: 1, run: |ev, args| packages::get_output(ev, "bin", args[0]) },
    Builtin { name: "getDev", arity: 1, run: |ev, args| packages::get_output(ev, "dev", args[0]) },
    Builtin { name: "getLib", arity: 1, run: |ev, args| packages::get_output(ev, "lib", args[0]) },
    Builtin { name: "getMan", arity: 1, run: |ev, args| packages::get_output(ev, "man", args[0]) },
    Builtin { name: "getOutput", arity: 2, run: packages::get_named_output },
    Builtin { name: "hasAttrByPath", arity: 2, run: has_attr_by_path },
    Builtin { name: "isDerivation", arity: 1, run: packages::is_derivation },
    Builtin { name: "mapAttrs'", arity: 2, run: map_attrs_prime },
    Builtin {
        name: "mapAttrsRecursive",
        arity: 2,
        run: |ev, args| map_recursive(ev, None, args[0], args[1]),
    },
    Builtin {
        name: "mapAttrsRecursiveCond",
        arity: 3,
        run: |ev, args| map_recursive(ev, Some(args[0]), args[1], args[2]),
    },
    Builtin { name: "mapAttrsToList", arity: 2, run: map_attrs_to_list },
    Builtin {
        name: "mapAttrsToListRecursive",
        arity: 2,
        run: |ev, args| to_list_recursive(ev, None, args[0], args[1], &[]),
    },
    Builtin {
        name: "mapAttrsToListRecursiveCond",
        arity: 3,
        run: |ev, args| to_list_recursive(ev, Some(args[0]), args[1], args[2], &[]),
    },
    Builtin { name: "mapCartesianProduct", arity: 2, run: merge::map_cartesian_product },
    Builtin { name: "matchAttrs", arity: 2, run: merge::match_attrs },
    Builtin { name: "mergeAttrsList", arity: 1, run: merge::merge_attrs_list },
    Builtin { name: "nameValuePair", arity: 2, run: name_value_pair },
    Builtin { name: "optionalAttrs", arity: 2, run: optional_attrs },
    Builtin { name: "overrideExisting", arity: 2, run: override_existing },
    Builtin { name: "recurseIntoAttrs", arity: 1, run: |ev, args| recurse_into(ev, args, true) },
    Builtin { name: "recursiveUpdate", arity: 2, run: merge::recursive_update },
    Builtin { name: "recursiveUpdateUntil", arity: 3, run: merge::recursive_update_until },
    Builtin { name: "setAttrByPath", arity: 2, run: set_attr_by_path },
    Builtin { name: "showAttrPath", arity: 1, run: show_attr_path },
    Builtin { name: "zipAttrs", arity: 1, run: merge::zip_attrs },
    Builtin { name: "zipAttrsWith", arity: 2, run: builtins::zip_attrs_with },
    Builtin { name: "zipAttrsWithNames", arity: 3, run: merge::zip_attrs_with_names },
];

/// Those that `lib` itself does not have.
pub(super) const INNER: &[Builtin] = &[
    Builtin { name: "longestValidPathPrefix", arity: 2, run: longest_valid_path_prefix },
    Builtin { name: "unionOfDisjoint", arity: 2, run: merge::union_of_disjoint },
];

// Paths

/// Follows a path: the thunk at its end, or how many steps of it are there.
///
/// Where it leads into something unknown, `through` says to go on with what that is called.
fn walk<'a>(
    ev: &Evaluator<'a>,
    path: &[&'a Thunk<'a>],
    set: &'a Thunk<'a>,
    through: bool,
) -> Eval<'a, Result<&'a Thunk<'a>, usize>> {
    let mut current = set;
    for (at, step) in path.iter().enumerate() {
        let value = known(ev.force(current))?;
        let name = Symbol::new(ev.force_str(step)?);
        let attrs = match value {
            Ok(Value::Attrs(attrs)) => attrs,
            Ok(_) => return Ok(Err(at)),
            Err(unknown) if through => {
                current = ev.select_unknown(unknown, name)?;
                continue;
            }
            Err(unknown) => return Err(Stop::Unknown(ev.made_of(unknown))),
        };
        current = match ev.find(attrs, name) {
            Ok(Some(found)) => found,
            Ok(None) => return Ok(Err(at)),
            Err(rest) if through => ev.select_unknown(rest, name)?,
            Err(rest) => return Err(Stop::Unknown(ev.made_of(rest))),
        };
    }
    Ok(Ok(current))
}

fn attr_by_path<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    match walk(ev, ev.force_items(args[0])?, args[2], true)? {
        Ok(found) => ev.force(found),
        Err(_) => ev.force(args[1]),
    }
}

fn get_attr_from_path<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    match walk(ev, ev.force_items(args[0])?, args[1], true)? {
        Ok(found) => ev.force(found),
        Err(_) => {
            let dot = ev.value(Value::Str("."));
            let path = ev.value(builtins::concat_strings_sep(ev, args_of(ev, [dot, args[0]]))?);
            let path = ev.coerce_str(path, Coercion::Interpolation)?;
            ev.error(ErrorKind::Abort, format!("cannot find attribute '{path}'"))
        }
    }
}

fn has_attr_by_path<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    Ok(Value::Bool(walk(ev, ev.force_items(args[0])?, args[1], false)?.is_ok()))
}

fn longest_valid_path_prefix<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let path = ev.force_items(args[0])?;
    match walk(ev, path, args[1], false)? {
        Ok(_) => Ok(ev.list(path)),
        Err(length) => Ok(ev.list(&path[..length])),
    }
}

fn set_attr_by_path<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let path = ev.force_items(args[0])?;
    let Some((first, inner)) = path.split_first() else { return ev.force(args[1]) };
    let span = ev.origin(first).span;
    if let Value::Null = ev.force(first)? {
        // `{ ${null} = …; }` has no attribute.
        return Ok(Value::Attrs(ev.attrs(Vec::new())));
    }
    let first = Symbol::new(ev.force_str(first)?);
    let value = match inner {
        [] => args[1],
        _ => {
            let inner = ev.value(ev.list(inner));
            let value = args[1];
            ev.lazy(move |ev| set_attr_by_path(ev, args_of(ev, [inner, value])))
        }
    };
    Ok(Value::Attrs(ev.attrs(vec![Attr { name: first, value, span }])))
}

fn show_attr_path<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let path = ev.force_items(args[0])?;
    if path.is_empty() {
        return Ok(Value::Str("<root attribute path>"));
    }
    let mut names = Vec::new();
    for name in path {
        names.push(super::quoting::nix_identifier(ev.force_str(name)?));
    }
    Ok(ev.str(&names.join(".")))
}

// Selecting

fn attr_vals<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let names = ev.force_list(args[0])?;
    let values = names.items.iter().map(|name| select_later(ev, args[1], name));
    Ok(list(ev, values, names.rest))
}

fn get_attrs<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    generate(ev, args[0], |name| select_later(ev, args[1], name))
}

fn optional_attrs<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let none = Value::Attrs(ev.attrs(Vec::new()));
    optional(
        ev,
        args[0],
        || ev.force(args[1]),
        none,
        |value, unknown| {
            let Value::Attrs(attrs) = value else { return None };
            let names: Vec<_> = attrs.unordered().iter().map(|attr| attr.name).collect();
            let mut rest = Rest::of(Some(unknown), Some(&names));
            rest.extend(attrs.rest, attrs.others());
            Some(Value::Attrs(ev.attrs_with(Vec::new(), &rest)))
        },
    )
}

fn recurse_into<'a>(ev: &Evaluator<'a>, args: Args<'a>, yes: bool) -> Eval<'a> {
    let mark = ev.attr("recurseForDerivations", ev.value(Value::Bool(yes)));
    ev.update(ev.force(args[0]), Ok(Value::Attrs(ev.attrs(vec![mark]))))
}

// Filtering

fn filter_attrs<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let attrs = ev.force_attrs(args[1])?;
    let mut rest = attrs.beside();
    let mut kept = Vec::new();
    for attr in attrs.sorted() {
        match known(test(ev, args[0], &[name(ev, &attr), attr.value]))? {
            Ok(true) => kept.push(attr),
            Ok(false) => {}
            Err(unknown) => rest.add_one(unknown, attr.name),
        }
    }
    Ok(Value::Attrs(ev.attrs_with(kept, &rest)))
}

fn filter_attrs_recursive<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let predicate = args[0];
    let Value::Attrs(kept) = filter_attrs(ev, args)? else { return Ok(Value::Null) };
    let entries = kept.unordered().iter().map(|attr| {
        let inner = attr.value;
        let value = derived(ev, inner, move |ev| match ev.force(inner)? {
            Value::Attrs(_) => filter_attrs_recursive(ev, args_of(ev, [predicate, inner])),
            other => Ok(other),
        });
        Attr { value, ..*attr }
    });
    Ok(Value::Attrs(ev.attrs_beside(entries.collect(), kept)))
}

fn collect<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    if test(ev, args[0], &[args[1]])? {
        return Ok(ev.list(&[args[1]]));
    }
    let Value::Attrs(attrs) = ev.force(args[1])? else { return Ok(ev.list(&[])) };
    let inner = attrs.sorted();
    let inner = inner.iter().map(|attr| {
        let args = args_of(ev, [args[0], attr.value]);
        ev.nested(|| collect(ev, args))
    });
    ev.concat_all(inner, Rest::of(attrs.rest, None))
}

// Mapping

fn name_value_pair<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    Ok(pair(ev, args[0], args[1]))
}

fn pair<'a>(ev: &Evaluator<'a>, name: &'a Thunk<'a>, value: &'a Thunk<'a>) -> Value<'a> {
    Value::Attrs(ev.attrs(vec![ev.attr("name", name), ev.attr("value", value)]))
}

fn attrs_to_list<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let attrs = ev.force_attrs(args[0])?;
    let pairs = attrs.sorted();
    let pairs = pairs.iter().map(|attr| ev.value(pair(ev, name(ev, attr), attr.value)));
    Ok(list(ev, pairs, attrs.rest))
}

pub(super) fn map_attrs_to_list<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let attrs = ev.force_attrs(args[1])?;
    let items = attrs.sorted();
    let items = items.iter().map(|attr| ev.apply(args[0], &[name(ev, attr), attr.value]));
    Ok(list(ev, items, attrs.rest))
}

fn map_attrs_prime<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let (function, set) = (args[0], ev.force_attrs(args[1])?);
    let rest = set.rest.filter(|rest| gives_each_a_name(ev, function, rest));
    let known = match rest {
        Some(_) => ev.value(Value::Attrs(ev.attrs(set.unordered().to_vec()))),
        None => args[1],
    };
    let pairs = ev.value(map_attrs_to_list(ev, args_of(ev, [function, known]))?);
    let mapped = builtins::list_to_attrs(ev, args_of(ev, [pairs]))?;
    match (mapped, rest) {
        (Value::Attrs(mapped), Some(rest)) => {
            let rest = mapped.rest.or(Some(rest));
            Ok(Value::Attrs(ev.open_attrs(mapped.unordered().to_vec(), rest)))
        }
        _ => Ok(mapped),
    }
}

/// Whether a function of `mapAttrs'` makes names that differ where those of the attributes do: each is the
/// attribute's, perhaps with the same text before and after it. So no attribute that is not known has the
/// name of a known one.
fn gives_each_a_name<'a>(
    ev: &Evaluator<'a>,
    function: &'a Thunk<'a>,
    rest: &'a Unknown<'a>,
) -> bool {
    let name = ev.stopped(Stop::Unknown(rest));
    let pair = call(ev, function, &[name, ev.stopped(Stop::Unknown(rest))]);
    let pair = pair.and_then(|pair| ev.force_attrs(ev.value(pair)));
    let made = pair.ok().and_then(|pair| pair.get(Symbol::new("name")));
    made.is_some_and(|made| ev.surrounds(made.value, name))
}

/// `mapAttrsRecursiveCond`; without a condition every set is gone into.
fn map_recursive<'a>(
    ev: &Evaluator<'a>,
    condition: Option<&'a Thunk<'a>>,
    function: &'a Thunk<'a>,
    set: &'a Thunk<'a>,
) -> Eval<'a> {
    map_below(ev, condition, function, ev.force_attrs(set)?, &[])
}

fn map_below<'a>(
    ev: &Evaluator<'a>,
    condition: Option<&'a Thunk<'a>>,
    function: &'a Thunk<'a>,
    attrs: &'a Attrs<'a>,
    path: &[&'a Thunk<'a>],
) -> Eval<'a> {
    let entries = attrs.unordered().iter().map(|attr| {
        let here: &'a [&'a Thunk<'a>] =
            ev.arena.alloc_slice_copy(&[path, &[name(ev, attr)]].concat());
        let inner = attr.value;
        let value = ev.lazy(move |ev| match ev.force(inner)? {
            Value::Attrs(set) if enters(ev, condition, &[inner])? => {
                map_below(ev, condition, function, set, here)
            }
            _ => call(ev, function, &[ev.value(ev.list(here)), inner]),
        });
        Attr { value, ..*attr }
    });
    Ok(Value::Attrs(ev.open_attrs(entries.collect(), attrs.rest)))
}

fn enters<'a>(
    ev: &Evaluator<'a>,
    condition: Option<&'a Thunk<'a>>,
    arguments: &[&'a Thunk<'a>],
) -> Eval<'a, bool> {
    condition.map_or(Ok(true), |condition| test(ev, condition, arguments))
}

fn to_list_recursive<'a>(
    ev: &Evaluator<'a>,
    condition: Option<&'a Thunk<'a>>,
    function: &'a Thunk<'a>,
    set: &'a Thunk<'a>,
    path: &[&'a Thunk<'a>],
) -> Eval<'a> {
    let attrs = ev.force_attrs(set)?;
    let inner = attrs.sorted();
    let inner = inner.iter().map(|attr| {
        let here = [path, &[name(ev, attr)]].concat();
        let place = ev.value(ev.list(&here));
        match ev.force(attr.value)? {
            Value::Attrs(_) if enters(ev, condition, &[place, attr.value])? => {
                ev.nested(|| to_list_recursive(ev, condition, function, attr.value, &here))
            }
            _ => Ok(ev.list(&[ev.apply(function, &[place, attr.value])])),
        }
    });
    ev.concat_all(inner, Rest::of(attrs.rest, None))
}

fn override_existing<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let (old, new) = (ev.force_attrs(args[0])?, args[1]);
    let entries = old.unordered().iter().map(|attr| {
        let (key, before) = (attr.name, attr.value);
        let value = derived(ev, before, move |ev| {
            let now = attribute(ev, ev.force(new)?, key.as_str())?;
            ev.force(now.unwrap_or(before))
        });
        Attr { value, ..*attr }
    });
    Ok(Value::Attrs(ev.open_attrs(entries.collect(), old.rest)))
}

// Generating

/// A set with an attribute for each name. Equal names have equal values, so that a name that is not
/// known takes nothing away from the others.
fn generate<'a>(
    ev: &Evaluator<'a>,
    names: &'a Thunk<'a>,
    value: impl Fn(&'a Thunk<'a>) -> &'a Thunk<'a>,
) -> Eval<'a> {
    let names = ev.force_list(names)?;
    let mut rest = names_of(ev, names);
    let mut entries = Vec::with_capacity(names.items.len());
    for item in names.items {
        match known(ev.force_str(item))? {
            Ok(name) => {
                let span = ev.origin(item).span;
                entries.push(Attr { name: Symbol::new(name), value: value(item), span });
            }
            Err(unknown) => rest.add(unknown),
        }
    }
    Ok(Value::Attrs(ev.attrs_with(entries, &rest)))
}

/// The names that a list may have beside the known ones.
fn names_of<'a>(ev: &Evaluator<'a>, names: &List<'a>) -> Rest<'a, Symbol> {
    let others = names.others().and_then(|others| {
        others
            .iter()
            .map(|name| ev.force_str(name).ok().map(Symbol::new))
            .collect::<Option<Vec<_>>>()
    });
    Rest::of(names.rest, others.as_deref())
}

fn gen_attrs<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    generate(ev, args[0], |name| ev.apply(args[1], &[name]))
}

fn gen_attrs_prime<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let items = ev.force_list(args[0])?;
    let pairs = items.items.iter().map(|item| ev.apply(args[1], &[*item]));
    let pairs = ev.value(list(ev, pairs, items.rest));
    builtins::list_to_attrs(ev, args_of(ev, [pairs]))
}

// Folding

fn foldl_attrs<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let attrs = ev.force_closed_attrs(args[2])?;
    ev.force(args[1])?;
    let mut result = args[1];
    for attr in attrs.sorted() {
        result = ev.value(call(ev, args[0], &[result, name(ev, &attr), attr.value])?);
    }
    ev.force(result)
}
