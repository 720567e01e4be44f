//! A type's value, with the attributes that types of repositories are made of (`mkOptionType`).

use std::sync::LazyLock;

use nixpact_eval::{
    Attr, Builtin, ErrorKind, Eval, Evaluator, MORE, ON_DEMAND, Reason, Stop, Thunk, Value,
};
use nixpact_syntax::Symbol;

use super::{Type, TypeRef, sub_options};
use crate::check;
use crate::names;
use crate::path::Path;
use crate::property::RawDefinition;
use crate::slot::Slot;

fn entry<'a>(name: Symbol, value: &'a Thunk<'a>) -> Attr<'a> {
    Attr { name, value, span: None }
}

/// A type's value: what [`Type`] reads back from the tag and `payload`, the arguments that made it.
pub(crate) fn type_value<'a>(
    ev: &Evaluator<'a>,
    tag: &'static str,
    payload: &[&'a Thunk<'a>],
) -> Value<'a> {
    let payload = [&[ev.value(Value::Str(tag))], payload].concat();
    let payload = ev.value(ev.list(&payload));
    // Its attributes ask for the type itself again.
    let itself = ev.value(Value::Attrs(ev.attrs(vec![entry(*names::PAYLOAD, payload)])));
    let own = ev.lazy(move |ev| Ok(Value::Attrs(ev.attrs(own(ev, itself)))));
    let mut attrs = vec![
        entry(*names::TYPE_TAG, ev.value(Value::Str("option-type"))),
        entry(*names::PAYLOAD, payload),
        entry(*MORE, own),
    ];
    let name = match tag {
        "number" => Some("either"),
        "nonEmptyListOf" => Some("listOf"),
        // Their names say what they were made of.
        "addCheck" | "strMatching" => None,
        _ => Some(tag),
    };
    attrs.extend(name.map(|name| entry(*names::NAME, ev.value(Value::Str(name)))));
    Value::Attrs(ev.attrs_on_demand(attrs, &ATTRIBUTES))
}

/// What every type has, too, of which no more is known.
const OTHERS: [&str; 7] = [
    "deprecationMessage",
    "description",
    "descriptionClass",
    "functor",
    "name",
    "substSubModules",
    "typeMerge",
];

/// What `mkOptionType` gives every type.
static ATTRIBUTES: LazyLock<&[Symbol]> = LazyLock::new(|| {
    let known = [
        *names::CHECK,
        *names::EMPTY_VALUE,
        *names::GET_SUB_MODULES,
        *names::GET_SUB_OPTIONS,
        *names::MERGE,
        *names::NESTED_TYPES,
    ];
    let others = OTHERS.map(Symbol::new);
    Box::leak([&known[..], &others].concat().into_boxed_slice())
});

/// What a type has besides its tag, its name and its payload.
fn own<'a>(ev: &Evaluator<'a>, itself: &'a Thunk<'a>) -> Vec<Attr<'a>> {
    let ty = move |ev: &Evaluator<'a>| TypeRef::new(ev, itself).get(ev);
    let merge = ev.lazy(move |ev| {
        if !ty(ev).checks_while_merging() {
            return Ok(ev.partial(&MERGE, &[itself]));
        }
        // That is a set, and was a function.
        let functor = ev.value(ev.partial(&MERGE_ITSELF, &[itself]));
        let rest = ev.unknown_ref(Reason::Unsupported("how a type checks and merges"), None);
        Ok(Value::Attrs(ev.open_attrs(vec![ev.attr("__functor", functor)], Some(rest))))
    });
    let empty = ev.lazy(move |ev| {
        let value = ty(ev).empty_value(ev)?.map(|value| entry(*names::VALUE, ev.value(value)));
        Ok(Value::Attrs(ev.attrs(value.into_iter().collect())))
    });
    let unknown = ev.stopped(ev.unknown(ON_DEMAND, None));
    let mut own = vec![
        entry(*names::CHECK, ev.value(ev.partial(&CHECK, &[itself]))),
        entry(*names::MERGE, merge),
        entry(*names::EMPTY_VALUE, empty),
        entry(*names::GET_SUB_MODULES, ev.lazy(move |ev| sub_modules(ev, ty(ev)))),
        entry(*names::GET_SUB_OPTIONS, ev.value(ev.partial(&GET_SUB_OPTIONS, &[itself]))),
        entry(*names::NESTED_TYPES, ev.lazy(move |ev| nested_types(ev, ty(ev)))),
    ];
    own.extend(OTHERS.map(|name| ev.attr(name, unknown)));
    own
}

