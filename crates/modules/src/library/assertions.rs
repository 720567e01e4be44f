//! `nixos/modules/misc/assertions.nix` of nixpkgs, which needs nothing else of it: evaluations of modules that are no
//! host import it, too. All versions declare the same two options.

use std::sync::LazyLock;

use nixpact_eval::{Evaluator, Reason, Thunk, Unknown, own_text};
use nixpact_syntax::Ast;

static TEXT: LazyLock<Ast> = LazyLock::new(|| own_text(include_str!("assertions.nix")));

const PATH: &str = "/nixos/modules/misc/assertions.nix";

/// The key by which it counts once.
pub(crate) const KEY: &str = "nixpkgs/nixos/modules/misc/assertions.nix";

/// The module, where `unknown` is why the path of a module is not known, and the path is that of this one.
pub(crate) fn module<'a>(ev: &Evaluator<'a>, unknown: &Unknown<'a>) -> Option<&'a Thunk<'a>> {
    match unknown.reason {
        Reason::External(_, text) if text.trim_end_matches('>').ends_with(PATH) => {
            Some(ev.whole(&TEXT))
        }
        _ => None,
    }
}
