//! nixos-unified: flake-parts with modules, and hosts, that are found by where their files lie.
//!
//! Follows `flake.nix` and `nix/modules/flake-parts/` of srid/nixos-unified. What its own modules of NixOS and
//! home-manager declare and define comes from outside.

use std::sync::LazyLock;

use nixpact_eval::{Evaluator, Thunk, own_text};
use nixpact_syntax::Ast;

use super::{open_flake, written};

static TEXT: LazyLock<Ast> = LazyLock::new(|| own_text(include_str!("nixos_unified.nix")));

/// The value of an input that is nixos-unified; `text` is what it is called.
pub(crate) fn flake<'a>(ev: &Evaluator<'a>, text: &'a str) -> &'a Thunk<'a> {
    ev.lazy(move |ev| open_flake(ev, written(ev, &TEXT, text, Vec::new())?, text))
}
