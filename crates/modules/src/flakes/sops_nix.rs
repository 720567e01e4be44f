//! sops-nix: where a secret of a NixOS host lies.
//!
//! Follows `sops.secrets.<name>.path` of `modules/sops/` of Mic92/sops-nix, which all versions have.

use nixpact_eval::{Attr, Eval, Evaluator, Stop, Value};
use nixpact_syntax::Symbol;

use crate::node::Node;

/// A secret that a host's modules declare has a path, whether one defines it or not.
pub(crate) fn complete<'a>(ev: &Evaluator<'a>, node: &'a Node<'a>, entries: &mut Vec<Attr<'a>>) {
    if !node.universe.is_nixos() {
        return;
    }
    let [sops, secrets, name] = node.path.segments()[..] else { return };
    if sops.as_str() != "sops" || secrets.as_str() != "secrets" || !has_module(ev, node) {
        return;
    }
    if entries.iter().any(|entry| entry.name.as_str() == "path") {
        return;
    }
    entries.push(ev.attr("path", ev.lazy(move |ev| path(ev, node, name))));
}

/// Whether the module that declares secrets is that of sops-nix, of which nothing else is known.
fn has_module<'a>(ev: &Evaluator<'a>, node: &'a Node<'a>) -> bool {
    node.universe.collected(ev).has_foreign(|text| {
        text.ends_with("nixosModules.sops") || text.split('.').any(|name| name == "sops-nix")
    })
}

fn path<'a>(ev: &Evaluator<'a>, node: &'a Node<'a>, name: Symbol) -> Eval<'a> {
    let given = |option: &str| {
        let child = node.child(ev, Symbol::new(option))?;
        (!child.definitions.is_empty()).then(|| child.value(ev))
    };
    let is_early = given("neededForUsers").map_or(Ok(false), |value| ev.force_bool(value))?;
    let name = given("name").map_or(Ok(name.as_str()), |value| ev.force_str(value))?;
    // Another module may set it.
    if let Some(unknown) = node.opaque(ev) {
        return Err(Stop::Unknown(unknown));
    }
    let directory = if is_early { "/run/secrets-for-users" } else { "/run/secrets" };
    Ok(Value::Str(ev.arena.alloc_str(&format!("{directory}/{name}"))))
}
