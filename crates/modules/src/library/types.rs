//! `lib.types`.

use std::cell::OnceCell;

use nixpact_eval::{Args, Builtin, ErrorKind, Eval, Evaluator, Reason, Stop, Thunk, Value};
use nixpact_syntax::Symbol;

use super::{entry, numbers};
use crate::names;
use crate::types::{TypeRef, own_defaults, type_value};

macro_rules! simple {
    ($name:literal) => {
        simple!($name, $name)
    };
    ($lib:literal, $name:literal) => {
        Builtin { name: $lib, arity: 0, run: |ev, args| Ok(type_value(ev, $name, args)) }
    };
}

macro_rules! with_payload {
    ($name:literal, $arity:literal) => {
        Builtin { name: $name, arity: $arity, run: |ev, args| Ok(type_value(ev, $name, args)) }
    };
    // The first argument is evaluated at once.
    ($name:literal, $arity:literal, forced) => {
        Builtin {
            name: $name,
            arity: $arity,
            run: |ev, args| {
                ev.force_attrs(args[0])?;
                Ok(type_value(ev, $name, args))
            },
        }
    };
}

pub(super) const FUNCTIONS: &[Builtin] = &[
    with_payload!("addCheck", 2, forced),
    simple!("anything"),
    simple!("attrs"),
    with_payload!("attrTag", 1, forced),
    with_payload!("attrsOf", 1),
    Builtin { name: "attrsWith", arity: 1, run: attrs_with },
    simple!("bool"),
    simple!("boolByOr"),
    Builtin { name: "coercedTo", arity: 3, run: coerced_to },
    Builtin { name: "commas", arity: 0, run: |ev, _| separated(ev, ",") },
    simple!("deferredModule"),
    Builtin { name: "deferredModuleWith", arity: 1, run: deferred_module_with },
    with_payload!("either", 2),
    with_payload!("enum", 1),
    Builtin { name: "envVar", arity: 0, run: |ev, _| separated(ev, ":") },
    Builtin {
        name: "externalPath",
        arity: 0,
        run: |ev, _| Ok(path_value(ev, [Value::Bool(true), Value::Bool(false)])),
    },
    simple!("float"),
    with_payload!("functionTo", 1),
    simple!("int"),
    Builtin { name: "ints", arity: 0, run: numbers::ints },
    Builtin { name: "json", arity: 0, run: |ev, _| Ok(serializable(ev, "JSON value", true)) },
    with_payload!("lazyAttrsOf", 1),
    Builtin { name: "lines", arity: 0, run: |ev, _| separated(ev, "\n") },
    with_payload!("listOf", 1),
    Builtin { name: "loaOf", arity: 1, run: |ev, args| Ok(type_value(ev, "attrsOf", args)) },
    simple!("luaInline"),
    with_payload!("nonEmptyListOf", 1),
    simple!("nonEmptyStr"),
    with_payload!("nullOr", 1),
    simple!("number"),
    Builtin { name: "numbers", arity: 0, run: numbers::numbers },
    Builtin { name: "oneOf", arity: 1, run: |ev, args| one_of(ev, ev.force_items(args[0])?) },
    simple!("optionDeclaration"),
    simple!("optionType"),
    simple!("package"),
    Builtin { name: "passwdEntry", arity: 1, run: passwd_entry },
    Builtin {
        name: "path",
        arity: 0,
        run: |ev, _| Ok(path_value(ev, [Value::Bool(true), Value::Null])),
    },
    Builtin {
        name: "pathInStore",
        arity: 0,
        run: |ev, _| Ok(path_value(ev, [Value::Null, Value::Bool(true)])),
    },
    Builtin { name: "pathWith", arity: 1, run: path_with },
    Builtin { name: "pkgs", arity: 0, run: package_set },
    Builtin { name: "port", arity: 0, run: |ev, _| Ok(numbers::port(ev)) },
    simple!("raw"),
    with_payload!("separatedString", 1),
    Builtin { name: "serializableValueWith", arity: 1, run: serializable_with },
    Builtin { name: "shellPackage", arity: 0, run: shell_package },
    simple!("singleLineStr"),
    simple!("str"),
    with_payload!("strMatching", 1),
    simple!("string", "str"),
    Builtin { name: "submodule", arity: 1, run: |ev, args| Ok(submodule_of(ev, args[0])) },
    Builtin { name: "submoduleWith", arity: 1, run: submodule_with },
    Builtin { name: "toml", arity: 0, run: |ev, _| Ok(serializable(ev, "TOML value", false)) },
    Builtin {
        name: "types",
        arity: 0,
        run: |ev, _| match ev.select(ev.lib(), Symbol::new("types"))? {
            Some(types) => ev.force(types),
            None => ev.unsupported("lib.types"),
        },
    },
    Builtin { name: "uniq", arity: 1, run: |ev, args| Ok(type_value(ev, "unique", args)) },
    Builtin { name: "unique", arity: 2, run: |ev, args| Ok(type_value(ev, "unique", &args[1..])) },
    simple!("unspecified"),
];

