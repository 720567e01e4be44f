//! flake-utils-plus: hosts by name, with what all of them share.
//!
//! Follows `lib/mkFlake.nix` and `lib/exportModules.nix` of gytis-ivaskevicius/flake-utils-plus. What it defines of
//! hosts besides their names, such as their package set, comes from outside.

use std::sync::LazyLock;

use nixpact_eval::{Evaluator, Thunk, own_text};
use nixpact_syntax::Ast;

use super::{open_flake, written};

static TEXT: LazyLock<Ast> = LazyLock::new(|| own_text(include_str!("flake_utils_plus.nix")));

/// The value of an input that is flake-utils-plus; `text` is what it is called.
pub(crate) fn flake<'a>(ev: &Evaluator<'a>, text: &'a str) -> &'a Thunk<'a> {
    ev.lazy(move |ev| open_flake(ev, written(ev, &TEXT, text, Vec::new())?, text))
}
