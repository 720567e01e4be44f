//! Option types, read from the values that `lib.types` makes.

use std::cell::OnceCell;

use nixpact_eval::{Attrs, Eval, Evaluator, Stop, Thunk, Unknown, Value};
use nixpact_syntax::Symbol;

use crate::names;
use crate::template::Template;
use crate::universe::Universe;

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
    FunctionTo(&'a TypeRef<'a>),
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
    /// `addCheck`, or a type whose `check` was replaced (alone).
    Checked {
        base: &'a Type<'a>,
        check: &'a Thunk<'a>,
        alone: bool,
    },
    /// A type whose `merge` was replaced.
    Merged {
        base: &'a Type<'a>,
        merge: &'a Thunk<'a>,
    },
    /// `mkOptionType { … }`
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
    /// Its modules are imports of others (`fixupOptionType`), and so come later among all modules.
    pub(crate) is_imported: bool,
    pub(crate) template: &'a OnceCell<Option<&'a Template<'a>>>,
}

impl Submodule<'_> {
    /// Whether it is the same submodule as another, not only an equal one.
    pub(crate) fn is(&self, other: &Self) -> bool {
        std::ptr::eq(self.template, other.template)
    }
}

impl<'a> TypeRef<'a> {
    pub fn new(ev: &Evaluator<'a>, thunk: &'a Thunk<'a>) -> &'a TypeRef<'a> {
        ev.arena.alloc(TypeRef { thunk, decoded: OnceCell::new() })
    }

    pub(crate) fn known(ev: &Evaluator<'a>, ty: &'a Type<'a>) -> &'a TypeRef<'a> {
        let decoded = OnceCell::from(ty);
        ev.arena.alloc(TypeRef { thunk: ev.value(Value::Null), decoded })
    }

    /// The type's value, for the functions that are made of it.
    pub(crate) fn value(&self) -> &'a Thunk<'a> {
        self.thunk
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
    let base = match ev.force_items(payload.value).map(|items| items.split_first()) {
        Ok(Some((tag, payload))) => match ev.force_str(tag) {
            Ok(tag) => of_name(ev, tag, payload),
            Err(stop) => unknown_type(ev, stop),
        },
        Ok(None) => Type::Custom(attrs),
        Err(stop) => unknown_type(ev, stop),
    };
    let base: &Type<'_> = ev.arena.alloc(base);
    // What nixpact's own types have built in is no attribute of them.
    if attrs.get(*names::EMPTY_VALUE).is_some() {
        return unsupported_type(ev, "a type whose emptyValue was replaced");
    }
    let base = match attrs.get(*names::CHECK) {
        Some(_) if base.checks_while_merging() => {
            return unsupported_type(ev, "a type whose check was replaced");
        }
        Some(check) => ev.arena.alloc(Type::Checked { base, check: check.value, alone: true }),
        None => base,
    };
    match attrs.get(*names::MERGE) {
        Some(merge) => ev.arena.alloc(Type::Merged { base, merge: merge.value }),
        None => base,
    }
}

fn unsupported_type<'a>(ev: &Evaluator<'a>, what: &'static str) -> &'a Type<'a> {
    let reason = nixpact_eval::Reason::Unsupported(what);
    ev.arena.alloc(Type::Unknown(ev.unknown_ref(reason, None)))
}

