//! Option types, read from the values that `lib.types` makes.

mod decode;
mod opened;
mod sub_options;
mod value;

use std::cell::OnceCell;

pub(crate) use value::{own_defaults, sub_modules, type_value};

use nixpact_eval::{Attrs, Eval, Evaluator, Reason, Stop, Thunk, Unknown, Value};

use crate::class::Class;
use crate::declare;
use crate::names;
use crate::template::Template;
use crate::universe::Universe;

/// A type that is looked at when it is needed: types may refer to themselves.
pub struct TypeRef<'a> {
    thunk: &'a Thunk<'a>,
    decoded: OnceCell<&'a Type<'a>>,
    made: Made<'a>,
}

/// What is made of a type once it is looked at.
#[derive(Clone, Copy)]
enum Made<'a> {
    Nothing,
    /// It is the type of an option, whose modules are imports of others (`fixupOptionType`).
    Imported,
    /// The type whose submodules are opened.
    Opened(&'a opened::Opened<'a>),
}

/// A type of `lib.types`.
pub enum Type<'a> {
    Anything,
    Attrs,
    /// `attrTag`: the options, one of which a value names.
    AttrTag(&'a Attrs<'a>),
    /// `attrsOf`, `lazyAttrsOf`
    AttrsOf {
        element: &'a TypeRef<'a>,
        lazy: bool,
        /// What stands for a name in the documentation, where that is not `name`.
        placeholder: Option<&'a str>,
    },
    Bool,
    BoolByOr,
    CoercedTo {
        from: &'a TypeRef<'a>,
        coerce: &'a Thunk<'a>,
        to: &'a TypeRef<'a>,
    },
    /// `deferredModule`, with the modules that it always has.
    DeferredModule(Option<&'a Thunk<'a>>),
    /// A type whose description was replaced.
    Described {
        base: &'a Type<'a>,
        description: &'a Thunk<'a>,
    },
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
    /// `path`, `pathWith`; either will do where it is not said.
    Path {
        absolute: Option<bool>,
        in_store: Option<bool>,
    },
    Raw,
    SeparatedString(&'a str),
    SingleLineStr,
    Str,
    StrMatching(&'a str),
    Submodule(Submodule<'a>),
    /// Sets that are marked as something by their `_type`.
    Tagged(Tag),
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

/// What a set's `_type` says that it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    LuaInline,
    OptionDeclaration,
    OptionType,
}

impl Tag {
    /// The `_type`.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Tag::LuaInline => "lua-inline",
            Tag::OptionDeclaration => "option",
            Tag::OptionType => "option-type",
        }
    }
}

#[derive(Clone, Copy)]
pub struct Submodule<'a> {
    pub modules: &'a [&'a Thunk<'a>],
    pub special_args: Option<&'a Thunk<'a>>,
    /// Sets are taken for configuration, even when they have an attribute `config` or `options`.
    pub shorthand_only: bool,
    pub class: Class<'a>,
    /// Modules that are not known.
    pub rest: Option<&'a Unknown<'a>>,
    /// Its modules are imports of others (`fixupOptionType`), and so come later among all modules.
    pub(crate) is_imported: bool,
    pub(crate) shared: &'a Shared<'a>,
}

/// What all members of a submodule have in common, once it is asked for.
#[derive(Default)]
pub(crate) struct Shared<'a> {
    pub template: OnceCell<Option<&'a Template<'a>>>,
    /// A member without definitions, where a declaration in it is no option.
    pub invalid: OnceCell<Option<&'a Universe<'a>>>,
}

impl Submodule<'_> {
    /// Whether it is the same submodule as another, not only an equal one.
    pub(crate) fn is(&self, other: &Self) -> bool {
        std::ptr::eq(self.shared, other.shared)
    }
}

impl<'a> TypeRef<'a> {
    /// The type if it has been looked at.
    pub(crate) fn peek(&self, ev: &Evaluator<'a>) -> Option<&'a Type<'a>> {
        ev.recall(&self.decoded).copied()
    }