/// Those that `lib` itself has as well.
pub(super) const TOP_LEVEL: &[Builtin] = &[
    Builtin {
        name: "isOptionType",
        arity: 1,
        run: |ev, args| is_tagged(ev, "option-type", args[0]),
    },
    Builtin {
        name: "isType",
        arity: 2,
        run: |ev, args| {
            let tag = ev.force(args[0])?;
            let own = tag_of(ev, args[1])?;
            ev.equal(own, tag).map(Value::Bool)
        },
    },
    Builtin { name: "mkOptionType", arity: 1, run: mk_option_type },
    Builtin {
        name: "setType",
        arity: 2,
        run: |ev, args| {
            let tag = ev.attrs(vec![entry(*names::TYPE_TAG, args[0])]);
            Ok(Value::Attrs(ev.update_attrs(ev.force_attrs(args[1])?, tag)))
        },
    },
];

/// `value._type or ""`
fn tag_of<'a>(ev: &Evaluator<'a>, value: &'a Thunk<'a>) -> Eval<'a> {
    let tag = match ev.force(value)? {
        set @ Value::Attrs(_) => ev.select(set, *names::TYPE_TAG)?,
        _ => None,
    };
    tag.map_or(Ok(Value::Str("")), |tag| ev.force(tag))
}

pub(super) fn is_tagged<'a>(
    ev: &Evaluator<'a>,
    tag: &'static str,
    value: &'a Thunk<'a>,
) -> Eval<'a> {
    let own = tag_of(ev, value)?;
    ev.equal(own, Value::Str(tag)).map(Value::Bool)
}

/// `lib.mkOptionType`, which gives what the caller leaves out.
fn mk_option_type<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let given = ev.force_attrs(args[0])?;
    if given.rest.is_none() && given.get(*names::NAME).is_none() {
        let message = "function 'mkOptionType' called without required argument 'name'";
        return ev.error(ErrorKind::Type, message);
    }
    let tag = entry(*names::TYPE_TAG, ev.value(Value::Str("option-type")));
    let mut entries = given.unordered().to_vec();
    if let (description, None, Some(name)) =
        (given.get(*names::DESCRIPTION), given.rest, given.get(*names::NAME))
    {
        let name = name.value;
        let value = description.map_or(name, |description| {
            let description = description.value;
            ev.lazy(move |ev| match ev.force(description)? {
                Value::Null => ev.force(name),
                given => Ok(given),
            })
        });
        entries.retain(|entry| entry.name != *names::DESCRIPTION);
        entries.push(entry(*names::DESCRIPTION, value));
    }
    entries.push(tag);
    if given.rest.is_none() {
        entries.extend(own_defaults(ev).into_iter().filter(|own| given.get(own.name).is_none()));
    }
    Ok(Value::Attrs(ev.open_attrs(entries, given.rest)))
}

fn separated<'a>(ev: &Evaluator<'a>, separator: &'static str) -> Eval<'a> {
    Ok(type_value(ev, "separatedString", &[ev.value(Value::Str(separator))]))
}

fn coerced_to<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    // A type that is not known is none of submodules.
    match ev.force(args[0]) {
        Err(error @ Stop::Error(_)) => Err(error),
        _ if TypeRef::new(ev, args[0]).get(ev).has_submodules(ev)? => {
            ev.error(ErrorKind::Throw, "coercedTo: coercedType must not have submodules")
        }
        _ => Ok(type_value(ev, "coercedTo", args)),
    }
}

