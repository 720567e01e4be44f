//! The groups of `lib` that belong to the module system: `modules`, `options` and `types`; and the
//! functions of package sets that make types.

pub(crate) mod assertions;
pub(crate) mod evaluation;
mod formats;
mod numbers;
pub(crate) mod options;
mod package;
pub(crate) mod properties;
mod renames;
mod types;

use nixpact_eval::{Attr, Eval, Evaluator, Group, Thunk, Value};
use nixpact_syntax::Symbol;

use crate::names;

/// What [`Evaluator::new`] is given so that modules can be evaluated.
pub const GROUPS: &[Group] = &[
    Group { name: "modules", functions: properties::FUNCTIONS, top_level: true },
    Group { name: "modules", functions: properties::INNER, top_level: false },
    Group { name: "modules", functions: renames::FUNCTIONS, top_level: true },
    Group { name: "options", functions: options::FUNCTIONS, top_level: true },
    Group { name: "types", functions: types::FUNCTIONS, top_level: false },
    Group { name: "types", functions: types::TOP_LEVEL, top_level: true },
    Group { name: "pkgs.formats", functions: formats::FUNCTIONS, top_level: false },
];

fn entry<'a>(name: Symbol, value: &'a Thunk<'a>) -> Attr<'a> {
    Attr { name, value, span: None }
}

fn tagged<'a>(ev: &Evaluator<'a>, tag: &'static str, mut attrs: Vec<Attr<'a>>) -> Eval<'a> {
    attrs.push(entry(*names::TYPE_TAG, ev.value(Value::Str(tag))));
    Ok(Value::Attrs(ev.attrs(attrs)))
}

fn set<'a>(ev: &Evaluator<'a>, attrs: Vec<Attr<'a>>) -> &'a Thunk<'a> {
    ev.value(Value::Attrs(ev.attrs(attrs)))
}
