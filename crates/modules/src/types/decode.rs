//! Reads a type from the set that stands for it.

use nixpact_eval::{Attrs, Evaluator, MORE, ON_DEMAND, Reason, Stop, Thunk, Value};
use nixpact_syntax::Symbol;

use super::{Shared, Submodule, Tag, Type, TypeRef};
use crate::class::Class;
use crate::collect::chosen;
use crate::names;

pub(super) fn decode<'a>(ev: &Evaluator<'a>, attrs: &'a Attrs<'a>) -> &'a Type<'a> {
    let Some(payload) = attrs.get(*names::PAYLOAD) else {
        return custom(ev, attrs);
    };
    let base = match ev.force_items(payload.value).map(|items| items.split_first()) {
        Ok(Some((tag, payload))) => match ev.force_str(tag) {
            Ok(tag) => of_name(ev, tag, payload),
            Err(stop) => unknown_type(ev, stop),
        },
        Ok(None) => Type::Custom(attrs),
        Err(stop) => unknown_type(ev, stop),
    };
    // What may have been put over any of its attributes is not known.
    if let Some(rest) = attrs.rest.filter(|rest| rest.reason != ON_DEMAND) {
        return ev.arena.alloc(Type::Unknown(rest));
    }
    let base: &Type<'_> = ev.arena.alloc(base);
    if replaced(ev, attrs, *names::EMPTY_VALUE).is_some() {
        return unsupported_type(ev, "a type whose emptyValue was replaced");
    }
    let base = match replaced(ev, attrs, *names::CHECK) {
        Some(_) if base.checks_while_merging() => {
            return unsupported_type(ev, "a type whose check was replaced");
        }
        Some(check) => ev.arena.alloc(Type::Checked { base, check, alone: true }),
        None => base,
    };
    let base = match attrs.get(*names::DESCRIPTION) {
        Some(description) => {
            ev.arena.alloc(Type::Described { base, description: description.value })
        }
        None => base,
    };
    match replaced(ev, attrs, *names::MERGE) {
        Some(merge) => ev.arena.alloc(Type::Merged { base, merge }),
        None => base,
    }
}

/// The type that `mkOptionType` makes.
fn custom<'a>(ev: &Evaluator<'a>, attrs: &'a Attrs<'a>) -> &'a Type<'a> {
    let is_missing = |name: &Symbol| attrs.get(*name).is_none() && attrs.may_have(*name);
    let decides = [*names::CHECK, *names::MERGE, *names::EMPTY_VALUE];
    ev.arena.alloc(match attrs.rest.filter(|_| decides.iter().any(is_missing)) {
        Some(unknown) => Type::Unknown(unknown),
        None => Type::Custom(attrs),
    })
}

/// What was put over an attribute of the type, as in `types.str // { check = …; }`.
fn replaced<'a>(ev: &Evaluator<'a>, attrs: &'a Attrs<'a>, name: Symbol) -> Option<&'a Thunk<'a>> {
    let value = attrs.get(name)?.value;
    let own = attrs.get(*MORE).and_then(|own| ev.force_attrs(own.value).ok()?.get(name));
    (!own.is_some_and(|own| std::ptr::eq(own.value, value))).then_some(value)
}

fn unsupported_type<'a>(ev: &Evaluator<'a>, what: &'static str) -> &'a Type<'a> {
    let reason = Reason::Unsupported(what);
    ev.arena.alloc(Type::Unknown(ev.unknown_ref(reason, None)))
}

