//! What is known of other flakes without reading them, by where they come from.

pub(crate) mod colmena;
pub(crate) mod flake_parts;
mod flake_utils;
mod home_manager;
pub(crate) mod partitions;

use nixpact_eval::{Attr, Evaluator, Thunk};
use nixpact_syntax::Symbol;

/// The value of an input of which something is known.
pub(crate) fn known<'a>(ev: &Evaluator<'a>, input: &Attr<'a>) -> Option<&'a Thunk<'a>> {
    let text = input.name.as_str();
    if let Some(is_usual) = flake_utils_systems(ev, input) {
        return Some(flake_utils::flake(ev, text, is_usual));
    }
    let attrs = ev.force_attrs(input.value).ok()?;
    let url = ev.force_str(attrs.get(Symbol::new("url"))?.value).ok()?.to_ascii_lowercase();
    match repository(&url)? {
        ("nix-community", "home-manager") => Some(home_manager::flake(ev, text)),
        ("zhaofengli", "colmena") => Some(colmena::flake(ev, text)),
        _ => None,
    }
}

/// The owner and the name of a repository on GitHub.
pub(crate) fn repository(url: &str) -> Option<(&str, &str)> {
    let (owner, rest) = url.strip_prefix("github:")?.split_once('/')?;
    Some((owner, rest.split(['/', '?', '#']).next().unwrap_or_default()))
}

/// Whether an input that is flake-utils has its usual systems; `None` for other inputs.
fn flake_utils_systems<'a>(ev: &Evaluator<'a>, input: &Attr<'a>) -> Option<bool> {
    let attrs = ev.force_closed_attrs(input.value).ok()?;
    let is_meant = match attrs.get(Symbol::new("url")).map(|url| ev.force_str(url.value)) {
        Some(Ok(url)) => repository(&url.to_ascii_lowercase()) == Some(("numtide", "flake-utils")),
        Some(Err(_)) => false,
        // It follows another flake's, which may have given it other systems.
        None => input.name.as_str() == "flake-utils" && attrs.get(Symbol::new("follows")).is_some(),
    };
    let is_usual =
        || ["follows", "inputs"].iter().all(|name| attrs.get(Symbol::new(name)).is_none());
    is_meant.then(is_usual)
}
