//! Values as plain data, each with its place.

use nixpact_eval::{Eval, Evaluator, Origin, Reason, Stop, Thunk, Value, pieces_text};
use nixpact_source::Span;

use crate::plain::is_literal;

/// A value and where it was written.
#[derive(Clone, PartialEq, Debug)]
pub struct Located {
    pub datum: Datum,
    /// The text of the value itself, behind any variables.
    pub span: Option<Span>,
    /// That text is a whole number or a plain string.
    pub is_literal: bool,
    /// The uses on the way there, the outermost first.
    pub through: Box<[Span]>,
}

#[derive(Clone, PartialEq, Debug)]
pub enum Datum {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(Box<str>),
    /// A partly known string; unknown parts are shown as `…`.
    Template {
        text: Box<str>,
        unknown: Box<UnknownValue>,
    },
    /// Relative to the root, or absolute outside of it.
    Path(Box<str>),
    List {
        items: Box<[Located]>,
        /// Why there may be more.
        rest: Option<Box<UnknownValue>>,
    },
    Attrs {
        /// Sorted by name.
        entries: Box<[(Box<str>, Located)]>,
        /// Why there may be more.
        rest: Option<Box<UnknownValue>>,
    },
    Function,
    Unknown(Box<UnknownValue>),
    /// Nix would stop here.
    Error(Box<str>),
}

/// Why a value is not known.
#[derive(Clone, PartialEq, Debug)]
pub struct UnknownValue {
    /// A word for the kind of reason, by which they are counted.
    pub kind: &'static str,
    pub reason: Box<str>,
    pub span: Option<Span>,
    /// The text of what comes from outside, such as `pkgs.jellyfin`.
    pub text: Option<Box<str>>,
    /// Each reason on the way back to the first cause, which stands last.
    pub causes: Vec<Cause>,
}

/// One reason why a value is not known.
#[derive(Clone, PartialEq, Debug)]
pub struct Cause {
    pub reason: Box<str>,
    pub span: Option<Span>,
}

impl UnknownValue {
    pub(crate) fn new(kind: &'static str, reason: impl Into<Box<str>>) -> UnknownValue {
        let reason = reason.into();
        let causes = vec![Cause { reason: reason.clone(), span: None }];
        UnknownValue { kind, reason, span: None, text: None, causes }
    }

    /// Whether another flake decides about it.
    pub(crate) fn is_of_another_flake(&self) -> bool {
        matches!(self.kind, "external" | "foreign-option")
    }
}

/// Deeper values are not copied.
const MAX_DEPTH: usize = 12;
/// Longer lists and sets are copied up to here.
const MAX_MEMBERS: usize = 4096;

impl Located {
    pub fn nowhere(datum: Datum) -> Located {
        Located { datum, span: None, is_literal: false, through: Box::default() }
    }

