//! easy-hosts: hosts by the options of a module of flake-parts.
//!
//! Follows `flake-module.nix` and `lib.nix` of tgirlcloud/easy-hosts.

use std::sync::LazyLock;

use nixpact_eval::{Evaluator, Thunk, own_text};
use nixpact_syntax::Ast;

use super::{open_flake, written};

static TEXT: LazyLock<Ast> = LazyLock::new(|| own_text(include_str!("easy_hosts.nix")));

/// The value of an input that is easy-hosts; `text` is what it is called.
pub(crate) fn flake<'a>(ev: &Evaluator<'a>, text: &'a str) -> &'a Thunk<'a> {
    ev.lazy(move |ev| open_flake(ev, written(ev, &TEXT, text, Vec::new())?, text))
}