/// `foldl' either`
pub(super) fn one_of<'a>(ev: &Evaluator<'a>, types: &[&'a Thunk<'a>]) -> Eval<'a> {
    let Some((first, others)) = types.split_first() else {
        return ev
            .error(ErrorKind::Throw, "types.oneOf needs to get at least one type in its argument");
    };
    let merged = others
        .iter()
        .fold(*first, |merged, other| ev.value(type_value(ev, "either", &[merged, *other])));
    ev.force(merged)
}

/// The attributes of a function's argument, all of which must be known by name.
fn settings<'a, const N: usize>(
    ev: &Evaluator<'a>,
    argument: &'a Thunk<'a>,
    known: [&str; N],
) -> Eval<'a, [Option<&'a Thunk<'a>>; N]> {
    let attrs = ev.force_closed_attrs(argument)?;
    match attrs.sorted().iter().find(|attr| !known.contains(&attr.name.as_str())) {
        Some(other) => ev.error(
            ErrorKind::Type,
            format!("function called with unexpected argument '{}'", other.name),
        ),
        None => Ok(known.map(|name| attrs.get(Symbol::new(name)).map(|attr| attr.value))),
    }
}

fn required<'a>(
    ev: &Evaluator<'a>,
    argument: Option<&'a Thunk<'a>>,
    name: &str,
) -> Eval<'a, &'a Thunk<'a>> {
    match argument {
        Some(argument) => Ok(argument),
        None => {
            let message = format!("function called without required argument '{name}'");
            ev.error(ErrorKind::Type, message)
        }
    }
}

fn attrs_with<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let [element, lazy, placeholder] = settings(ev, args[0], ["elemType", "lazy", "placeholder"])?;
    let element = required(ev, element, "elemType")?;
    let is_lazy = lazy.map_or(Ok(false), |lazy| ev.force_bool(lazy))?;
    let payload: Vec<_> = [element].into_iter().chain(placeholder).collect();
    Ok(type_value(ev, if is_lazy { "lazyAttrsOf" } else { "attrsOf" }, &payload))
}

fn deferred_module_with<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let [modules] = settings(ev, args[0], ["staticModules"])?;
    Ok(type_value(ev, "deferredModule", modules.as_slice()))
}

/// Whether it is absolute, and whether it is in the store; null where either will do.
fn path_value<'a>(ev: &Evaluator<'a>, [absolute, in_store]: [Value<'a>; 2]) -> Value<'a> {
    type_value(ev, "path", &[ev.value(absolute), ev.value(in_store)])
}

fn path_with<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let [absolute, in_store] = settings(ev, args[0], ["absolute", "inStore"])?;
    let of = |argument: Option<&'a Thunk<'a>>| argument.map_or(Ok(Value::Null), |a| ev.force(a));
    let (absolute, in_store) = (of(absolute)?, of(in_store)?);
    match (absolute, in_store) {
        (Value::Bool(false), Value::Bool(true)) => {
            ev.error(ErrorKind::Throw, "In pathWith, inStore means the path must be absolute")
        }
        _ => Ok(path_value(ev, [absolute, in_store])),
    }
}

/// A type with a check of nixpkgs' own, and how nixpkgs describes it.
pub(super) fn checked<'a>(
    ev: &Evaluator<'a>,
    base: Value<'a>,
    check: Value<'a>,
    description: &'a str,
) -> Value<'a> {
    let checked = type_value(ev, "addCheck", &[ev.value(base), ev.value(check)]);
    described(ev, checked, description)
}

/// `type // { description = …; }`
pub(super) fn described<'a>(ev: &Evaluator<'a>, ty: Value<'a>, description: &'a str) -> Value<'a> {
    let Value::Attrs(attrs) = ty else { return ty };
    let description = entry(*names::DESCRIPTION, ev.value(Value::Str(description)));
    Value::Attrs(ev.update_attrs(attrs, ev.attrs(vec![description])))
}