    pub fn as_str(&self) -> Option<&str> {
        match &self.datum {
            Datum::Str(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_int(&self) -> Option<i64> {
        match self.datum {
            Datum::Int(value) => Some(value),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self.datum {
            Datum::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The members that are known of a list; none of anything else.
    pub fn items(&self) -> &[Located] {
        match &self.datum {
            Datum::List { items, .. } => items,
            _ => &[],
        }
    }

    /// An attribute of a set.
    pub fn get(&self, name: &str) -> Option<&Located> {
        match &self.datum {
            Datum::Attrs { entries, .. } => {
                let at = entries.binary_search_by(|(known, _)| (**known).cmp(name)).ok()?;
                Some(&entries[at].1)
            }
            _ => None,
        }
    }

    /// The first member that is not known, however deep, and the way to it from this value, such as
    /// `.name` or `[0]`.
    pub fn unknown_member(&self) -> Option<(String, &Located)> {
        let below = |name: String, value| {
            let (way, found) = Located::unknown_member(value)?;
            Some((name + &way, found))
        };
        let members: Option<(String, &Located)> = match &self.datum {
            Datum::List { items, .. } => {
                let mut items = items.iter().enumerate();
                items.find_map(|(at, item)| below(format!("[{at}]"), item))
            }
            Datum::Attrs { entries, .. } => {
                entries.iter().find_map(|(name, value)| below(format!(".{name}"), value))
            }
            _ => None,
        };
        members.or_else(|| self.unknown().map(|_| (String::new(), self)))
    }

    /// The first thing in the value that is not known, however deep.
    pub fn unknown(&self) -> Option<&UnknownValue> {
        match &self.datum {
            Datum::Unknown(unknown) | Datum::Template { unknown, .. } => Some(unknown),
            Datum::List { items, rest } => {
                items.iter().find_map(Located::unknown).or(rest.as_deref())
            }
            Datum::Attrs { entries, rest } => {
                entries.iter().find_map(|(_, value)| value.unknown()).or(rest.as_deref())
            }
            _ => None,
        }
    }
}

/// Copies a value out of the evaluator, forcing all of it.
pub fn located<'a>(ev: &Evaluator<'a>, thunk: &'a Thunk<'a>) -> Located {
    at_depth(ev, thunk, 0)
}

fn at_depth<'a>(ev: &Evaluator<'a>, thunk: &'a Thunk<'a>, depth: usize) -> Located {
    let value = ev.force(thunk);
    let datum = datum(ev, value, depth);
    let Origin { span, through } = ev.origin(thunk);
    let is_literal = value.is_ok_and(|value| is_literal(ev, span, value));
    Located { datum, span, is_literal, through: through.into() }
}

fn datum<'a>(ev: &Evaluator<'a>, value: Eval<'a>, depth: usize) -> Datum {
    match value {
        Ok(Value::Null) => Datum::Null,
        Ok(Value::Bool(value)) => Datum::Bool(value),
        Ok(Value::Int(value)) => Datum::Int(value),
        Ok(Value::Float(value)) => Datum::Float(value),
        Ok(Value::Str(text)) => Datum::Str(text.into()),
        Ok(Value::Template(pieces)) => Datum::Template {
            text: pieces_text(pieces).into(),
            unknown: unknown_value(ev.unknown_piece(pieces)).into(),
        },
        Ok(Value::Path(path)) => Datum::Path(path.into()),
        Ok(Value::List(_) | Value::Attrs(_)) if depth >= MAX_DEPTH => {
            Datum::Unknown(limit("the value is nested too deeply").into())
        }
        Ok(Value::List(list)) => Datum::List {
            items: list
                .items
                .iter()
                .take(MAX_MEMBERS)
                .map(|item| at_depth(ev, item, depth + 1))
                .collect(),
            rest: rest(list.rest, list.items.len()),
        },
        Ok(Value::Attrs(attrs)) => {
            let sorted = attrs.sorted();
            Datum::Attrs {
                rest: rest(attrs.rest, sorted.len()),
                entries: sorted
                    .iter()
                    .take(MAX_MEMBERS)
                    .map(|attr| (attr.name.as_str().into(), at_depth(ev, attr.value, depth + 1)))
                    .collect(),
            }
        }
        Ok(Value::Lambda(_) | Value::Builtin(_)) => Datum::Function,
        Err(Stop::Unknown(unknown)) => Datum::Unknown(unknown_value(unknown).into()),
        Err(Stop::Error(error)) => Datum::Error(error.message.into()),
    }
}

fn rest(unknown: Option<&nixpact_eval::Unknown<'_>>, length: usize) -> Option<Box<UnknownValue>> {
    let cut = || (length > MAX_MEMBERS).then(|| limit("the value has too many members"));
    unknown.map(unknown_value).or_else(cut).map(Box::new)
}

fn limit(reason: &str) -> UnknownValue {
    UnknownValue::new("limit", reason)
}

pub(crate) fn unknown_value(unknown: &nixpact_eval::Unknown<'_>) -> UnknownValue {
    let (kind, text) = match unknown.reason {
        Reason::External(_, text) => ("external", Some(text)),
        Reason::UnresolvedImport(_) => ("unresolved-import", None),
        Reason::Encrypted(_) => ("encrypted", None),
        Reason::Submodule(_) => ("submodule", None),
        Reason::Unsupported(_) => ("unsupported", None),
        Reason::Impure(_) => ("impure", None),
        Reason::Limit(_) => ("limit", None),
        Reason::Recursion | Reason::Imports => ("recursion", None),
        Reason::Broken => ("syntax-error", None),
        Reason::Condition => ("condition", None),
        Reason::ForeignOption(_) => ("foreign-option", None),
        Reason::VersionDependent(_) => ("version-dependent", None),
    };
    UnknownValue {
        kind,
        reason: unknown.to_string().into(),
        span: unknown.span,
        text: text.map(Into::into),
        causes: unknown
            .chain()
            .map(|cause| Cause { reason: cause.reason.to_string().into(), span: cause.span })
            .collect(),
    }
}
