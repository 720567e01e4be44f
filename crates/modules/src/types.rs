//! Option types, read from the values that `lib.types` makes.

use std::cell::OnceCell;

use nixpact_eval::{Attrs, Evaluator, Stop, Thunk, Unknown, Value};
use nixpact_syntax::Symbol;

use crate::names;
use crate::template::Template;

/// A type that is looked at when it is needed: types may refer to themselves.
pub struct TypeRef<'a> {
    thunk: &'a Thunk<'a>,
    decoded: OnceCell<&'a Type<'a>>,
}

/// A type of `lib.types`.
pub enum Type<'a> {
    Anything,
    Attrs,
    /// `attrsOf`, `lazyAttrsOf`
    AttrsOf {
        element: &'a TypeRef<'a>,
        lazy: bool,
    },
    Bool,
    BoolByOr,
    CoercedTo {
        from: &'a TypeRef<'a>,
        coerce: &'a Thunk<'a>,
        to: &'a TypeRef<'a>,
    },
    DeferredModule,
    Either(&'a TypeRef<'a>, &'a TypeRef<'a>),
    Enum(&'a Thunk<'a>),
    Float,
    FunctionTo,
    Int,
    /// An integer within bounds, both inclusive; the name is `port`-like only in its description.
    IntBetween {
        low: Option<i64>,
        high: Option<i64>,
        description: &'static str,
    },
    ListOf {
        element: &'a TypeRef<'a>,
        non_empty: bool,
    },
    NonEmptyStr,
    NullOr(&'a TypeRef<'a>),
    Number,
    Package,
    Path,
    Raw,
    SeparatedString(&'a str),
    SingleLineStr,
    Str,
    StrMatching(&'a str),
    Submodule(Submodule<'a>),
    /// `uniq`, `unique`
    Unique(&'a TypeRef<'a>),
    Unspecified,
    /// `addCheck`, or a type whose `check` was replaced.
    Checked {
        base: &'a Type<'a>,
        check: &'a Thunk<'a>,
    },
    /// `mkOptionType { … }`, or a type whose `merge` was replaced.
    Custom(&'a Attrs<'a>),
    Unknown(&'a Unknown<'a>),
}

#[derive(Clone, Copy)]
pub struct Submodule<'a> {
    pub modules: &'a [&'a Thunk<'a>],
    pub special_args: Option<&'a Thunk<'a>>,
    /// Sets are taken for configuration, even when they have an attribute `config` or `options`.
    pub shorthand_only: bool,
    /// Modules that are not known.
    pub rest: Option<&'a Unknown<'a>>,
    pub(crate) template: &'a OnceCell<Option<&'a Template<'a>>>,
}

impl<'a> TypeRef<'a> {
    pub fn new(ev: &Evaluator<'a>, thunk: &'a Thunk<'a>) -> &'a TypeRef<'a> {
        ev.arena.alloc(TypeRef { thunk, decoded: OnceCell::new() })
    }

    pub(crate) fn known(ev: &Evaluator<'a>, ty: &'a Type<'a>) -> &'a TypeRef<'a> {
        let decoded = OnceCell::from(ty);
        ev.arena.alloc(TypeRef { thunk: ev.value(Value::Null), decoded })
    }

    pub fn get(&self, ev: &Evaluator<'a>) -> &'a Type<'a> {
        if let Some(known) = self.decoded.get() {
            return known;
        }
        let decoded: &Type<'_> = match ev.force(self.thunk) {
            Ok(Value::Attrs(attrs)) => decode(ev, attrs),
            Ok(_) | Err(Stop::Error(_)) => {
                // Not a type: what it holds cannot be said.
                let reason = nixpact_eval::Reason::Unsupported("an option's type that is no type");
                ev.arena.alloc(Type::Unknown(ev.unknown_ref(reason, None)))
            }
            Err(Stop::Unknown(unknown)) => ev.arena.alloc(Type::Unknown(unknown)),
        };
        let _ = self.decoded.set(decoded);
        decoded
    }
}

fn decode<'a>(ev: &Evaluator<'a>, attrs: &'a Attrs<'a>) -> &'a Type<'a> {
    let Some(payload) = attrs.get(*names::PAYLOAD) else {
        return ev.arena.alloc(Type::Custom(attrs));
    };
    if attrs.get(*names::MERGE).is_some() {
        return ev.arena.alloc(Type::Custom(attrs));
    }
    let base = match (
        attrs.get(*names::NAME).map(|name| ev.force(name.value)),
        ev.force_items(payload.value),
    ) {
        (Some(Ok(Value::Str(name))), Ok(payload)) => of_name(ev, name, payload),
        (_, Err(Stop::Unknown(unknown))) | (Some(Err(Stop::Unknown(unknown))), _) => {
            Type::Unknown(unknown)
        }
        _ => Type::Custom(attrs),
    };
    let base: &Type<'_> = ev.arena.alloc(base);
    match attrs.get(*names::CHECK) {
        // The built-in checks are not attributes of the set.
        Some(check) => ev.arena.alloc(Type::Checked { base, check: check.value }),
        None => base,
    }
}

