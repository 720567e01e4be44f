//! home-manager: what its `lib` holds, which repositories put over nixpkgs'.

use nixpact_eval::{Evaluator, External, Thunk, Value};

use super::open_flake;

/// All that has been in `lib` of its flake.
const LIB: &[&str] = &["hm", "homeManagerConfiguration"];

/// The value of an input that is home-manager; `text` is what it is called.
pub(crate) fn flake<'a>(ev: &Evaluator<'a>, text: &'a str) -> &'a Thunk<'a> {
    ev.lazy(move |ev| {
        let member = |name: &&str| {
            ev.attr(name, ev.external(External::Input, &format!("{text}.lib.{name}")))
        };
        let lib = ev.attrs(LIB.iter().map(member).collect());
        let lib = ev.attr("lib", ev.value(Value::Attrs(lib)));
        open_flake(ev, Value::Attrs(ev.attrs(vec![lib])), text)
    })
}
