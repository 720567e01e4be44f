//! blueprint: hosts, modules and a `lib` that are found by where their files lie.
//!
//! Follows `lib/default.nix` of numtide/blueprint. What it adds to a host itself comes from outside.

use std::sync::LazyLock;

use nixpact_eval::{Args, Builtin, Eval, Evaluator, External, Thunk, Value, own_text};
use nixpact_syntax::Ast;

use super::{open, open_flake, written};

static TEXT: LazyLock<Ast> = LazyLock::new(|| own_text(include_str!("blueprint.nix")));

/// The value of an input that is blueprint; `text` is what it is called.
pub(crate) fn flake<'a>(ev: &Evaluator<'a>, text: &'a str) -> &'a Thunk<'a> {
    ev.lazy(move |ev| {
        let functor = ev.attr("__functor", ev.value(ev.partial(&FUNCTOR, &[])));
        open_flake(ev, Value::Attrs(ev.attrs(vec![functor])), text)
    })
}

static FUNCTOR: Builtin = Builtin { name: "blueprint", arity: 2, run: blueprint };

/// What is called is its flake, and what that is called with the arguments.
fn blueprint<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let rest = ev.attr("rest", ev.external(External::Input, "blueprint"));
    let made = ev.call(written(ev, &TEXT, "blueprint", vec![rest])?, args[1])?;
    open(ev, made, "blueprint")
}
