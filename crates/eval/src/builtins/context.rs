//! The context of strings: which parts of the store they need. It is not part of a value here, so that
//! what asks for it is unknown, and what only changes it gives the text.

use super::{Args, Builtin};
use crate::coerce::{Coercion, Text};
use crate::evaluator::Evaluator;
use crate::unknown::{ErrorKind, Eval};

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
    let contexts = ev.force_attrs(args[1])?.sorted();
    match contexts.iter().map(|attr| attr.name.as_str()).find(|path| !is_store_path(path)) {
        Some(key) => ev.error(ErrorKind::Other, format!("context key '{key}' is not a store path")),
        None => ev.force(args[0]),
    }
}

/// Whether a text is the path of something in the store: its hash of 32 characters, `-` and a name.
fn is_store_path(text: &str) -> bool {
    let hash_and_name = text.strip_prefix("/nix/store/").and_then(|base| base.split_at_checked(32));
    hash_and_name.is_some_and(|(hash, name)| {
        hash.bytes().all(|byte| b"0123456789abcdfghijklmnpqrsvwxyz".contains(&byte))
            && name.len() > 1
            && name.starts_with('-')
            && !name.contains('/')
    })
}

fn discard_context<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let mut text = Text::new(ev);
    text.push(ev.force(args[0]), Coercion::Interpolation)?;
    Ok(text.finish())
}