fn passwd_entry<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    static CHECK: Builtin = Builtin {
        name: "passwdEntry",
        arity: 1,
        run: |ev, args| {
            let text = ev.force_str(args[0])?;
            Ok(Value::Bool(!text.contains([':', '\n'])))
        },
    };
    let base = ev.force(args[0])?;
    let element = TypeRef::new(ev, args[0]).get(ev).describe(ev);
    let description = ev.arena.alloc_str(&format!("{element}, not containing newlines or colons"));
    Ok(checked(ev, base, ev.partial(&CHECK, &[]), description))
}

fn package_set<'a>(ev: &Evaluator<'a>, _: Args<'a>) -> Eval<'a> {
    static CHECK: Builtin =
        Builtin { name: "types.pkgs", arity: 1, run: |ev, args| is_tagged(ev, "pkgs", args[0]) };
    let attrs = ev.value(type_value(ev, "attrs", &[]));
    let unique = type_value(ev, "unique", &[attrs]);
    Ok(checked(ev, unique, ev.partial(&CHECK, &[]), "Nixpkgs package set"))
}

fn shell_package<'a>(ev: &Evaluator<'a>, _: Args<'a>) -> Eval<'a> {
    static CHECK: Builtin = Builtin {
        name: "types.shellPackage",
        arity: 1,
        run: |ev, args| match ev.force(args[0])? {
            set @ Value::Attrs(_) => {
                Ok(Value::Bool(ev.select(set, Symbol::new("shellPath"))?.is_some()))
            }
            _ => Ok(Value::Bool(false)),
        },
    };
    let package = type_value(ev, "package", &[]);
    Ok(checked(ev, package, ev.partial(&CHECK, &[]), "package"))
}

/// A value of a format such as JSON: scalars, and sets and lists of such values.
pub(super) fn serializable<'a>(
    ev: &Evaluator<'a>,
    description: &'a str,
    nullable: bool,
) -> Value<'a> {
    let simple = |name| ev.value(type_value(ev, name, &[]));
    // The type refers to itself.
    let own: &OnceCell<Value<'a>> = ev.arena.alloc(OnceCell::new());
    let itself = ev.lazy(move |ev| match own.get() {
        Some(value) => Ok(*value),
        None => Err(ev.unknown(Reason::Recursion, None)),
    });
    let path = ev.value(path_value(ev, [Value::Bool(true), Value::Null]));
    let attrs = ev.value(type_value(ev, "attrsOf", &[itself]));
    let list = ev.value(type_value(ev, "listOf", &[itself]));
    let scalars = [simple("bool"), simple("int"), simple("float"), simple("str"), path];
    let either = |left, right| ev.value(type_value(ev, "either", &[left, right]));
    let all = scalars.into_iter().chain([attrs, list]).reduce(either).unwrap_or(list);
    let value = match nullable {
        true => type_value(ev, "nullOr", &[all]),
        false => ev.force(all).unwrap_or(Value::Null),
    };
    let value = described(ev, value, description);
    let _ = own.set(value);
    value
}

fn serializable_with<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let [name, nullable] = settings(ev, args[0], ["typeName", "nullable"])?;
    let name = ev.force_str(required(ev, name, "typeName")?)?;
    let nullable = nullable.map_or(Ok(true), |nullable| ev.force_bool(nullable))?;
    Ok(serializable(ev, ev.arena.alloc_str(&format!("{name} value")), nullable))
}

/// `types.submodule`: one module, or a list of them.
pub(super) fn submodule_of<'a>(ev: &Evaluator<'a>, modules: &'a Thunk<'a>) -> Value<'a> {
    let null = ev.value(Value::Null);
    type_value(ev, "submodule", &[modules, null, ev.value(Value::Bool(true)), null])
}

fn submodule_with<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let names = ["modules", "specialArgs", "shorthandOnlyDefinesConfig", "description", "class"];
    let [modules, special, shorthand, description, class] = settings(ev, args[0], names)?;
    let modules = required(ev, modules, "modules")?;
    let or_null =
        |argument: Option<&'a Thunk<'a>>| argument.unwrap_or_else(|| ev.value(Value::Null));
    let payload = [modules, or_null(special), or_null(shorthand), or_null(class)];
    let ty = type_value(ev, "submodule", &payload);
    match description.map(|description| ev.force(description)) {
        Some(Ok(Value::Str(text))) => Ok(described(ev, ty, text)),
        _ => Ok(ty),
    }
}
