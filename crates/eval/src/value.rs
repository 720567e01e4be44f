//! What an expression evaluates to. Values are small, `Copy`, and live in an arena.

use nixpact_source::Span;
use nixpact_syntax::{Ast, ExprId, Symbol};

use crate::builtins::Builtin;
use crate::thunk::{Env, Thunk};
use crate::unknown::Unknown;

/// A value in weak head normal form: the members of lists and sets may be unevaluated.
#[derive(Clone, Copy)]
pub enum Value<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(&'a str),
    /// A string of which only some pieces are known.
    Template(&'a [Piece<'a>]),
    /// A path: relative to the repository's root without a leading `/` (the root itself is empty), or
    /// absolute when it lies outside. It has neither `.` nor `..` segments.
    Path(&'a str),
    List(&'a List<'a>),
    Attrs(&'a Attrs<'a>),
    Lambda(&'a Closure<'a>),
    /// A built-in function with the arguments that it has so far.
    Builtin(&'a Partial<'a>),
}

/// A piece of a partly known string.
#[derive(Clone, Copy)]
pub enum Piece<'a> {
    Known(&'a str),
    /// Where the path, relative to the repository's root, lies on the machine or in the store.
    Location(&'a str),
    /// Where in the store the copy lies that Nix makes of what is at the path; it has its name.
    Copy(&'a str),
    Unknown(&'a Unknown<'a>),
}

pub struct List<'a> {
    pub items: &'a [&'a Thunk<'a>],
    /// Why there may be more members, at any position.
    pub rest: Option<&'a Unknown<'a>>,
    /// Those that there may be; none where they are not known.
    pub(crate) others: Option<&'a &'a [&'a Thunk<'a>]>,
}

/// An attribute set.
pub struct Attrs<'a> {
    /// Sorted by [`Symbol::key`], each name once.
    pub(crate) entries: &'a [Attr<'a>],
    /// Why there may be more attributes.
    pub rest: Option<&'a Unknown<'a>>,
    /// The names that these may have; none where they are not known.
    pub(crate) others: Option<&'a &'a [Symbol]>,
}

#[derive(Clone, Copy)]
pub struct Attr<'a> {
    pub name: Symbol,
    pub value: &'a Thunk<'a>,
    /// Where the name is written.
    pub span: Option<Span>,
}

impl<'a> Attrs<'a> {
    pub fn get(&self, name: Symbol) -> Option<&Attr<'a>> {
        // A few comparisons beat the jumps of a binary search.
        if self.entries.len() <= 8 {
            return self.entries.iter().find(|attr| attr.name == name);
        }
        let at = self.entries.binary_search_by_key(&name.key(), |attr| attr.name.key()).ok()?;
        Some(&self.entries[at])
    }

    /// The attributes in no particular order.
    pub fn unordered(&self) -> &'a [Attr<'a>] {
        self.entries
    }

    /// The attributes in the order of their names, as `builtins.attrNames` gives them.
    pub fn sorted(&self) -> Vec<Attr<'a>> {
        let mut attrs = self.entries.to_vec();
        attrs.sort_unstable_by_key(|attr| attr.name.as_str());
        attrs
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether no attribute is known; an open set may still have some.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// A function written in Nix.
pub struct Closure<'a> {
    pub ast: &'a Ast,
    /// An index of [`Ast::lambdas`].
    pub lambda: u32,
    pub expr: ExprId,
    pub env: &'a Env<'a>,
}

impl<'a> Closure<'a> {
    pub fn lambda(&self) -> &'a nixpact_syntax::Lambda {
        &self.ast.lambdas[self.lambda as usize]
    }

    pub fn span(&self) -> Span {
        self.ast.span(self.expr)
    }
}

pub struct Partial<'a> {
    pub builtin: &'a Builtin,
    pub arguments: &'a [&'a Thunk<'a>],
}

impl Value<'_> {
    /// The type as Nix's error messages name it, with its article.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a Boolean",
            Value::Int(_) => "an integer",
            Value::Float(_) => "a float",
            Value::Str(_) | Value::Template(_) => "a string",
            Value::Path(_) => "a path",
            Value::List(_) => "a list",
            Value::Attrs(_) => "a set",
            Value::Lambda(_) | Value::Builtin(_) => "a function",
        }
    }

    pub fn is_function(&self) -> bool {
        matches!(self, Value::Lambda(_) | Value::Builtin(_))
    }
}
