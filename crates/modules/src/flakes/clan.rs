//! clan: machines by an inventory, and by where their files lie.
//!
//! Follows `modules/clan/`, `modules/inventoryClass/` and `flakeModules/clan.nix` of clan-core. What its own modules
//! and services declare and define comes from outside; what services of the repository do is unknown.

use std::sync::LazyLock;

use nixpact_eval::{Args, Builtin, Eval, Evaluator, External, Reason, Thunk, Value, own_text};
use nixpact_syntax::Ast;

use super::{flake_parts, open_flake, written};

static TEXT: LazyLock<Ast> = LazyLock::new(|| own_text(include_str!("clan.nix")));

/// Whether the address of an input is that of clan-core.
pub(crate) fn is_meant(url: &str) -> bool {
    let rest = url.find("://").map_or(url, |scheme| &url[scheme + 3..]);
    let path = rest.strip_prefix("git.clan.lol/clan/clan-core");
    path.is_some_and(|path| path.is_empty() || path.starts_with(['/', '?', '.']))
}

/// The value of an input that is clan-core; `text` is what it is called.
pub(crate) fn flake<'a>(ev: &Evaluator<'a>, text: &'a str) -> &'a Thunk<'a> {
    ev.lazy(move |ev| {
        let services = ev.unknown(Reason::Unsupported("a service of clan in the repository"), None);
        let inputs = |name: &str| ev.arena.alloc_str(&format!("{text}.inputs.{name}"));
        let more = vec![
            ev.attr("ownServices", ev.stopped(services)),
            ev.attr(BELOW.name, ev.value(ev.partial(&BELOW, &[]))),
            ev.attr("nixpkgs", ev.external(External::Nixpkgs, inputs("nixpkgs"))),
            ev.attr("flake-parts", flake_parts::flake(ev, inputs("flake-parts"), None)),
        ];
        open_flake(ev, written(ev, &TEXT, text, more)?, text)
    })
}

/// Modules as they are, or below a directory where a string names them so, as older versions have it.
static BELOW: Builtin = Builtin { name: "below", arity: 2, run: below };

fn below<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let directory = args[0];
    let place = |module: &&'a Thunk<'a>| match ev.force(module) {
        Ok(Value::Str(path)) if !path.starts_with('/') => {
            let pieces = ev.list(&[directory, module]);
            let arguments = [ev.value(Value::Str("/")), ev.value(pieces)];
            ev.lazy(move |ev| ev.builtin("concatStringsSep", &arguments))
        }
        _ => *module,
    };
    let modules = ev.force_list(args[1])?;
    Ok(ev.open_list(&modules.items.iter().map(place).collect::<Vec<_>>(), modules.rest))
}
