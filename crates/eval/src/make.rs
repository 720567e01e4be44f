//! How values, unknowns and errors are made.

use std::cell::Cell;

use nixpact_source::Span;
use nixpact_syntax::{Ast, Expr, ExprId, Symbol};

use crate::builtins::Builtin;
use crate::evaluator::Evaluator;
use crate::itself::ON_DEMAND;
use crate::thunk::{Application, Code, Compute, Env, Lazy, Native, State, Thunk};
use crate::unknown::{ErrorKind, Eval, External, NixError, Reason, Stop, Unknown};
use crate::value::{Attr, Attrs, List, Partial, Value};

impl<'a> Evaluator<'a> {
    pub(crate) fn thunk(&self, code: Code<'a>) -> &'a Thunk<'a> {
        self.arena.alloc(Thunk::new(code))
    }

    /// A thunk whose value is known already.
    pub fn value(&self, value: Value<'a>) -> &'a Thunk<'a> {
        self.settled(Ok(value))
    }

    pub fn stopped(&self, stop: Stop<'a>) -> &'a Thunk<'a> {
        self.settled(Err(stop))
    }

    fn settled(&self, result: Eval<'a>) -> &'a Thunk<'a> {
        let state = Cell::new(State::of(self.arena, result));
        self.arena.alloc(Thunk { state, code: Code::Value })
    }

    /// The value of a file's text.
    pub fn whole(&self, ast: &'a Ast) -> &'a Thunk<'a> {
        let env = self.arena.alloc(Env::of_file(ast));
        self.thunk(Code::Expr(ast.root, env))
    }

    pub(crate) fn expr(&self, ast: &'a Ast, expr: ExprId, env: &'a Env<'a>) -> &'a Thunk<'a> {
        let state = match ast.expr(expr) {
            _ if self.is_watched(ast.file) => State::Pending,
            // What is written out is its own value.
            Expr::Int(value) => State::Int(value),
            Expr::Float(value) => State::Float(value),
            Expr::Str(_) => State::Literal,
            _ => State::Pending,
        };
        let code = Code::Expr(expr, env);
        self.arena.alloc(Thunk { state: Cell::new(state), code })
    }

    /// A thunk that `run` computes when it is forced.
    pub fn lazy(&self, run: impl Fn(&Evaluator<'a>) -> Eval<'a> + 'a) -> &'a Thunk<'a> {
        self.computed(self.arena.alloc(Lazy(run)))
    }

    /// A thunk that `by` computes when it is forced.
    pub fn computed(&self, by: &'a dyn Compute<'a>) -> &'a Thunk<'a> {
        let native = self.arena.alloc(Native { by, origin: Cell::new(None) });
        self.thunk(Code::Native(native))
    }

    /// A thunk that calls `function` when it is forced.
    pub fn apply(&self, function: &'a Thunk<'a>, arguments: &[&'a Thunk<'a>]) -> &'a Thunk<'a> {
        let arguments = self.arena.alloc_slice_copy(arguments);
        self.thunk(Code::Apply(self.arena.alloc(Application { function, arguments })))
    }

    /// A built-in function with its first arguments.
    pub fn partial(&self, builtin: &'a Builtin, arguments: &[&'a Thunk<'a>]) -> Value<'a> {
        let arguments = self.arena.alloc_slice_copy(arguments);
        Value::Builtin(self.arena.alloc(Partial { builtin, arguments }))
    }

    pub fn str(&self, text: &str) -> Value<'a> {
        Value::Str(self.arena.alloc_str(text))
    }

    pub fn list(&self, items: &[&'a Thunk<'a>]) -> Value<'a> {
        self.open_list(items, None)
    }

