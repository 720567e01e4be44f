//! Types that say little of their values: `anything`, `unspecified`, functions and modules.

use nixpact_eval::{Args, Builtin, ErrorKind, Eval, Evaluator, Reason, Stop, Thunk, Value};
use nixpact_syntax::Symbol;

use crate::check::is_string_like;
use crate::declare::import_modules;
use crate::merge::{equal, one};
use crate::names;
use crate::path::Path;
use crate::property::{Definition, RawDefinition};
use crate::slot::Slot;
use crate::types::{MAX_DEPTH, Type, TypeRef, type_value};

/// `types.anything`: sets merge, and what functions give; everything else must be equal.
pub(crate) fn anything<'a>(
    ev: &Evaluator<'a>,
    slot: &'a Slot<'a>,
    definitions: &[Definition<'a>],
) -> Eval<'a> {
    let mut kind = None;
    for definition in definitions {
        let own = kind_of(ev, ev.force(definition.value)?)?;
        if *kind.get_or_insert(own) != own {
            let message = format!("the option '{}' has conflicting option types", slot.path);
            return ev.error(ErrorKind::Throw, message);
        }
    }
    match kind {
        Some("a set") => {
            let raw: Vec<_> = definitions.iter().map(RawDefinition::plain).collect();
            let element = TypeRef::known(ev, ev.arena.alloc(Type::Anything));
            let ty = ev.arena.alloc(Type::AttrsOf { element, lazy: false, placeholder: None });
            let raw = ev.arena.alloc_slice_copy(&raw);
            ev.force(Slot::new(ev, slot.path, TypeRef::known(ev, ty), raw, None, None).value(ev))
        }
        Some("a set that stands for a string") => one(ev, slot, definitions),
        Some("a function") => {
            let ty = TypeRef::new(ev, ev.value(type_value(ev, "anything", &[])));
            Ok(calls(ev, slot.path, ty, definitions))
        }
        _ => equal(ev, slot, definitions),
    }
}

fn kind_of<'a>(ev: &Evaluator<'a>, value: Value<'a>) -> Eval<'a, &'static str> {
    match value {
        Value::Attrs(attrs) if is_string_like(attrs) => Ok("a set that stands for a string"),
        Value::Attrs(attrs) => match attrs.rest {
            // It may have an `outPath`; its members would be merged all the same.
            Some(_) if attrs.is_empty() => ev.unsupported("merging sets that are not known"),
            _ => Ok("a set"),
        },
        other => Ok(other.type_name()),
    }
}

/// `mergeDefaultOption`, for options without a type.
pub(crate) fn unspecified<'a>(
    ev: &Evaluator<'a>,
    path: &'a Path<'a>,
    values: &[&'a Thunk<'a>],
) -> Eval<'a> {
    if let [only] = values {
        return ev.force(only);
    }
    let mut forced = Vec::with_capacity(values.len());
    for value in values {
        forced.push(ev.force(value)?);
    }
    let all = |is: &dyn Fn(&Value<'a>) -> bool| forced.iter().all(is);
    let functor = Symbol::new("__functor");
    let is_function = |value: &Value<'a>| {
        value.is_function() || matches!(value, Value::Attrs(a) if a.get(functor).is_some())
    };
    let list = ev.value(ev.list(values));
    let library = |function: &str, arguments: &[&'a Thunk<'a>]| ev.builtin(function, arguments);
    if all(&is_function) {
        return Ok(ev.partial(&CALL_UNSPECIFIED, &[list]));
    }
    if all(&|value| matches!(value, Value::List(_))) {
        return library("concatLists", &[list]);
    }
    if all(&|value| matches!(value, Value::Attrs(_))) {
        let merged = forced.iter().fold(ev.attrs(Vec::new()), |merged, value| match value {
            Value::Attrs(attrs) => ev.update_attrs(merged, attrs),
            _ => merged,
        });
        return Ok(Value::Attrs(merged));
    }
    if all(&|value| matches!(value, Value::Bool(_))) {
        return Ok(Value::Bool(forced.iter().any(|value| matches!(value, Value::Bool(true)))));
    }
    if all(&|value| matches!(value, Value::Str(_) | Value::Template(_))) {
        return library("concatStringsSep", &[ev.value(Value::Str("")), list]);
    }
    match forced[..] {
        [first @ Value::Int(number), ..]
            if all(&|value| matches!(value, Value::Int(other) if *other == number)) =>
        {
            Ok(first)
        }
        _ => {
            let message = format!("cannot merge definitions of '{path}'");
            ev.error(ErrorKind::Throw, message)
        }
    }
}

