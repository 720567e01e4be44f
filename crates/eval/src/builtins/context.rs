//! The context of strings: which parts of the store they need. It is not part of a value here, so that
//! what asks for it is unknown, and what only changes it gives the text.

use super::{Args, Builtin};
use crate::coerce::{Coercion, Text};
use crate::evaluator::Evaluator;
use crate::unknown::Eval;

pub(super) const TABLE: &[Builtin] = &[
    Builtin { name: "addDrvOutputDependencies", arity: 1, run: context },
    Builtin { name: "appendContext", arity: 2, run: append_context },
    Builtin { name: "getContext", arity: 1, run: context },
    Builtin { name: "hasContext", arity: 1, run: context },
    Builtin { name: "unsafeDiscardOutputDependency", arity: 1, run: discard_context },
    Builtin { name: "unsafeDiscardStringContext", arity: 1, run: discard_context },
];

fn context<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    ev.force_str(args[0])?;
    ev.unsupported("the context of a string")
}

fn append_context<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    ev.force_str(args[0])?;
    ev.force_attrs(args[1])?;
    ev.force(args[0])
}

fn discard_context<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let mut text = Text::new(ev);
    text.push(ev.force(args[0]), Coercion::Interpolation)?;
    Ok(text.finish())
}