fn of_name<'a>(ev: &Evaluator<'a>, name: &str, payload: &'a [&'a Thunk<'a>]) -> Type<'a> {
    let inner = |at: usize| TypeRef::new(ev, payload[at]);
    let bound = |at: usize| match ev.force(payload[at]) {
        Ok(Value::Int(bound)) => Some(bound),
        _ => None,
    };
    let between = |description| Type::IntBetween { low: bound(0), high: bound(1), description };
    match (name, payload.len()) {
        ("anything", _) => Type::Anything,
        ("attrs", _) => Type::Attrs,
        ("attrsOf", 1) => Type::AttrsOf { element: inner(0), lazy: false },
        ("lazyAttrsOf", 1) => Type::AttrsOf { element: inner(0), lazy: true },
        ("bool", _) => Type::Bool,
        ("boolByOr", _) => Type::BoolByOr,
        ("coercedTo", 3) => Type::CoercedTo { from: inner(0), coerce: payload[1], to: inner(2) },
        ("deferredModule", _) => Type::DeferredModule,
        ("either", 2) => Type::Either(inner(0), inner(1)),
        ("enum", 1) => Type::Enum(payload[0]),
        ("float", _) => Type::Float,
        ("functionTo", _) => Type::FunctionTo,
        ("int", _) => Type::Int,
        ("intBetween", 2) => between(""),
        ("unsignedInt", 2) => between("unsigned integer, meaning >=0"),
        ("positiveInt", 2) => between("positive integer, meaning >0"),
        ("unsignedInt16", 2) => {
            between("16 bit unsigned integer; between 0 and 65535 (both inclusive)")
        }
        ("listOf", 1) => Type::ListOf { element: inner(0), non_empty: false },
        ("nonEmptyListOf", 1) => Type::ListOf { element: inner(0), non_empty: true },
        ("nonEmptyStr", _) => Type::NonEmptyStr,
        ("nullOr", 1) => Type::NullOr(inner(0)),
        ("number", _) => Type::Number,
        ("package", _) => Type::Package,
        ("path", _) => Type::Path,
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
        ("submodule", 3) => submodule(ev, payload),
        ("unique", 1) => Type::Unique(inner(0)),
        ("unspecified", _) => Type::Unspecified,
        _ => Type::Unknown(ev.unknown_ref(nixpact_eval::Reason::Unsupported("this type"), None)),
    }
}

