//! What is known of other flakes without reading them, by where they come from.

pub(crate) mod agenix;
mod blueprint;
mod clan;
pub(crate) mod colmena;
mod easy_hosts;
pub(crate) mod flake_parts;
mod flake_utils;
mod flake_utils_plus;
mod haumea;
mod home_manager;
mod import_tree;
mod nixos_unified;
pub(crate) mod partitions;
mod secret;
mod snowfall;
pub(crate) mod sops_nix;

use nixpact_eval::{
    Attr, Attrs, Builtin, Eval, Evaluator, External, Provenance, Reason, Thunk, Value,
};
use nixpact_syntax::{Ast, Symbol};

use crate::library::evaluation;

/// The value of one of the `inputs` of a flake, of which something is known; `text` is what it is called. The lock
/// file is that of the repository's own flake.
pub(crate) fn known<'a>(
    ev: &Evaluator<'a>,
    inputs: &[Attr<'a>],
    input: &Attr<'a>,
    text: &'a str,
    is_own: bool,
) -> Option<&'a Thunk<'a>> {
    if let Some(is_usual) = flake_utils_systems(ev, inputs, input) {
        return Some(flake_utils::flake(ev, text, is_usual));
    }
    // Many flakes take that of another one.
    if input.name.as_str() == "import-tree" {
        return Some(import_tree::flake(ev, text));
    }
    let attrs = ev.force_attrs(input.value).ok()?;
    match attrs.get(Symbol::new("url")) {
        Some(url) => from(ev, ev.force_str(url.value).ok()?, Some(attrs), text),
        // Another flake's, which may give it other inputs.
        None if is_own && follows(ev, input)?.contains('/') => {
            from(ev, ev.locked_url(input.name.as_str())?, None, text)
        }
        None => None,
    }
}

/// What an input follows, `follows = "nixpkgs"`.
pub(crate) fn follows<'a>(ev: &Evaluator<'a>, input: &Attr<'a>) -> Option<&'a str> {
    let input = ev.force_attrs(input.value).ok()?;
    ev.force_str(input.get(Symbol::new("follows"))?.value).ok()
}

/// What the input of that name of an input follows.
fn followed_by<'a>(ev: &Evaluator<'a>, input: &Attrs<'a>, name: &str) -> Option<&'a str> {
    let inputs = ev.force_attrs(input.get(Symbol::new("inputs"))?.value).ok()?;
    follows(ev, inputs.get(Symbol::new(name))?)
}

/// The value of an input of another flake, of which something is known; `text` is what it is called.
pub(crate) fn of_input<'a>(
    ev: &Evaluator<'a>,
    origin: &Provenance,
    text: &'a str,
) -> Option<&'a Thunk<'a>> {
    let url = origin.url.as_deref()?;
    match repository(&url.to_ascii_lowercase())? {
        ("numtide", "flake-utils") => Some(flake_utils::flake(ev, text, origin.has_usual_systems)),
        _ => from(ev, url, None, text),
    }
}

/// The value of a flake by where it comes from, and how it is declared as an input.
fn from<'a>(
    ev: &Evaluator<'a>,
    url: &str,
    declared: Option<&'a Attrs<'a>>,
    text: &'a str,
) -> Option<&'a Thunk<'a>> {
    let url = url.to_ascii_lowercase();
    if clan::is_meant(&url) {
        return Some(clan::flake(ev, text));
    }
    match repository(&url)? {
        // A flake for each, to be overridden by the other one.
        ("boolean-option", value @ ("true" | "false")) => Some(boolean(ev, text, value == "true")),
        ("clan-lol", "clan-core") => Some(clan::flake(ev, text)),
        ("denful" | "vic", "import-tree") => Some(import_tree::flake(ev, text)),
        ("gytis-ivaskevicius", "flake-utils-plus") => Some(flake_utils_plus::flake(ev, text)),
        ("hercules-ci", "flake-parts") => {
            let nixpkgs = declared.and_then(|input| followed_by(ev, input, "nixpkgs-lib"));
            Some(flake_parts::flake(ev, text, nixpkgs))
        }
        ("nix-community", "haumea") => Some(haumea::flake(ev, text)),
        ("nix-community", "home-manager") => Some(home_manager::flake(ev, text)),
        ("numtide", "blueprint") => Some(blueprint::flake(ev, text)),
        ("isabelroses" | "tgirlcloud", "easy-hosts") => Some(easy_hosts::flake(ev, text)),
        ("srid", "nixos-unified") => Some(nixos_unified::flake(ev, text)),
        ("snowfallorg", "lib") => Some(snowfall::flake(ev, text)),
        ("nix-community" | "zhaofengli", "colmena") => Some(colmena::flake(ev, text)),
        _ => None,
    }
}

/// The value of an input that is named and not declared: where it comes from is looked up in the registry of flakes
/// (`flake-registry.json` of NixOS/flake-registry).
pub(crate) fn registered<'a>(ev: &Evaluator<'a>, name: Symbol) -> Option<&'a Thunk<'a>> {
    let url = match name.as_str() {
        "flake-parts" => "github:hercules-ci/flake-parts",
        "flake-utils" => "github:numtide/flake-utils",
        "home-manager" => "github:nix-community/home-manager",
        _ => return None,
    };
    let url = ev.attr("url", ev.value(Value::Str(url)));
    let value = ev.value(Value::Attrs(ev.attrs(vec![url])));
    known(ev, &[], &Attr { name, value, span: None }, name.as_str(), false)
}

