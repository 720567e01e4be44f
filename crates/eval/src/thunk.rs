//! Values not yet computed, and the variables in scope.

use std::cell::Cell;

use bumpalo::Bump;
use nixpact_syntax::{Ast, Expr, ExprId};

use crate::evaluator::Evaluator;
use crate::unknown::{Eval, NixError, Stop, Unknown};
use crate::value::{Attrs, Closure, List, Partial, Piece, Value};

/// A value that is computed when it is first needed, and then remembered.
pub struct Thunk<'a> {
    pub(crate) state: Cell<State<'a>>,
    pub(crate) code: Code<'a>,
}

/// A [`Value`] or [`Stop`] in two words: what is longer stands in the arena.
#[derive(Clone, Copy)]
pub(crate) enum State<'a> {
    Pending,
    Running {
        /// How many functions of Rust stood around its beginning.
        natives: u32,
    },
    /// The text of a string literal, which is the thunk's code.
    Literal,
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(&'a &'a str),
    Template(&'a &'a [Piece<'a>]),
    Path(&'a &'a str),
    List(&'a List<'a>),
    Attrs(&'a Attrs<'a>),
    Lambda(&'a Closure<'a>),
    Builtin(&'a Partial<'a>),
    Unknown(&'a Unknown<'a>),
    Error(&'a NixError<'a>),
}

impl<'a> State<'a> {
    pub fn of(arena: &'a Bump, result: Eval<'a>) -> State<'a> {
        match result {
            Ok(Value::Null) => State::Null,
            Ok(Value::Bool(value)) => State::Bool(value),
            Ok(Value::Int(value)) => State::Int(value),
            Ok(Value::Float(value)) => State::Float(value),
            Ok(Value::Str(text)) => State::Str(arena.alloc(text)),
            Ok(Value::Template(pieces)) => State::Template(arena.alloc(pieces)),
            Ok(Value::Path(path)) => State::Path(arena.alloc(path)),
            Ok(Value::List(list)) => State::List(list),
            Ok(Value::Attrs(attrs)) => State::Attrs(attrs),
            Ok(Value::Lambda(closure)) => State::Lambda(closure),
            Ok(Value::Builtin(partial)) => State::Builtin(partial),
            Err(Stop::Unknown(unknown)) => State::Unknown(unknown),
            Err(Stop::Error(error)) => State::Error(error),
        }
    }
}

/// How a thunk is computed. It stays when the value is known, to tell where it came from.
#[derive(Clone, Copy)]
pub(crate) enum Code<'a> {
    Value,
    /// An expression of the file of its scope.
    Expr(ExprId, &'a Env<'a>),
    Apply(&'a Application<'a>),
    Native(&'a Native<'a>),
}

pub(crate) struct Application<'a> {
    pub function: &'a Thunk<'a>,
    pub arguments: &'a [&'a Thunk<'a>],
}

pub(crate) struct Native<'a> {
    pub by: &'a dyn Compute<'a>,
    /// The thunk whose value this one passes on, once that is known.
    pub origin: Cell<Option<&'a Thunk<'a>>>,
}

/// What computes a value in Rust.
pub trait Compute<'a> {
    fn compute(&'a self, ev: &Evaluator<'a>) -> Eval<'a>;

    /// The values that Nix surely computes before it has this one, unless it fails before.
    fn needs(&'a self, _ev: &Evaluator<'a>) -> Vec<&'a Thunk<'a>> {
        Vec::new()
    }

    /// Whether what is not known of the value is something from outside of the repository, and not what was
    /// decided here.
    fn is_from_outside(&self) -> bool {
        true
    }

    /// What the value is called.
    fn label(&self) -> Option<String> {
        None
    }
}

/// A value that a closure computes.
pub(crate) struct Lazy<F>(pub F);

impl<'a, F: Fn(&Evaluator<'a>) -> Eval<'a> + 'a> Compute<'a> for Lazy<F> {
    fn compute(&'a self, ev: &Evaluator<'a>) -> Eval<'a> {
        (self.0)(ev)
    }
}

impl<'a> Thunk<'a> {
    pub(crate) fn new(code: Code<'a>) -> Thunk<'a> {
        Thunk { state: Cell::new(State::Pending), code }
    }

    /// The value if it has been computed.
    pub fn peek(&self) -> Option<Eval<'a>> {
        let value = match self.state.get() {
            State::Pending | State::Running { .. } => return None,
            State::Literal => Value::Str(self.literal()),
            State::Null => Value::Null,
            State::Bool(value) => Value::Bool(value),
            State::Int(value) => Value::Int(value),
            State::Float(value) => Value::Float(value),
            State::Str(text) => Value::Str(text),
            State::Template(pieces) => Value::Template(pieces),
            State::Path(path) => Value::Path(path),
            State::List(list) => Value::List(list),
            State::Attrs(attrs) => Value::Attrs(attrs),
            State::Lambda(closure) => Value::Lambda(closure),
            State::Builtin(partial) => Value::Builtin(partial),
            State::Unknown(unknown) => return Some(Err(Stop::Unknown(unknown))),
            State::Error(error) => return Some(Err(Stop::Error(error))),
        };
        Some(Ok(value))
    }

    fn literal(&self) -> &'a str {
        match self.code {
            Code::Expr(expr, env) => match env.ast.expr(expr) {
                Expr::Str(text) => env.ast.text(text),
                _ => "",
            },
            _ => "",
        }
    }

    /// Says that this thunk's value is that of `origin`, for [`Evaluator::origin`].
    pub fn set_origin(&self, origin: &'a Thunk<'a>) {
        if let Code::Native(native) = self.code {
            native.origin.set(Some(origin));
        }
    }
}

/// One scope and those around it. Scopes of `with` stand between those that bind variables.
pub struct Env<'a> {
    pub(crate) ast: &'a Ast,
    pub(crate) parent: Option<&'a Env<'a>>,
    /// Set once, after the thunks that refer to this scope are made.
    pub(crate) slots: Cell<&'a [&'a Thunk<'a>]>,
    pub(crate) with: Option<&'a Thunk<'a>>,
}

impl<'a> Env<'a> {
    /// The outermost scope of a file.
    pub(crate) fn of_file(ast: &'a Ast) -> Env<'a> {
        Env { ast, parent: None, slots: Cell::new(&[]), with: None }
    }

    /// A scope in this one, for variables that are set later.
    pub(crate) fn inner(&'a self) -> Env<'a> {
        Env { ast: self.ast, parent: Some(self), slots: Cell::new(&[]), with: None }
    }

    pub(crate) fn up(&'a self, depth: u32) -> Option<&'a Env<'a>> {
        let mut env = self;
        for _ in 0..depth {
            env = env.parent?;
        }
        Some(env)
    }

    pub(crate) fn local(&'a self, depth: u32, slot: u32) -> Option<&'a Thunk<'a>> {
        self.up(depth)?.slots.get().get(slot as usize).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::Thunk;

    #[test]
    fn a_thunk_takes_four_words() {
        assert!(size_of::<Thunk<'_>>() <= 32);
    }
}