    /// A list that may have more members than `items`, unless `rest` is `None`.
    pub fn open_list(&self, items: &[&'a Thunk<'a>], rest: Option<&'a Unknown<'a>>) -> Value<'a> {
        let items = self.arena.alloc_slice_copy(items);
        let rest = rest.map(|rest| self.made_of(rest));
        Value::List(self.arena.alloc(List { items, rest, others: None }))
    }

    /// A set of `entries` in any order; of equal names the last one counts.
    pub fn attrs(&self, entries: Vec<Attr<'a>>) -> &'a Attrs<'a> {
        self.open_attrs(entries, None)
    }

    /// A set that may have more attributes than `entries`, unless `rest` is `None`.
    pub fn open_attrs(
        &self,
        entries: Vec<Attr<'a>>,
        rest: Option<&'a Unknown<'a>>,
    ) -> &'a Attrs<'a> {
        let rest = rest.map(|rest| self.made_of(rest));
        self.sorted_attrs(self.sorted(entries), rest)
    }

    /// A set from outside of which `entries` are known: what else it has are the attributes of `whole`.
    pub fn known_in_part(&self, entries: Vec<Attr<'a>>, whole: &'a Unknown<'a>) -> &'a Attrs<'a> {
        self.sorted_attrs(self.sorted(entries), Some(whole))
    }

    pub(crate) fn sorted(&self, mut entries: Vec<Attr<'a>>) -> &'a [Attr<'a>] {
        // Many are those of another set, in its order.
        if !entries.is_sorted_by(|a, b| a.name.key() < b.name.key()) {
            // Stable, so that the last of equal names stands last.
            entries.sort_by_key(|attr| attr.name.key());
            entries.reverse();
            entries.dedup_by(|a, b| a.name == b.name);
            entries.reverse();
        }
        self.arena.alloc_slice_copy(&entries)
    }

    pub(crate) fn sorted_attrs(
        &self,
        entries: &'a [Attr<'a>],
        rest: Option<&'a Unknown<'a>>,
    ) -> &'a Attrs<'a> {
        self.arena.alloc(Attrs { entries, rest, others: None })
    }

    /// An attribute that is written nowhere.
    pub fn attr(&self, name: &str, value: &'a Thunk<'a>) -> Attr<'a> {
        Attr { name: Symbol::new(name), value, span: None }
    }

    pub fn unknown(&self, reason: Reason<'a>, span: Option<Span>) -> Stop<'a> {
        Stop::Unknown(self.unknown_ref(reason, span))
    }

    pub fn unknown_ref(&self, reason: Reason<'a>, span: Option<Span>) -> &'a Unknown<'a> {
        self.arena.alloc(Unknown { reason, span, cause: None, arguments: &[], behind: &[] })
    }

    /// Something unknown because something else is.
    pub fn unknown_because(&self, reason: Reason<'a>, cause: &'a Unknown<'a>) -> &'a Unknown<'a> {
        // A chain of equal reasons says no more than one.
        if cause.reason == reason {
            return cause;
        }
        let cause = Some(cause);
        self.arena.alloc(Unknown {
            reason,
            span: cause.and_then(|c| c.span),
            cause,
            arguments: &[],
            behind: &[],
        })
    }

    /// Why something is unknown that was made of what `unknown` stands for, and is not that itself: a package
    /// set has a `lib`, and an input a revision; whatever a function makes of them need not have one.
    pub(crate) fn made_of(&self, unknown: &'a Unknown<'a>) -> &'a Unknown<'a> {
        match unknown.reason {
            Reason::External(External::Other, _) => unknown,
            Reason::External(_, text) => {
                let reason = Reason::External(External::Other, text);
                self.arena.alloc(Unknown { reason, ..*unknown })
            }
            // What is made of a set with such attributes need not have them.
            _ if unknown.reason == ON_DEMAND => {
                let reason = Reason::Unsupported("an attribute of what is made of a type");
                self.arena.alloc(Unknown { reason, ..*unknown })
            }
            _ => unknown,
        }
    }

    /// A value for what makes something else of it.
    pub(crate) fn as_part(&self, value: Eval<'a>) -> Eval<'a> {
        value.map_err(|stop| match stop {
            Stop::Unknown(unknown) => Stop::Unknown(self.made_of(unknown)),
            Stop::Error(_) => stop,
        })
    }

    pub(crate) fn force_part(&self, thunk: &'a Thunk<'a>) -> Eval<'a> {
        self.as_part(self.force(thunk))
    }

    /// Something from outside of the repository, known by `text` only.
    pub fn external(&self, kind: External, text: &str) -> &'a Thunk<'a> {
        let text = self.arena.alloc_str(text);
        self.stopped(self.unknown(Reason::External(kind, text), None))
    }

    pub fn unsupported<T>(&self, what: &str) -> Eval<'a, T> {
        Err(self.unknown(Reason::Unsupported(self.arena.alloc_str(what)), None))
    }

    pub fn error<T>(&self, kind: ErrorKind, message: impl AsRef<str>) -> Eval<'a, T> {
        Err(self.error_stop(kind, message))
    }

    /// An error that Nix would report, to be returned later.
    pub fn error_stop(&self, kind: ErrorKind, message: impl AsRef<str>) -> Stop<'a> {
        let message = self.arena.alloc_str(message.as_ref());
        Stop::Error(self.arena.alloc(NixError { kind, message, span: None, frame: None }))
    }

    pub fn type_error<T>(&self, found: Value<'a>, expected: &str) -> Eval<'a, T> {
        self.error(
            ErrorKind::Type,
            format!("value is {} while {expected} was expected", found.type_name()),
        )
    }

    /// Gives a stop without a place the place `span`.
    pub fn at(&self, stop: Stop<'a>, span: Span) -> Stop<'a> {
        if stop.span().is_some() || span.file.is_outside() {
            return stop;
        }
        match stop {
            Stop::Unknown(unknown) => {
                Stop::Unknown(self.arena.alloc(Unknown { span: Some(span), ..*unknown }))
            }
            Stop::Error(error) => {
                Stop::Error(self.arena.alloc(NixError { span: Some(span), ..*error }))
            }
        }
    }
}
