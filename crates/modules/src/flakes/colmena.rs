//! colmena: hosts that are the nodes of a hive.
//!
//! Follows `src/nix/hive/eval.nix` of zhaofengli/colmena. What its own modules declare, below `deployment`,
//! comes from outside.

use std::sync::LazyLock;

use nixpact_eval::{Args, Attrs, Builtin, Eval, Evaluator, Thunk, Value, own_text};
use nixpact_syntax::{Ast, Symbol};

use super::{open, open_flake, written};

static TEXT: LazyLock<Ast> = LazyLock::new(|| own_text(include_str!("colmena.nix")));

/// The value of an input that is colmena; `text` is what it is called.
pub(crate) fn flake<'a>(ev: &Evaluator<'a>, text: &'a str) -> &'a Thunk<'a> {
    ev.lazy(move |ev| {
        let make = ev.attr(MAKE_HIVE.name, ev.value(ev.partial(&MAKE_HIVE, &[])));
        let lib = open(ev, Value::Attrs(ev.attrs(vec![make])), &format!("{text}.lib"))?;
        let lib = ev.attr("lib", ev.value(lib));
        open_flake(ev, Value::Attrs(ev.attrs(vec![lib])), text)
    })
}

/// `lib.makeHive`
static MAKE_HIVE: Builtin = Builtin { name: "makeHive", arity: 1, run: make_hive };

fn make_hive<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let function = written(ev, &TEXT, "colmena", Vec::new())?;
    let made = ev.call(function, args[0])?;
    open(ev, made, "colmena.lib.makeHive")
}

/// The nodes of the hive among the outputs of a flake, if there is one: evaluated, or as colmena takes it.
pub(crate) fn nodes<'a>(
    ev: &Evaluator<'a>,
    outputs: &'a Attrs<'a>,
) -> Eval<'a, Option<&'a Attrs<'a>>> {
    // What other flakes may add to the outputs is no hive.
    let get = |name: &str| outputs.get(Symbol::new(name)).map(|output| output.value);
    // Whoever makes the one makes it of the other.
    if let Some(raw) = get("colmena") {
        return hive_nodes(ev, raw).map(Some);
    }
    let Some(hive) = get("colmenaHive") else { return Ok(None) };
    nodes_of(ev, ev.force(hive)?).map(Some)
}

/// The nodes of a hive as `hive.nix` has it.
pub(crate) fn hive_nodes<'a>(ev: &Evaluator<'a>, raw: &'a Thunk<'a>) -> Eval<'a, &'a Attrs<'a>> {
    let hive = make_hive(ev, ev.arena.alloc_slice_copy(&[raw]))?;
    nodes_of(ev, hive)
}

fn nodes_of<'a>(ev: &Evaluator<'a>, hive: Value<'a>) -> Eval<'a, &'a Attrs<'a>> {
    match ev.select(hive, Symbol::new("nodes"))? {
        Some(nodes) => ev.force_attrs(nodes),
        None => Ok(ev.attrs(Vec::new())),
    }
}
