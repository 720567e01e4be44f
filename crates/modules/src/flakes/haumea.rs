//! haumea: sets of what stands in the files below a directory.
//!
//! Follows `src/load.nix` of nix-community/haumea, its loaders, matchers and transformers.

use std::sync::LazyLock;

use nixpact_eval::{Evaluator, Thunk, own_text};
use nixpact_syntax::Ast;

use super::{open_flake, written};

static TEXT: LazyLock<Ast> = LazyLock::new(|| own_text(include_str!("haumea.nix")));

/// The value of an input that is haumea; `text` is what it is called.
pub(crate) fn flake<'a>(ev: &Evaluator<'a>, text: &'a str) -> &'a Thunk<'a> {
    ev.lazy(move |ev| open_flake(ev, written(ev, &TEXT, text, Vec::new())?, text))
}
