//! sops-nix: where the secrets and the templates of a NixOS host lie, and what stands for a secret in a template.
//!
//! Follows `sops.secrets.<name>.path`, `sops.templates.<name>.path` and `sops.placeholder` of `modules/sops/` of
//! Mic92/sops-nix.

use nixpact_eval::{Attr, Eval, Evaluator, Stop, Value};
use nixpact_syntax::Symbol;

use super::secret::{Place, given, path, version};
use crate::foreign;
use crate::node::Node;

/// Since when templates lie in `/run/secrets/rendered`, in seconds since 1970; before, in `/run/secrets-rendered`.
const RENDERED_SINCE: i64 = 1_730_868_941;

const PLACEHOLDER: &str = "placeholder";

/// Adds what the module of sops-nix gives a place, whether a module of the repository defines it or not.
pub(crate) fn complete<'a>(ev: &Evaluator<'a>, node: &'a Node<'a>, entries: &mut Vec<Attr<'a>>) {
    let (name, value) = match node.path.segments()[..] {
        [sops, secrets, name] if sops.as_str() == "sops" && secrets.as_str() == "secrets" => {
            ("path", ev.lazy(move |ev| secret(ev, node, name)))
        }
        [sops, templates, name] if sops.as_str() == "sops" && templates.as_str() == "templates" => {
            ("path", ev.lazy(move |ev| template(ev, node, name)))
        }
        [sops] if sops.as_str() == "sops" => {
            (PLACEHOLDER, ev.lazy(move |ev| placeholders(ev, node)))
        }
        _ => return,
    };
    let is_known = entries.iter().any(|entry| entry.name.as_str() == name);
    if !is_known && version(ev, node, is_module).is_some() {
        entries.push(ev.attr(name, value));
    }
}

/// Whether a module that is not known is the one that declares secrets, by how it is named.
fn is_module(names: &[&str]) -> bool {
    names.ends_with(&["nixosModules", "sops"]) || names.contains(&"sops-nix")
}

fn secret<'a>(ev: &Evaluator<'a>, node: &'a Node<'a>, name: Symbol) -> Eval<'a> {
    let is_early = match given(ev, node, "neededForUsers") {
        Some(value) => ev.force_bool(value)?,
        None => false,
    };
    let directory = if is_early { "/run/secrets-for-users" } else { "/run/secrets" };
    path(ev, Place { node, name, directory })
}

fn template<'a>(ev: &Evaluator<'a>, node: &'a Node<'a>, name: Symbol) -> Eval<'a> {
    let is_new = version(ev, node, is_module).and_then(|it| it.is_since(RENDERED_SINCE));
    let directory = match is_new {
        Some(true) => "/run/secrets/rendered",
        Some(false) => "/run/secrets-rendered",
        None => {
            return Err(Stop::Unknown(foreign::at(ev, node.path.child(ev, Symbol::new("path")))));
        }
    };
    path(ev, Place { node, name, directory })
}

/// A placeholder for each secret, where there are templates.
fn placeholders<'a>(ev: &Evaluator<'a>, sops: &'a Node<'a>) -> Eval<'a> {
    let unknown = foreign::at(ev, sops.path.child(ev, Symbol::new(PLACEHOLDER)));
    let set = |name: &str| {
        let node = sops.child(ev, Symbol::new(name))?;
        ev.force_attrs(node.value(ev)).ok().filter(|set| !set.is_empty())
    };
    let (Some(_), Some(secrets)) = (set("templates"), set("secrets")) else {
        return Err(Stop::Unknown(unknown));
    };
    let placeholder = |secret: &Attr<'a>| {
        let name = secret.name;
        let value = ev.lazy(move |ev| {
            let arguments = ["sha256", name.as_str()].map(|text| ev.value(ev.str(text)));
            let hash = ev.force_str(ev.apply_builtin("hashString", &arguments))?;
            Ok(ev.str(&format!("<SOPS:{hash}:PLACEHOLDER>")))
        });
        Attr { name, value, span: None }
    };
    let known = secrets.unordered().iter().map(placeholder).collect();
    Ok(Value::Attrs(ev.open_attrs(known, Some(unknown))))
}