    pub fn new(ev: &Evaluator<'a>, thunk: &'a Thunk<'a>) -> &'a TypeRef<'a> {
        ev.arena.alloc(TypeRef { thunk, decoded: OnceCell::new(), made: Made::Nothing })
    }

    /// The type of an option that is declared once. That it is one does not say what it is.
    pub(crate) fn imported(ev: &Evaluator<'a>, thunk: &'a Thunk<'a>) -> &'a TypeRef<'a> {
        ev.arena.alloc(TypeRef { thunk, decoded: OnceCell::new(), made: Made::Imported })
    }

    pub(crate) fn known(ev: &Evaluator<'a>, ty: &'a Type<'a>) -> &'a TypeRef<'a> {
        let decoded = OnceCell::from(ty);
        ev.arena.alloc(TypeRef { thunk: ev.value(Value::Null), decoded, made: Made::Nothing })
    }

    /// What has been made of a type: for functions it still stands for that.
    pub(crate) fn made_of(
        ev: &Evaluator<'a>,
        original: &TypeRef<'a>,
        ty: &'a Type<'a>,
    ) -> &'a TypeRef<'a> {
        let decoded = OnceCell::from(ty);
        ev.arena.alloc(TypeRef { thunk: original.thunk, decoded, made: Made::Nothing })
    }

    /// Why modules from outside of the repository may add to the submodules in it.
    pub(crate) fn more(&self) -> Option<&'a Unknown<'a>> {
        match self.made {
            Made::Opened(opened) => Some(opened.more()),
            Made::Nothing | Made::Imported => None,
        }
    }

    /// The type's value, for the functions that are made of it.
    pub(crate) fn value(&self) -> &'a Thunk<'a> {
        self.thunk
    }

    pub fn get(&self, ev: &Evaluator<'a>) -> &'a Type<'a> {
        if let Some(known) = ev.recall(&self.decoded) {
            return known;
        }
        let decoded = ev.remember(&self.decoded, || self.decode(ev));
        let _ = self.decoded.set(decoded);
        decoded
    }

    fn decode(&self, ev: &Evaluator<'a>) -> &'a Type<'a> {
        match self.made {
            Made::Nothing => self.plain(ev),
            Made::Imported => {
                let plain = TypeRef::made_of(ev, self, self.plain(ev));
                declare::import_modules(ev, plain, MAX_DEPTH).get(ev)
            }
            Made::Opened(opened) => opened.decode(ev),
        }
    }

    fn plain(&self, ev: &Evaluator<'a>) -> &'a Type<'a> {
        match ev.force(self.thunk) {
            Ok(Value::Attrs(attrs)) => decode::decode(ev, attrs),
            Ok(_) | Err(Stop::Error(_)) => {
                // Not a type: what it holds cannot be said.
                ev.arena.alloc(Type::Unknown(ev.unknown_ref(NO_TYPE, None)))
            }
            Err(Stop::Unknown(unknown)) => ev.arena.alloc(Type::Unknown(unknown)),
        }
    }
}

/// Why nothing is known of what has something else for a type.
pub(crate) const NO_TYPE: Reason<'static> = Reason::Unsupported("an option's type that is no type");

/// Types inside of types are looked at to this depth: a type may refer to itself.
pub(crate) const MAX_DEPTH: usize = 64;

impl<'a> Type<'a> {
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

