//! colmena: hosts that are the nodes of a hive.
//!
//! Follows `src/nix/hive/eval.nix` of zhaofengli/colmena. What its own modules declare, below `deployment`,
//! comes from outside.

use std::sync::LazyLock;

use nixpact_eval::{
    Args, Attrs, Builtin, Eval, Evaluator, External, Reason, Thunk, Value, own_text,
};
use nixpact_syntax::{Ast, Symbol};

use crate::library::evaluation;

static TEXT: LazyLock<Ast> = LazyLock::new(|| own_text(include_str!("colmena.nix")));

/// The value of an input that is colmena; `text` is what it is called.
pub(crate) fn flake<'a>(ev: &Evaluator<'a>, text: &'a str) -> &'a Thunk<'a> {
    ev.lazy(move |ev| {
        let rest = |text: &str| {
            let reason = Reason::External(External::Input, ev.arena.alloc_str(text));
            Some(ev.unknown_ref(reason, None))
        };
        let make = ev.attr(MAKE_HIVE.name, ev.value(ev.partial(&MAKE_HIVE, &[])));
        let lib = ev.open_attrs(vec![make], rest(&format!("{text}.lib")));
        let lib = ev.attr("lib", ev.value(Value::Attrs(lib)));
        Ok(Value::Attrs(ev.open_attrs(vec![lib], rest(text))))
    })
}

/// `lib.makeHive`
static MAKE_HIVE: Builtin = Builtin { name: "makeHive", arity: 1, run: make_hive };

static NIXOS_SYSTEM: Builtin =
    Builtin { name: "nixosSystem", arity: 1, run: evaluation::nixos_system };

fn make_hive<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let given = ev.attrs(vec![
        ev.attr("lib", ev.value(ev.whole_lib())),
        ev.attr("nixosSystem", ev.value(ev.partial(&NIXOS_SYSTEM, &[]))),
        ev.attr("_lib", ev.value(ev.lib_of_others())),
        ev.attr("own", ev.external(External::Input, "colmena")),
    ]);
    let function = ev.call_with(ev.force(ev.whole(&TEXT))?, given)?;
    let made = ev.call(function, args[0])?;
    let hive = ev.force_attrs(ev.value(made))?;
    let rest = ev.unknown_ref(Reason::External(External::Input, "colmena.lib.makeHive"), None);
    Ok(Value::Attrs(ev.open_attrs(hive.unordered().to_vec(), Some(rest))))
}

/// The nodes of the hive among the outputs of a flake, if there is one: evaluated, or as colmena takes it.
pub(crate) fn nodes<'a>(
    ev: &Evaluator<'a>,
    outputs: &'a Attrs<'a>,
) -> Eval<'a, Option<&'a Attrs<'a>>> {
    let get = |name: &str| ev.select(Value::Attrs(outputs), Symbol::new(name));
    // Whoever makes the one makes it of the other.
    if let Some(raw) = get("colmena")? {
        return hive_nodes(ev, raw).map(Some);
    }
    let Some(hive) = get("colmenaHive")? else { return Ok(None) };
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
