//! snowfall-lib: hosts, modules and a `lib` that are found by where their files lie.
//!
//! Follows `snowfall-lib/` of snowfallorg/lib, and flake-utils-plus, which it calls. What these themselves
//! declare and define comes from outside.

use std::sync::LazyLock;

use nixpact_eval::{Args, Builtin, Eval, Evaluator, External, Thunk, Value, own_text};
use nixpact_syntax::{Ast, Symbol};

use super::{open, open_flake, written};

static TEXT: LazyLock<Ast> = LazyLock::new(|| own_text(include_str!("snowfall.nix")));

/// The value of an input that is snowfall-lib; `text` is what it is called.
pub(crate) fn flake<'a>(ev: &Evaluator<'a>, text: &'a str) -> &'a Thunk<'a> {
    ev.lazy(move |ev| {
        let function = |function: &'static Builtin| {
            ev.attr(function.name, ev.value(ev.partial(function, &[])))
        };
        let functions = vec![function(&MAKE_LIB), function(&MAKE_FLAKE)];
        open_flake(ev, Value::Attrs(ev.attrs(functions)), text)
    })
}

static MAKE_LIB: Builtin = Builtin { name: "mkLib", arity: 1, run: make_lib };
static MAKE_FLAKE: Builtin = Builtin { name: "mkFlake", arity: 1, run: make_flake };
/// `mkFlake` of the `lib` that `mkLib` makes.
static FLAKE_OF_LIB: Builtin = Builtin { name: "mkFlake", arity: 2, run: flake_of_lib };

fn make_lib<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let rest = ev.attr("rest", ev.external(External::Input, "snowfall-lib.lib"));
    let made = ev.call(written(ev, &TEXT, "snowfall-lib", vec![rest])?, args[0])?;
    let lib = ev.force_attrs(ev.value(made))?;
    let Some(make) = ev.select(made, Symbol::new(MAKE_FLAKE.name))? else { return Ok(made) };
    let own = ev.attr(MAKE_FLAKE.name, ev.value(ev.partial(&FLAKE_OF_LIB, &[make])));
    Ok(Value::Attrs(ev.update_attrs(lib, ev.attrs(vec![own]))))
}

/// What it is given is what `mkLib` is given, and what the `mkFlake` of that is.
fn make_flake<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let lib = make_lib(ev, args)?;
    match ev.select(lib, Symbol::new(MAKE_FLAKE.name))? {
        Some(make) => ev.call(ev.force(make)?, args[0]),
        None => ev.unsupported("snowfall-lib.mkFlake"),
    }
}

fn flake_of_lib<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let made = ev.call(ev.force(args[0])?, args[1])?;
    open(ev, made, "snowfall-lib.mkFlake")
}
