//! What the modules have in common that put secrets into files: a secret is called after its place or by its `name`,
//! and lies in a directory of all.

use nixpact_eval::{Eval, Evaluator, Reason, Stop, Thunk, Value};
use nixpact_syntax::Symbol;

use crate::node::Node;

/// A secret, and the directory that it lies in.
pub(super) struct Place<'a> {
    pub node: &'a Node<'a>,
    pub name: Symbol,
    pub directory: &'a str,
}

/// The version of another flake's module.
#[derive(Clone, Copy)]
pub(super) enum Version {
    /// Its date in the lock file, in seconds since 1970.
    Of(i64),
    /// Nothing is locked.
    Newest,
    Unknown,
}

impl Version {
    /// Whether it has what came at a date, in seconds since 1970.
    pub fn is_since(self, date: i64) -> Option<bool> {
        match self {
            Version::Of(own) => Some(own >= date),
            Version::Newest => Some(true),
            Version::Unknown => None,
        }
    }
}

/// What modules of the repository define of a secret.
pub(super) fn given<'a>(
    ev: &Evaluator<'a>,
    node: &'a Node<'a>,
    option: &str,
) -> Option<&'a Thunk<'a>> {
    let child = node.child(ev, Symbol::new(option))?;
    child.is_defined().then(|| child.value(ev))
}

/// The path of a secret's file.
pub(super) fn path<'a>(ev: &Evaluator<'a>, place: Place<'a>) -> Eval<'a> {
    let name = match given(ev, place.node, "name") {
        Some(name) => ev.force_str(name)?,
        None => place.name.as_str(),
    };
    // Another module may set it.
    match place.node.opaque(ev) {
        Some(unknown) => Err(Stop::Unknown(unknown)),
        None => Ok(Value::Str(ev.arena.alloc_str(&format!("{}/{name}", place.directory)))),
    }
}

/// The version of a module of another flake that a NixOS host has, of which the names in its text tell that it is meant.
pub(super) fn version<'a>(
    ev: &Evaluator<'a>,
    node: &'a Node<'a>,
    is_meant: impl Fn(&[&str]) -> bool,
) -> Option<Version> {
    if !node.universe.is_nixos() {
        return None;
    }
    node.universe.collected(ev).unresolved.iter().find_map(|module| {
        let Reason::External(_, text) = module.reason else { return None };
        let names: Vec<&str> = text.split(['.', '/', ':', '<', '>', ' ']).collect();
        if !is_meant(&names) {
            return None;
        }
        // `inputs.x.nixosModules.y`, or what is fetched by its address.
        let input = match names.strip_prefix(&["inputs"]).unwrap_or(&names) {
            [input, output, ..] if output.starts_with("nixosModule") => Some(input),
            _ => None,
        };
        Some(match input {
            Some(input) if ev.has_lock() => {
                ev.locked_date(input).map_or(Version::Unknown, Version::Of)
            }
            Some(_) => Version::Newest,
            None => Version::Unknown,
        })
    })
}