fn unknown_type<'a>(ev: &Evaluator<'a>, stop: Stop<'a>) -> Type<'a> {
    match stop {
        Stop::Unknown(unknown) => Type::Unknown(unknown),
        Stop::Error(_) => {
            let reason = nixpact_eval::Reason::Unsupported("a type that does not evaluate");
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
    let shorthand_only = matches!(ev.force(payload[2]), Ok(Value::Bool(true)));
    let special_args = match ev.force(payload[1]) {
        Ok(Value::Null) => None,
        _ => Some(payload[1]),
    };
    let template = ev.arena.alloc(OnceCell::new());
    Type::Submodule(Submodule { modules, special_args, shorthand_only, rest, template })
}

impl<'a> Type<'a> {
    /// The type as nixpkgs describes it in error messages.
    pub fn describe(&self, ev: &Evaluator<'a>) -> String {
        match self {
            Type::Anything => "anything".to_owned(),
            Type::Attrs => "attribute set".to_owned(),
            Type::AttrsOf { element, .. } => {
                format!("attribute set of {}", element.get(ev).noun(ev))
            }
            Type::Bool | Type::BoolByOr => "boolean".to_owned(),
            Type::CoercedTo { from, to, .. } => {
                format!("{} or {} convertible to it", to.get(ev).noun(ev), from.get(ev).noun(ev))
            }
            Type::DeferredModule => "module".to_owned(),
            Type::Either(left, right) => {
                format!("{} or {}", left.get(ev).noun(ev), right.get(ev).describe(ev))
            }
            Type::Enum(_) => match &self.members(ev)[..] {
                [] => "impossible (empty enum)".to_owned(),
                [one] => format!("value {one} (singular enum)"),
                members => format!("one of {}", members.join(", ")),
            },
            Type::Float => "floating point number".to_owned(),
            Type::FunctionTo => "function".to_owned(),
            Type::Int => "signed integer".to_owned(),
            Type::IntBetween { low, high, description: "" } => {
                let bound = |bound: &Option<i64>| bound.map_or("?".to_owned(), |b| b.to_string());
                format!("integer between {} and {} (both inclusive)", bound(low), bound(high))
            }
            Type::IntBetween { description, .. } => (*description).to_owned(),
            Type::ListOf { element, non_empty } => {
                let list = format!("list of {}", element.get(ev).noun(ev));
                if *non_empty { format!("non-empty ({list})") } else { list }
            }
            Type::NonEmptyStr => "non-empty string".to_owned(),
            Type::NullOr(element) => format!("null or {}", element.get(ev).describe(ev)),
            Type::Number => "signed integer or floating point number".to_owned(),
            Type::Package => "package".to_owned(),
            Type::Path => "absolute path".to_owned(),
            Type::Raw => "raw value".to_owned(),
            Type::SeparatedString("\n") => "strings concatenated with \"\\n\"".to_owned(),
            Type::SeparatedString(separator) => format!("strings concatenated with {separator:?}"),
            Type::SingleLineStr => "(optionally newline-terminated) single-line string".to_owned(),
            Type::Str => "string".to_owned(),
            Type::StrMatching(pattern) => format!("string matching the pattern {pattern}"),
            Type::Submodule(_) => "submodule".to_owned(),
            Type::Unique(inner) => inner.get(ev).describe(ev),
            Type::Unspecified => "unspecified value".to_owned(),
            Type::Checked { base, .. } => base.describe(ev),
            Type::Custom(attrs) => attrs
                .get(*names::DESCRIPTION)
                .or_else(|| attrs.get(*names::NAME))
                .and_then(|text| ev.force_str(text.value).ok())
                .unwrap_or("value of a type of the repository's own")
                .to_owned(),
            Type::Unknown(_) => "value of a type that is not known".to_owned(),
        }
    }

    /// The description in parentheses where it would read wrongly behind "of".
    fn noun(&self, ev: &Evaluator<'a>) -> String {
        let composite = matches!(
            self,
            Type::Either(..)
                | Type::NullOr(_)
                | Type::CoercedTo { .. }
                | Type::IntBetween { .. }
                | Type::Number
        ) || matches!(self, Type::Enum(_) if self.members(ev).len() > 1);
        let text = self.describe(ev);
        if composite { format!("({text})") } else { text }
    }

    /// The members of an enum, as Nix writes them.
    pub fn members(&self, ev: &Evaluator<'a>) -> Vec<String> {
        let Type::Enum(values) = self.unchecked() else { return Vec::new() };
        let Ok(items) = ev.force_items(values) else { return Vec::new() };
        items.iter().filter_map(|item| nixpact_eval::print(ev, item).ok()).collect()
    }

    /// The type below `addCheck`.
    pub fn unchecked(&self) -> &Type<'a> {
        match self {
            Type::Checked { base, .. } => base.unchecked(),
            other => other,
        }
    }

    /// The value that an option without definitions has (`emptyValue`).
    pub(crate) fn empty_value(&self, ev: &Evaluator<'a>) -> Option<Value<'a>> {
        match self {
            Type::Attrs | Type::AttrsOf { .. } => Some(Value::Attrs(ev.attrs(Vec::new()))),
            Type::ListOf { non_empty: false, .. } => Some(ev.list(&[])),
            Type::NullOr(_) => Some(Value::Null),
            Type::Unique(inner) => inner.get(ev).empty_value(ev),
            Type::CoercedTo { to, .. } => to.get(ev).empty_value(ev),
            Type::Checked { base, .. } => base.empty_value(ev),
            _ => None,
        }
    }

    /// The submodule that values of this type are, directly or where they are not something else.
    pub fn submodule(&self, ev: &Evaluator<'a>) -> Option<Submodule<'a>> {
        match self.unchecked() {
            Type::Submodule(submodule) => Some(*submodule),
            Type::NullOr(inner) | Type::Unique(inner) => inner.get(ev).submodule(ev),
            Type::CoercedTo { to, .. } => to.get(ev).submodule(ev),
            Type::Either(left, right) => {
                left.get(ev).submodule(ev).or_else(|| right.get(ev).submodule(ev))
            }
            _ => None,
        }
    }
}

/// A type's value: what [`Type`] reads back. `payload` are the arguments that made it.
pub(crate) fn type_value<'a>(
    ev: &Evaluator<'a>,
    name: &'static str,
    payload: &[&'a Thunk<'a>],
) -> Value<'a> {
    let payload = ev.value(ev.list(payload));
    let entry = |name: Symbol, value| nixpact_eval::Attr { name, value, span: None };
    let attrs = vec![
        entry(*names::TYPE_TAG, ev.value(Value::Str("option-type"))),
        entry(*names::NAME, ev.value(Value::Str(name))),
        entry(*names::PAYLOAD, payload),
    ];
    let rest = ev.unknown_ref(nixpact_eval::Reason::Unsupported("this attribute of a type"), None);
    Value::Attrs(ev.open_attrs(attrs, Some(rest)))
}