/// nixpkgs takes what the functions give for definitions, which most often is an error.
static CALL_UNSPECIFIED: Builtin = Builtin {
    name: "a merged function",
    arity: 2,
    run: |ev, _| ev.unsupported("calling merged functions of an option without a type"),
};

/// `types.functionTo`: a set that can be called.
pub(crate) fn function_to<'a>(
    ev: &Evaluator<'a>,
    path: &'a Path<'a>,
    result: &'a TypeRef<'a>,
    definitions: &[Definition<'a>],
) -> Value<'a> {
    let function = ev.value(calls(ev, path, result, definitions));
    let arguments = ev.unknown(Reason::Unsupported("the arguments of a merged function"), None);
    let attrs = vec![
        ev.attr("__functionArgs", ev.stopped(arguments)),
        ev.attr("__functor", ev.value(ev.partial(&CONSTANT, &[function]))),
    ];
    Value::Attrs(ev.attrs(attrs))
}

static CONSTANT: Builtin =
    Builtin { name: "a constant", arity: 2, run: |ev, args| ev.force(args[0]) };

/// A function that calls all of them and merges what they give by a type.
fn calls<'a>(
    ev: &Evaluator<'a>,
    path: &'a Path<'a>,
    ty: &TypeRef<'a>,
    definitions: &[Definition<'a>],
) -> Value<'a> {
    let functions: Vec<_> = definitions.iter().map(|definition| definition.value).collect();
    let names = path.segments();
    let names: Vec<_> = names.iter().map(|name| ev.value(Value::Str(name.as_str()))).collect();
    let more = match ty.more() {
        Some(unknown) => ev.stopped(Stop::Unknown(unknown)),
        None => ev.value(Value::Null),
    };
    let (names, functions) = (ev.value(ev.list(&names)), ev.value(ev.list(&functions)));
    ev.partial(&CALL, &[names, ty.value(), more, functions])
}

/// The path, the type, why modules from outside may add to it, the functions, and the argument.
static CALL: Builtin = Builtin { name: "a merged function", arity: 5, run: call };

fn call<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let mut path = Path::root(ev);
    for name in ev.force_items(args[0])? {
        path = path.child(ev, Symbol::new(ev.force_str(name)?));
    }
    let path = path.child(ev, Symbol::new("<function body>"));
    let is_anything = matches!(ev.force(args[1]), Ok(Value::Attrs(attrs))
    if attrs.get(*names::NAME).is_some_and(|name| {
        matches!(ev.force(name.value), Ok(Value::Str("anything")))
    }));
    let functions = ev.force_items(args[3])?;
    let raw: Vec<_> = functions
        .iter()
        .map(|function| RawDefinition {
            // `anything` merges what the functions give as it is, `functionTo` as definitions.
            is_plain: is_anything,
            ..RawDefinition::new(ev.apply(function, &[args[4]]), None)
        })
        .collect();
    let raw = ev.arena.alloc_slice_copy(&raw);
    let ty = TypeRef::new(ev, args[1]);
    // Submodules are those of an option, also where it gives them for an argument.
    let ty = if is_anything { ty } else { import_modules(ev, ty, MAX_DEPTH) };
    let ty = match ev.force(args[2]) {
        Err(Stop::Unknown(more)) => ty.open(ev, more),
        _ => ty,
    };
    ev.force(Slot::new(ev, path, ty, raw, None, None).value(ev))
}

/// `types.deferredModule`: a module that imports those that the type always has, and the definitions.
pub(crate) fn deferred_module<'a>(
    ev: &Evaluator<'a>,
    always: Option<&'a Thunk<'a>>,
    definitions: &[Definition<'a>],
) -> Eval<'a> {
    let always = always.map(|modules| ev.force_list(modules)).transpose()?;
    let mut imports = always.map_or_else(Vec::new, |modules| modules.items.to_vec());
    imports.extend(definitions.iter().map(|definition| {
        let file = ev.unknown(Reason::Unsupported("a module's file"), None);
        let attrs = vec![
            ev.attr("_file", ev.stopped(file)),
            ev.attr("imports", ev.value(ev.list(&[definition.value]))),
        ];
        ev.value(Value::Attrs(ev.attrs(attrs)))
    }));
    let imports = ev.open_list(&imports, always.and_then(|modules| modules.rest));
    Ok(Value::Attrs(ev.attrs(vec![ev.attr("imports", ev.value(imports))])))
}