/// What `mkOptionType` gives a type that does not say otherwise, but its description.
pub(crate) fn own_defaults<'a>(ev: &Evaluator<'a>) -> [Attr<'a>; 11] {
    let unsupported = |name: &str| ev.attr(name, ev.lazy(|ev| ev.unsupported("how types merge")));
    let merge =
        ev.lazy(|ev| match ev.select(ev.whole_lib(), Symbol::new("mergeDefaultOption"))? {
            Some(merge) => ev.force(merge),
            None => ev.unsupported("lib.mergeDefaultOption"),
        });
    let empty = ev.value(Value::Attrs(ev.attrs(Vec::new())));
    [
        entry(*names::CHECK, ev.value(ev.partial(&TAKES_ALL, &[]))),
        entry(*names::MERGE, merge),
        entry(*names::EMPTY_VALUE, empty),
        entry(*names::GET_SUB_MODULES, ev.value(Value::Null)),
        entry(*names::GET_SUB_OPTIONS, ev.value(ev.partial(&HAS_NO_OPTIONS, &[]))),
        entry(*names::NESTED_TYPES, empty),
        ev.attr("deprecationMessage", ev.value(Value::Null)),
        ev.attr("descriptionClass", ev.value(Value::Null)),
        ev.attr("substSubModules", ev.value(ev.partial(&HAS_NO_MODULES, &[]))),
        unsupported("functor"),
        unsupported("typeMerge"),
    ]
}

static HAS_NO_MODULES: Builtin =
    Builtin { name: "substSubModules", arity: 1, run: |_, _| Ok(Value::Null) };

static TAKES_ALL: Builtin = Builtin { name: "check", arity: 1, run: |_, _| Ok(Value::Bool(true)) };

static HAS_NO_OPTIONS: Builtin = Builtin {
    name: "getSubOptions",
    arity: 1,
    run: |ev, _| Ok(Value::Attrs(ev.attrs(Vec::new()))),
};

/// `type.getSubOptions`: the type, and the path of its option.
static GET_SUB_OPTIONS: Builtin = Builtin {
    name: "getSubOptions",
    arity: 2,
    run: |ev, args| sub_options::of(ev, TypeRef::new(ev, args[0]).get(ev), args[1]),
};

/// `type.check`: the type, and the value.
static CHECK: Builtin = Builtin {
    name: "check",
    arity: 2,
    run: |ev, args| {
        let ty = TypeRef::new(ev, args[0]).get(ev);
        let value = match ty {
            // Nothing of the value is asked for.
            Type::Anything | Type::Raw | Type::Unspecified => return Ok(Value::Bool(true)),
            _ => ev.force(args[1])?,
        };
        check::check(ev, ty, value).map(Value::Bool)
    },
};

/// `type.merge`: the type, the option's path, and the definitions, without their properties.
static MERGE: Builtin =
    Builtin { name: "merge", arity: 3, run: |ev, args| merge(ev, args[0], &args[1..]) };

/// `type.merge.__functor`, which is called with the set, too.
static MERGE_ITSELF: Builtin =
    Builtin { name: "merge", arity: 4, run: |ev, args| merge(ev, args[0], &args[2..]) };

