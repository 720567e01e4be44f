//! import-tree: modules by where their files lie.
//!
//! Follows `default.nix` of vic/import-tree.

use std::sync::LazyLock;

use nixpact_eval::{Evaluator, Thunk, Value, own_text};
use nixpact_syntax::Ast;

use super::{open_flake, written};

static TEXT: LazyLock<Ast> = LazyLock::new(|| own_text(include_str!("import_tree.nix")));

/// The value of an input that is import-tree; `text` is what it is called.
pub(crate) fn flake<'a>(ev: &Evaluator<'a>, text: &'a str) -> &'a Thunk<'a> {
    ev.lazy(move |ev| {
        let root = ev.attr("root", ev.value(Value::Path("")));
        // As a flake it also has a place, from which it may be imported.
        open_flake(ev, written(ev, &TEXT, text, vec![root])?, text)
    })
}
