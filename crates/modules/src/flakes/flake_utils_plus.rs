//! flake-utils-plus: hosts by name, with what all of them share.
//!
//! Its library is that of flake-utils and more. Follows `lib/mkFlake.nix` and `lib/exportModules.nix` of
//! gytis-ivaskevicius/flake-utils-plus. What it defines of hosts besides their names, such as their package set,
//! comes from outside.

use std::sync::LazyLock;

use nixpact_eval::{Evaluator, Thunk, own_text};
use nixpact_syntax::Ast;

use super::{flake_utils, open_flake, written};

static TEXT: LazyLock<Ast> = LazyLock::new(|| own_text(include_str!("flake_utils_plus.nix")));

/// The value of an input that is flake-utils-plus; `text` is what it is called.
pub(crate) fn flake<'a>(ev: &Evaluator<'a>, text: &'a str) -> &'a Thunk<'a> {
    ev.lazy(move |ev| {
        // Its flake may give flake-utils other systems.
        let utils = ev.arena.alloc_str(&format!("{text}.inputs.flake-utils"));
        let more = vec![ev.attr("flake-utils", flake_utils::flake(ev, utils, false))];
        open_flake(ev, written(ev, &TEXT, text, more)?, text)
    })
}