fn merge<'a>(ev: &Evaluator<'a>, ty: &'a Thunk<'a>, arguments: &[&'a Thunk<'a>]) -> Eval<'a> {
    let ty = TypeRef::new(ev, ty);
    let items = ev.force_items(arguments[1])?;
    let decoded = ty.get(ev);
    if items.is_empty() {
        return match decoded.unchecked() {
            Type::Attrs | Type::AttrsOf { .. } => Ok(Value::Attrs(ev.attrs(Vec::new()))),
            Type::ListOf { .. } => Ok(ev.list(&[])),
            _ => ev.unsupported("merging no definitions"),
        };
    }
    let mut raw = Vec::with_capacity(items.len());
    for item in items {
        let definition = ev.force(item)?;
        let Some(value) = ev.select(definition, *names::VALUE)? else {
            return ev.error(ErrorKind::MissingAttribute, "attribute 'value' missing");
        };
        raw.push(RawDefinition { is_plain: true, ..RawDefinition::new(value, None) });
    }
    let raw = ev.arena.alloc_slice_copy(&raw);
    let slot = Slot::new(ev, Path::of_names(ev, arguments[0]), ty, raw, None, None);
    // Nothing but what merges and checks at once looks at them again.
    slot.is_checked.set(!decoded.checks_while_merging());
    ev.force(slot.value(ev))
}

/// The types that it consists of (`nestedTypes`).
fn nested_types<'a>(ev: &Evaluator<'a>, ty: &'a Type<'a>) -> Eval<'a> {
    let of = |names: &[(&str, &'a TypeRef<'a>)]| {
        let entries = names.iter().map(|(name, ty)| ev.attr(name, ty.value()));
        Ok(Value::Attrs(ev.attrs(entries.collect())))
    };
    match ty {
        Type::AttrsOf { element, .. }
        | Type::FunctionTo(element)
        | Type::ListOf { element, .. }
        | Type::NullOr(element)
        | Type::Unique(element) => of(&[("elemType", element)]),
        Type::CoercedTo { from, to, .. } => of(&[("coercedType", from), ("finalType", to)]),
        Type::Either(left, right) => of(&[("left", left), ("right", right)]),
        Type::Checked { base, .. } | Type::Described { base, .. } | Type::Merged { base, .. } => {
            nested_types(ev, base)
        }
        Type::Custom(attrs) => match attrs.get(*names::NESTED_TYPES) {
            Some(nested) => ev.force(nested.value),
            None => ev.unsupported("the types inside of a type"),
        },
        Type::AttrTag(_) | Type::Number | Type::Submodule(_) => {
            ev.unsupported("the types inside of a type")
        }
        Type::Unknown(unknown) => Err(Stop::Unknown(unknown)),
        _ => of(&[]),
    }
}

/// The modules of the submodules in it; null where there are none (`getSubModules`).
pub(crate) fn sub_modules<'a>(ev: &Evaluator<'a>, ty: &Type<'a>) -> Eval<'a> {
    match ty {
        Type::Submodule(submodule) => Ok(ev.open_list(submodule.modules, submodule.rest)),
        Type::DeferredModule(always) => match always {
            Some(modules) => ev.force(modules),
            None => Ok(ev.list(&[])),
        },
        Type::AttrsOf { element: ty, .. }
        | Type::CoercedTo { to: ty, .. }
        | Type::FunctionTo(ty)
        | Type::ListOf { element: ty, .. }
        | Type::NullOr(ty)
        | Type::Unique(ty) => ev.nested(|| sub_modules(ev, ty.get(ev))),
        Type::Checked { base, .. } | Type::Described { base, .. } | Type::Merged { base, .. } => {
            sub_modules(ev, base)
        }
        Type::Custom(attrs) => match attrs.get(*names::GET_SUB_MODULES) {
            Some(modules) => ev.force(modules.value),
            None => ev.unsupported("the modules of a type"),
        },
        Type::Unknown(unknown) => Err(Stop::Unknown(unknown)),
        _ => Ok(Value::Null),
    }
}