fn of_name<'a>(ev: &Evaluator<'a>, name: &str, payload: &'a [&'a Thunk<'a>]) -> Type<'a> {
    let inner = |at: usize| TypeRef::new(ev, payload[at]);
    let bound = |at: usize| match ev.force(payload[at])? {
        Value::Null => Ok(None),
        Value::Int(bound) => Ok(Some(bound)),
        _ => ev.unsupported("a bound that is no integer"),
    };
    let flag = |at: usize| match ev.force(payload[at])? {
        Value::Null => Ok(None),
        Value::Bool(flag) => Ok(Some(flag)),
        other => ev.type_error(other, "a Boolean"),
    };
    match (name, payload.len()) {
        ("addCheck", 2) => {
            Type::Checked { base: inner(0).get(ev), check: payload[1], alone: false }
        }
        ("anything", _) => Type::Anything,
        ("attrs", _) => Type::Attrs,
        ("attrTag", 1) => match ev.force_closed_attrs(payload[0]) {
            Ok(tags) => Type::AttrTag(tags),
            Err(stop) => unknown_type(ev, stop),
        },
        ("attrsOf" | "lazyAttrsOf", 1) => {
            Type::AttrsOf { element: inner(0), lazy: name == "lazyAttrsOf", placeholder: None }
        }
        ("attrsOf" | "lazyAttrsOf", 2) => match ev.force_str(payload[1]) {
            Ok(placeholder) => Type::AttrsOf {
                element: inner(0),
                lazy: name == "lazyAttrsOf",
                placeholder: Some(placeholder).filter(|it| *it != "name"),
            },
            Err(stop) => unknown_type(ev, stop),
        },
        ("bool", _) => Type::Bool,
        ("boolByOr", _) => Type::BoolByOr,
        ("coercedTo", 3) => Type::CoercedTo { from: inner(0), coerce: payload[1], to: inner(2) },
        ("deferredModule", _) => Type::DeferredModule(payload.first().copied()),
        ("either", 2) => Type::Either(inner(0), inner(1)),
        ("enum", 1) => Type::Enum(payload[0]),
        ("float", _) => Type::Float,
        ("functionTo", 1) => Type::FunctionTo(inner(0)),
        ("int", _) => Type::Int,
        ("luaInline", _) => Type::Tagged(Tag::LuaInline),
        ("listOf", 1) => Type::ListOf { element: inner(0), non_empty: false },
        ("nonEmptyListOf", 1) => Type::ListOf { element: inner(0), non_empty: true },
        ("nonEmptyStr", _) => Type::NonEmptyStr,
        ("nullOr", 1) => Type::NullOr(inner(0)),
        ("number", _) => Type::Number,
        ("package", _) => Type::Package,
        ("optionDeclaration", _) => Type::Tagged(Tag::OptionDeclaration),
        ("optionType", _) => Type::Tagged(Tag::OptionType),
        ("path", 2) => match (flag(0), flag(1)) {
            (Ok(absolute), Ok(in_store)) => Type::Path { absolute, in_store },
            (Err(stop), _) | (_, Err(stop)) => unknown_type(ev, stop),
        },
        ("raw", _) => Type::Raw,
        ("separatedString", 1) => match ev.force_str(payload[0]) {
            Ok(separator) => Type::SeparatedString(separator),
            Err(stop) => unknown_type(ev, stop),
        },
        ("singleLineStr", _) => Type::SingleLineStr,
        ("str", _) => Type::Str,
        ("strMatching", 1) => match ev.force_str(payload[0]) {
            Ok(pattern) => Type::StrMatching(pattern),
            Err(stop) => unknown_type(ev, stop),
        },
        ("submodule", 4) => submodule(ev, payload),
        ("unique", 1) => Type::Unique(inner(0)),
        ("unspecified", _) => Type::Unspecified,
        (name, 2) if int_description(name).is_some() => match (bound(0), bound(1)) {
            (Ok(low), Ok(high)) => {
                let description = int_description(name).unwrap_or_default();
                Type::IntBetween { low, high, description }
            }
            (Err(stop), _) | (_, Err(stop)) => unknown_type(ev, stop),
        },
        _ => Type::Unknown(ev.unknown_ref(Reason::Unsupported("this type"), None)),
    }
}

/// How nixpkgs describes a type of integers; nothing where the bounds are all.
fn int_description(name: &str) -> Option<&'static str> {
    Some(match name {
        "intBetween" => "",
        "positiveInt" => "positive integer, meaning >0",
        "signedInt16" => "16 bit signed integer; between -32768 and 32767 (both inclusive)",
        "signedInt32" => {
            "32 bit signed integer; between -2147483648 and 2147483647 (both inclusive)"
        }
        "signedInt8" => "8 bit signed integer; between -128 and 127 (both inclusive)",
        "unsignedInt" => "unsigned integer, meaning >=0",
        "unsignedInt16" => "16 bit unsigned integer; between 0 and 65535 (both inclusive)",
        "unsignedInt32" => "32 bit unsigned integer; between 0 and 4294967295 (both inclusive)",
        "unsignedInt8" => "8 bit unsigned integer; between 0 and 255 (both inclusive)",
        _ => return None,
    })
}

fn unknown_type<'a>(ev: &Evaluator<'a>, stop: Stop<'a>) -> Type<'a> {
    match stop {
        Stop::Unknown(unknown) => Type::Unknown(unknown),
        Stop::Error(_) => {
            let reason = Reason::Unsupported("a type that does not evaluate");
            Type::Unknown(ev.unknown_ref(reason, None))
        }
    }
}

fn submodule<'a>(ev: &Evaluator<'a>, payload: &'a [&'a Thunk<'a>]) -> Type<'a> {
    // `submodule` takes one module or a list of them.
    let (modules, rest): (&[&Thunk<'_>], _) = match ev.force(payload[0]) {
        Ok(Value::List(list)) => (list.items, list.rest),
        Err(Stop::Unknown(unknown)) => (&[], Some(unknown)),
        _ => (ev.arena.alloc_slice_copy(&payload[..1]), None),
    };
    let shorthand_only = match ev.force(payload[2]) {
        Ok(value) => matches!(value, Value::Bool(true)),
        Err(stop) => return unknown_type(ev, stop),
    };
    let special_args = match ev.force(payload[1]) {
        Ok(Value::Null) => None,
        _ => Some(payload[1]),
    };
    let shared = ev.arena.alloc(Shared::default());
    Type::Submodule(Submodule {
        modules,
        special_args,
        shorthand_only,
        class: Class::of(ev, Some(payload[3])),
        rest: rest.map(|rest| chosen(ev, rest, payload[0])),
        is_imported: false,
        shared,
    })
}