fn of_name<'a>(ev: &Evaluator<'a>, name: &str, payload: &'a [&'a Thunk<'a>]) -> Type<'a> {
    let inner = |at: usize| TypeRef::new(ev, payload[at]);
    let bound = |at: usize| match ev.force(payload[at])? {
        Value::Null => Ok(None),
        Value::Int(bound) => Ok(Some(bound)),
        _ => ev.unsupported("a bound that is no integer"),
    };
    let between = |description| match (bound(0), bound(1)) {
        (Ok(low), Ok(high)) => Type::IntBetween { low, high, description },
        (Err(stop), _) | (_, Err(stop)) => unknown_type(ev, stop),
    };
    match (name, payload.len()) {
        ("addCheck", 2) => {
            Type::Checked { base: inner(0).get(ev), check: payload[1], alone: false }
        }
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
        ("functionTo", 1) => Type::FunctionTo(inner(0)),
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
    Type::Submodule(Submodule {
        modules,
        special_args,
        shorthand_only,
        rest,
        is_imported: false,
        template,
    })
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
            Type::FunctionTo(_) => "function".to_owned(),
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
            Type::Checked { base, .. } | Type::Merged { base, .. } => base.describe(ev),
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

    /// The types that it consists of, as far as they are merged with it.
    pub(crate) fn parts(&self) -> [Option<&'a TypeRef<'a>>; 2] {
        match *self {
            Type::AttrsOf { element, .. }
            | Type::FunctionTo(element)
            | Type::ListOf { element, .. }
            | Type::NullOr(element)
            | Type::Unique(element) => [Some(element), None],
            Type::Either(left, right) => [Some(left), Some(right)],
            _ => [None, None],
        }
    }

    /// The type below `addCheck`.
    pub fn unchecked(&self) -> &Type<'a> {
        match self {
            Type::Checked { base, .. } => base.unchecked(),
            other => other,
        }
    }

    /// Whether the type checks and merges at once (`merge.v2`), which a check of another kind breaks.
    fn checks_while_merging(&self) -> bool {
        match self {
            Type::AttrsOf { .. }
            | Type::CoercedTo { .. }
            | Type::Either(..)
            | Type::ListOf { .. }
            | Type::Number
            | Type::Submodule(_) => true,
            Type::Checked { base, .. } => base.checks_while_merging(),
            _ => false,
        }
    }

    /// The value that an option without definitions has (`emptyValue`).
    pub(crate) fn empty_value(&self, ev: &Evaluator<'a>) -> Eval<'a, Option<Value<'a>>> {
        match self {
            Type::Attrs | Type::AttrsOf { .. } => Ok(Some(Value::Attrs(ev.attrs(Vec::new())))),
            Type::ListOf { non_empty: false, .. } => Ok(Some(ev.list(&[]))),
            Type::NullOr(_) => Ok(Some(Value::Null)),
            Type::Unique(inner) => inner.get(ev).empty_value(ev),
            Type::CoercedTo { to, .. } => to.get(ev).empty_value(ev),
            Type::Checked { base, .. } | Type::Merged { base, .. } => base.empty_value(ev),
            Type::Submodule(submodule) => Universe::empty(ev, *submodule).map(Some),
            Type::Custom(attrs) => match attrs.get(*names::EMPTY_VALUE) {
                Some(empty) => match ev.select(ev.force(empty.value)?, *names::VALUE)? {
                    Some(value) => ev.force(value).map(Some),
                    None => Ok(None),
                },
                None => Ok(None),
            },
            Type::Unknown(unknown) => Err(Stop::Unknown(unknown)),
            _ => Ok(None),
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

/// A type's value: what [`Type`] reads back from the tag and `payload`, the arguments that made it.
pub(crate) fn type_value<'a>(
    ev: &Evaluator<'a>,
    tag: &'static str,
    payload: &[&'a Thunk<'a>],
) -> Value<'a> {
    let payload = [&[ev.value(Value::Str(tag))], payload].concat();
    let payload = ev.value(ev.list(&payload));
    let entry = |name: Symbol, value| nixpact_eval::Attr { name, value, span: None };
    let mut attrs = vec![
        entry(*names::TYPE_TAG, ev.value(Value::Str("option-type"))),
        entry(*names::PAYLOAD, payload),
    ];
    let name = match tag {
        "number" => Some("either"),
        "nonEmptyListOf" => Some("listOf"),
        // Their names say what they were made of.
        "addCheck" | "intBetween" | "strMatching" => None,
        _ => Some(tag),
    };
    attrs.extend(name.map(|name| entry(*names::NAME, ev.value(Value::Str(name)))));
    let rest = ev.unknown_ref(nixpact_eval::Reason::Unsupported("this attribute of a type"), None);
    Value::Attrs(ev.open_attrs(attrs, Some(rest)))
}
