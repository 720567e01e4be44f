//! Values not yet computed, and the variables in scope.

use std::cell::Cell;

use nixpact_syntax::{Ast, ExprId};

use crate::evaluator::Evaluator;
use crate::unknown::{Eval, Stop};
use crate::value::Value;

/// A value that is computed when it is first needed, and then remembered.
pub struct Thunk<'a> {
    pub(crate) state: Cell<State<'a>>,
    pub(crate) code: Code<'a>,
}

#[derive(Clone, Copy)]
pub(crate) enum State<'a> {
    Pending,
    Running,
    Done(Value<'a>),
    Stopped(Stop<'a>),
}

/// How a thunk is computed. It stays when the value is known, to tell where it came from.
#[derive(Clone, Copy)]
pub(crate) enum Code<'a> {
    Value,
    Expr { ast: &'a Ast, expr: ExprId, env: &'a Env<'a> },
    Apply { function: &'a Thunk<'a>, arguments: &'a [&'a Thunk<'a>] },
    Native(&'a dyn Compute<'a>),
}

/// What computes a value in Rust.
pub trait Compute<'a> {
    fn compute(&'a self, ev: &Evaluator<'a>) -> Eval<'a>;

    /// The thunk whose value this one passes on, once that is known.
    fn origin(&self) -> &Cell<Option<&'a Thunk<'a>>>;
}

/// A value that a closure computes.
pub(crate) struct Lazy<'a, F> {
    pub run: F,
    pub origin: Cell<Option<&'a Thunk<'a>>>,
}

impl<'a, F: Fn(&Evaluator<'a>) -> Eval<'a> + 'a> Compute<'a> for Lazy<'a, F> {
    fn compute(&'a self, ev: &Evaluator<'a>) -> Eval<'a> {
        (self.run)(ev)
    }

    fn origin(&self) -> &Cell<Option<&'a Thunk<'a>>> {
        &self.origin
    }
}

impl<'a> Thunk<'a> {
    pub(crate) fn new(code: Code<'a>) -> Thunk<'a> {
        Thunk { state: Cell::new(State::Pending), code }
    }

    /// The value if it has been computed.
    pub fn peek(&self) -> Option<Eval<'a>> {
        match self.state.get() {
            State::Done(value) => Some(Ok(value)),
            State::Stopped(stop) => Some(Err(stop)),
            State::Pending | State::Running => None,
        }
    }

    /// Says that this thunk's value is that of `origin`, for [`Evaluator::origin`].
    pub fn set_origin(&self, origin: &'a Thunk<'a>) {
        if let Code::Native(native) = self.code {
            native.origin().set(Some(origin));
        }
    }
}

/// One scope and those around it. Scopes of `with` stand between those that bind variables.
pub struct Env<'a> {
    pub(crate) parent: Option<&'a Env<'a>>,
    /// Set once, after the thunks that refer to this scope are made.
    pub(crate) slots: Cell<&'a [&'a Thunk<'a>]>,
    pub(crate) with: Option<&'a Thunk<'a>>,
}

impl<'a> Env<'a> {
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