/// A flake whose `value` says whether something is switched on.
fn boolean<'a>(ev: &Evaluator<'a>, text: &'a str, value: bool) -> &'a Thunk<'a> {
    ev.lazy(move |ev| {
        let value = ev.attr("value", ev.value(Value::Bool(value)));
        open_flake(ev, Value::Attrs(ev.attrs(vec![value])), text)
    })
}

/// The ways to name a repository on GitHub; FlakeHub has what its owners publish there.
const ON_GITHUB: [&str; 5] = [
    "github:",
    "git+https://github.com/",
    "git+ssh://git@github.com/",
    "https://github.com/",
    "https://flakehub.com/f/",
];

/// The owner and the name of a repository on GitHub.
pub(crate) fn repository(url: &str) -> Option<(&str, &str)> {
    let (owner, rest) = ON_GITHUB.iter().find_map(|way| url.strip_prefix(way))?.split_once('/')?;
    let name = rest.split(['/', '?', '#']).next().unwrap_or_default();
    Some((owner, name.strip_suffix(".git").unwrap_or(name)))
}

/// Whether an input that is flake-utils has its usual systems; `None` for other inputs.
fn flake_utils_systems<'a>(
    ev: &Evaluator<'a>,
    inputs: &[Attr<'a>],
    input: &Attr<'a>,
) -> Option<bool> {
    let attrs = ev.force_closed_attrs(input.value).ok()?;
    let is_meant = match attrs.get(Symbol::new("url")).map(|url| ev.force_str(url.value)) {
        Some(Ok(url)) => repository(&url.to_ascii_lowercase()) == Some(("numtide", "flake-utils")),
        Some(Err(_)) => false,
        // It follows another flake's, which may have given it other systems.
        None => input.name.as_str() == "flake-utils" && attrs.get(Symbol::new("follows")).is_some(),
    };
    let lacks = |name| attrs.get(Symbol::new(name)).is_none();
    // Those of Linux are in all of these.
    let are_usual = || {
        let name = followed_by(ev, attrs, "systems")?;
        let systems = inputs.iter().find(|input| input.name.as_str() == name)?;
        let systems = ev.force_closed_attrs(systems.value).ok()?;
        let url = ev.force_str(systems.get(Symbol::new("url"))?.value).ok()?;
        let url = url.to_ascii_lowercase();
        matches!(repository(&url)?, ("nix-systems", "default" | "default-linux")).then_some(())
    };
    let is_usual = || lacks("follows") && (lacks("inputs") || are_usual().is_some());
    is_meant.then(is_usual)
}

/// The function that a text written for nixpact gives: it is called with `lib`, `nixosSystem` and the `_lib` to
/// pass that, the flake's `own` module, of which nothing is known, and `more`.
fn written<'a>(ev: &Evaluator<'a>, text: &'a Ast, flake: &str, more: Vec<Attr<'a>>) -> Eval<'a> {
    let mut given = vec![
        ev.attr("lib", ev.value(ev.whole_lib())),
        ev.attr(NIXOS_SYSTEM.name, ev.value(ev.partial(&NIXOS_SYSTEM, &[]))),
        ev.attr("_lib", ev.value(ev.lib_of_others())),
        ev.attr("own", ev.external(External::Input, flake)),
    ];
    given.extend(more);
    ev.call_with(ev.force(ev.whole(text))?, ev.attrs(given))
}

static NIXOS_SYSTEM: Builtin =
    Builtin { name: "nixosSystem", arity: 1, run: evaluation::nixos_system };

/// What is known of a flake, which may have more, and lies somewhere; `text` is what it is called.
fn open_flake<'a>(ev: &Evaluator<'a>, set: Value<'a>, text: &str) -> Eval<'a> {
    let path = ev.arena.alloc_str(&format!("{text}.outPath"));
    let mut entries = vec![ev.attr("outPath", ev.external(External::Input, path))];
    let set = ev.force_attrs(ev.value(set))?;
    entries.extend_from_slice(set.unordered());
    // What else it has is as of any input: the lock tells its version.
    let whole = ev.unknown_ref(Reason::External(External::Input, ev.arena.alloc_str(text)), None);
    Ok(Value::Attrs(ev.known_in_part(entries, whole)))
}

/// A set to which the flake may add more; `text` is what it is called.
fn open<'a>(ev: &Evaluator<'a>, set: Value<'a>, text: &str) -> Eval<'a> {
    let set = ev.force_attrs(ev.value(set))?;
    let rest = ev.unknown_ref(Reason::External(External::Input, ev.arena.alloc_str(text)), None);
    Ok(Value::Attrs(ev.open_attrs(set.unordered().to_vec(), Some(set.rest.unwrap_or(rest)))))
}

#[cfg(test)]
mod tests {
    use super::repository;

    #[test]
    fn a_repository_is_named_in_many_ways() {
        for url in [
            "github:numtide/flake-utils",
            "github:numtide/flake-utils/v1?dir=a",
            "git+https://github.com/numtide/flake-utils?shallow=1",
            "git+https://github.com/numtide/flake-utils.git",
            "git+ssh://git@github.com/numtide/flake-utils.git?ref=main",
            "https://github.com/numtide/flake-utils/archive/main.tar.gz",
            "https://flakehub.com/f/numtide/flake-utils/0.1.*",
        ] {
            assert_eq!(repository(url), Some(("numtide", "flake-utils")), "{url}");
        }
        for url in [
            "gitlab:numtide/flake-utils",
            "github:numtide",
            "https://example.com/a/b",
            "flake-utils",
        ] {
            assert_eq!(repository(url), None, "{url}");
        }
    }
}
