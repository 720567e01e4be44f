//! agenix: where the secrets of a NixOS host lie.
//!
//! Follows `age.secrets.<name>.path` of `modules/age.nix` of ryantm/agenix, which ragenix has, too.

use nixpact_eval::{Attr, Eval, Evaluator, Stop};
use nixpact_syntax::Symbol;

use super::secret::{Place, path, version};
use crate::foreign;
use crate::node::Node;

/// Since when that is `/run/agenix` where nothing else is said, in seconds since 1970.
const SINCE: i64 = 1_637_041_172;

/// Adds what the module of agenix gives a secret, whether a module of the repository defines it or not.
pub(crate) fn complete<'a>(ev: &Evaluator<'a>, node: &'a Node<'a>, entries: &mut Vec<Attr<'a>>) {
    let [age, secrets, name] = node.path.segments()[..] else { return };
    let is_secret = age.as_str() == "age" && secrets.as_str() == "secrets";
    if is_secret
        && entries.iter().all(|entry| entry.name.as_str() != "path")
        && version(ev, node, is_module).is_some()
    {
        entries.push(ev.attr("path", ev.lazy(move |ev| secret(ev, node, name))));
    }
}

/// Whether a module that is not known is the one that declares secrets, by how it is named.
fn is_module(names: &[&str]) -> bool {
    names.ends_with(&["nixosModules", "age"])
        || names.iter().any(|name| matches!(*name, "agenix" | "ragenix"))
}

fn secret<'a>(ev: &Evaluator<'a>, node: &'a Node<'a>, name: Symbol) -> Eval<'a> {
    let age = ["age", "secretsDir"].map(Symbol::new);
    let given = node.universe.node(ev, &age).filter(|it| it.is_defined());
    let is_new = || version(ev, node, is_module).and_then(|it| it.is_since(SINCE));
    let directory = match given {
        Some(given) => ev.force_str(given.value(ev))?,
        None if is_new() == Some(true) => "/run/agenix",
        None => {
            return Err(Stop::Unknown(foreign::at(ev, node.path.child(ev, Symbol::new("path")))));
        }
    };
    path(ev, Place { node, name, directory })
}