    /// The type below `addCheck` and the like.
    pub fn unchecked(&self) -> &Type<'a> {
        match self {
            Type::Checked { base, .. } | Type::Described { base, .. } => base.unchecked(),
            other => other,
        }
    }

    /// Whether a value of the type surely needs each of its definitions.
    pub(crate) fn is_strict(&self) -> bool {
        matches!(
            self.unchecked(),
            Type::Attrs
                | Type::AttrsOf { .. }
                | Type::Bool
                | Type::Enum(_)
                | Type::Float
                | Type::Int
                | Type::IntBetween { .. }
                | Type::ListOf { .. }
                | Type::NonEmptyStr
                | Type::Number
                | Type::Package
                | Type::Path { .. }
                | Type::SeparatedString(_)
                | Type::SingleLineStr
                | Type::Str
                | Type::StrMatching(_)
                | Type::NullOr(_)
                | Type::Either(..)
        )
    }

    /// Whether a value of the type is no set, list or function, and surely needs its definitions.
    pub fn is_scalar(&self) -> bool {
        let is_compound =
            matches!(self.unchecked(), Type::Attrs | Type::AttrsOf { .. } | Type::ListOf { .. });
        self.is_strict() && !is_compound
    }

    /// Whether the type checks and merges at once (`merge.v2`), which a check of another kind breaks.
    pub(crate) fn checks_while_merging(&self) -> bool {
        match self {
            Type::AttrsOf { .. }
            | Type::CoercedTo { .. }
            | Type::Either(..)
            | Type::ListOf { .. }
            | Type::Number
            | Type::Submodule(_) => true,
            Type::Checked { base, .. } | Type::Described { base, .. } => {
                base.checks_while_merging()
            }
            _ => false,
        }
    }

    /// The value that an option without definitions has (`emptyValue`).
    pub(crate) fn empty_value(&self, ev: &Evaluator<'a>) -> Eval<'a, Option<Value<'a>>> {
        match self {
            Type::Attrs | Type::AttrsOf { .. } => Ok(Some(Value::Attrs(ev.attrs(Vec::new())))),
            Type::ListOf { non_empty: false, .. } => Ok(Some(ev.list(&[]))),
            Type::NullOr(_) => Ok(Some(Value::Null)),
            Type::Unique(inner) | Type::CoercedTo { to: inner, .. } => {
                ev.nested(|| inner.get(ev).empty_value(ev))
            }
            Type::Checked { base, .. }
            | Type::Described { base, .. }
            | Type::Merged { base, .. } => base.empty_value(ev),
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
        self.find_submodule(ev).ok().flatten()
    }

    /// Whether it takes more values where another module declares the option, too (`typeMerge`).
    pub fn may_grow(&self, ev: &Evaluator<'a>) -> bool {
        match self.unchecked() {
            Type::Enum(_) | Type::AttrTag(_) => true,
            other => other.parts().into_iter().flatten().any(|part| {
                // A type that consists of itself reaches a limit.
                ev.nested(|| Ok(part.get(ev).may_grow(ev))).unwrap_or(true)
            }),
        }
    }

    /// Whether its values, or those of a part, are computed and not written as a list: other options may
    /// say which there are.
    pub fn computes_values(&self, ev: &Evaluator<'a>) -> bool {
        match self.unchecked() {
            Type::Enum(values) => {
                let written = ev.origin(values).span.map(|span| ev.sources.text(span));
                !written.is_some_and(|text| text.starts_with('[') && !text.contains("++"))
            }
            other => other.parts().into_iter().flatten().any(|part| {
                // A type that consists of itself reaches a limit.
                ev.nested(|| Ok(part.get(ev).computes_values(ev))).unwrap_or(true)
            }),
        }
    }

    /// Whether it is made of submodules (`getSubModules`).
    pub(crate) fn has_submodules(&self, ev: &Evaluator<'a>) -> Eval<'a, bool> {
        match sub_modules(ev, self) {
            // A type that is not known is none of them.
            Ok(Value::Null) | Err(Stop::Unknown(_)) => Ok(false),
            Ok(_) => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// A type that consists of itself reaches a limit.
    fn find_submodule(&self, ev: &Evaluator<'a>) -> Eval<'a, Option<Submodule<'a>>> {
        let inner = |ty: &'a TypeRef<'a>| ev.nested(|| ty.get(ev).find_submodule(ev));
        match self.unchecked() {
            Type::Submodule(submodule) => Ok(Some(*submodule)),
            Type::NullOr(ty) | Type::Unique(ty) | Type::CoercedTo { to: ty, .. } => inner(ty),
            Type::Either(left, right) => match inner(left)? {
                None => inner(right),
                found => Ok(found),
            },
            _ => Ok(None),
        }
    }
}
