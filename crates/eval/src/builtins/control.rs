//! Errors, forcing, import.

use nixpact_syntax::{Ast, Symbol};
use rustc_hash::FxHashSet;

use super::{Args, Builtin};
use crate::coerce::Coercion;
use crate::evaluator::Evaluator;
use crate::nixpkgs::NATIVE_LIB;
use crate::thunk::{Env, Thunk};
use crate::trees::is_outside;
use crate::unknown::{ErrorKind, Eval, External, Reason, Stop};
use crate::value::Value;

pub(super) const TABLE: &[Builtin] = &[
    Builtin { name: "abort", arity: 1, run: abort },
    Builtin { name: "addErrorContext", arity: 2, run: second },
    Builtin { name: "break", arity: 1, run: first },
    Builtin { name: "deepSeq", arity: 2, run: deep_seq },
    Builtin { name: "import", arity: 1, run: import },
    Builtin { name: "scopedImport", arity: 2, run: scoped_import },
    Builtin { name: "seq", arity: 2, run: seq },
    Builtin { name: "throw", arity: 1, run: throw },
    Builtin { name: "trace", arity: 2, run: trace },
    Builtin { name: "traceVerbose", arity: 2, run: second },
    Builtin { name: "tryEval", arity: 1, run: try_eval },
    Builtin { name: "warn", arity: 2, run: warn },
];

fn first<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    ev.force(args[0])
}

fn second<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    ev.force(args[1])
}

fn throw<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let message = message(ev, args[0]);
    ev.error(ErrorKind::Throw, message)
}

fn abort<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let message = message(ev, args[0]);
    ev.error(ErrorKind::Abort, message)
}

/// It is an error whatever the message is.
pub(crate) fn message<'a>(ev: &Evaluator<'a>, thunk: &'a Thunk<'a>) -> &'a str {
    ev.coerce_str(thunk, Coercion::Interpolation).unwrap_or("(a message that is not known)")
}

fn seq<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    ev.force(args[0])?;
    ev.force(args[1])
}

/// What is printed may be unknown: if Nix computes a value, then it is this one.
fn trace<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    passing(ev.force(args[0]))?;
    ev.force(args[1])
}

fn warn<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    passing(ev.force_str(args[0]))?;
    ev.force(args[1])
}

fn passing<'a, T>(result: Eval<'a, T>) -> Eval<'a, ()> {
    match result {
        Err(stop @ Stop::Error(_)) => Err(stop),
        _ => Ok(()),
    }
}

fn deep_seq<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    force_deep(ev, args[0], &mut FxHashSet::default())?;
    ev.force(args[1])
}

/// Forces what is in a value (`forceValueDeep`). What is in `seen` is not gone into again, so that a
/// value may hold itself.
fn force_deep<'a>(
    ev: &Evaluator<'a>,
    thunk: &'a Thunk<'a>,
    seen: &mut FxHashSet<*const ()>,
) -> Eval<'a, ()> {
    ev.nested(|| match ev.force(thunk)? {
        Value::List(list) if seen.insert(std::ptr::from_ref(list).cast()) => {
            for item in list.items {
                force_deep(ev, item, seen)?;
            }
            list.rest.map_or(Ok(()), |rest| Err(Stop::Unknown(rest)))
        }
        Value::Attrs(attrs) if seen.insert(std::ptr::from_ref(attrs).cast()) => {
            for attr in attrs.sorted() {
                force_deep(ev, attr.value, seen)?;
            }
            attrs.rest.map_or(Ok(()), |rest| Err(Stop::Unknown(rest)))
        }
        _ => Ok(()),
    })
}

/// `tryEval` catches `throw` and failed assertions and nothing else.
fn try_eval<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let (success, value) = match ev.force(args[0]) {
        Ok(_) => (true, args[0]),
        Err(Stop::Error(error)) if matches!(error.kind, ErrorKind::Throw | ErrorKind::Assert) => {
            (false, ev.value(Value::Bool(false)))
        }
        Err(stop) => return Err(stop),
    };
    let success = ev.attr("success", ev.value(Value::Bool(success)));
    Ok(Value::Attrs(ev.attrs(vec![success, ev.attr("value", value)])))
}

fn import<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let path = match ev.force(args[0]) {
        Ok(value) => match (ev.path_in_nixpkgs(value), ev.import_elsewhere(value)) {
            (Some(path), _) => path,
            (None, Some(result)) => return result,
            (None, None) => ev.to_path(value)?,
        },
        // `import nixpkgs` is the function that makes a package set.
        Err(Stop::Unknown(unknown)) => match unknown.reason {
            Reason::External(kind @ (External::Nixpkgs | External::Packages), text) => {
                let kind = if kind == External::Packages { External::Nixpkgs } else { kind };
                return Err(ev.unknown(Reason::External(kind, text), unknown.span));
            }
            Reason::External(_, NATIVE_LIB) => return Ok(ev.lib()),
            _ => return Err(Stop::Unknown(unknown)),
        },
        Err(error) => return Err(error),
    };
    ev.force(ev.import_path(path)?)
}

/// Evaluates a file anew, with the attributes of a set in place of Nix's own names.
fn scoped_import<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    ev.force_attrs(args[0])?;
    let file = ev.import_id(ev.to_path(ev.force(args[1])?)?)?;
    let Some(ast) = ev.asts.get(file) else {
        return Err(ev.unknown(Reason::Broken, None));
    };
    ev.eval(ast, ast.root, ev.scoped_root(ast, args[0]))
}

impl<'a> Evaluator<'a> {
    /// An outermost scope whose names come before Nix's own (`scopedImport`).
    pub(crate) fn scoped_root(&self, ast: &'a Ast, scope: &'a Thunk<'a>) -> &'a Env<'a> {
        self.scoped.set(true);
        self.arena.alloc(Env { with: Some(scope), ..Env::of_file(ast) })
    }

    /// A name of the scope that `scopedImport` put around the file.
    pub(crate) fn scoped_name(
        &self,
        name: Symbol,
        env: &'a Env<'a>,
    ) -> Eval<'a, Option<&'a Thunk<'a>>> {
        if !self.scoped.get() {
            return Ok(None);
        }
        let mut outermost = env;
        while let Some(parent) = outermost.parent {
            outermost = parent;
        }
        match outermost.with {
            Some(scope) => self.select(self.force(scope)?, name),
            None => Ok(None),
        }
    }

    /// The value of the file at `path`, or of the `default.nix` in the directory there. The path is
    /// relative to the root, without `.` and `..`.
    pub fn import_path(&self, path: &str) -> Eval<'a, &'a Thunk<'a>> {
        match is_outside(path) {
            true => self.import_path_outside(path),
            false => self.import_id(path).map(|file| self.file(file)),
        }
    }

    /// The file that [`import_path`](Self::import_path) would evaluate.
    pub fn import_id(&self, path: &str) -> Eval<'a, nixpact_source::FileId> {
        if is_outside(path) {
            return self.id_outside(path);
        }
        let sources = self.sources;
        let inner = || match path {
            "" => "default.nix".to_owned(),
            _ => format!("{path}/default.nix"),
        };
        let found = sources.id(path).or_else(|| sources.id(&inner()));
        found.ok_or_else(|| match inner() {
            inner if sources.is_encrypted(&inner) => self.no_text(&inner),
            _ => self.no_text(path),
        })
    }
}
