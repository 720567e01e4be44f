//! Nix's built-in functions, one file per subject.

mod attrs;
mod context;
mod control;
mod derivation;
pub mod encoding;
mod files;
mod hash;
mod json;
mod lists;
mod numbers;
mod positions;
mod regex;
mod replace;
mod store;
mod strings;
mod toml;
mod types;
mod versions;
mod xml;

pub(crate) use attrs::{cat_attrs, get_attr, list_to_attrs, zip_attrs_with};
pub(crate) use control::message;
pub(crate) use files::{path_exists, read_file, read_file_type};
pub(crate) use json::{from_json, to_json};
pub(crate) use lists::{foldl, group_by, head, sort_by};
pub(crate) use positions::position;
pub(crate) use regex::Compiled;
pub(crate) use replace::replace_strings;
pub(crate) use strings::concat_strings_sep;
pub(crate) use toml::from_toml;
pub(crate) use types::function_args;
pub(crate) use versions::{compare, parse_drv_name, version_components};

use nixpact_syntax::Symbol;
use rustc_hash::FxHashMap;

use crate::evaluator::Evaluator;
use crate::thunk::Thunk;
use crate::unknown::{Eval, External, Reason};
use crate::value::Value;

/// The arguments of a built-in function, as many as its arity.
pub type Args<'a> = &'a [&'a Thunk<'a>];

/// A function written in Rust.
pub struct Builtin {
    /// As it is called, such as `map`; within a group of `lib` without the group's name.
    pub name: &'static str,
    /// How many arguments it takes; 0 makes a constant.
    pub arity: usize,
    pub run: for<'a> fn(&Evaluator<'a>, Args<'a>) -> Eval<'a>,
}

/// One place for each function, by which it is known.
static TABLES: &[&[Builtin]] = &[
    attrs::TABLE,
    context::TABLE,
    control::TABLE,
    derivation::TABLE,
    files::TABLE,
    hash::TABLE,
    json::TABLE,
    lists::TABLE,
    numbers::TABLE,
    positions::TABLE,
    regex::TABLE,
    store::TABLE,
    strings::TABLE,
    toml::TABLE,
    types::TABLE,
    versions::TABLE,
    xml::TABLE,
];

/// Built-in functions whose result depends on more than the repository's text.
const IMPURE: &[&str] = &[
    "fetchGit",
    "fetchMercurial",
    "fetchTarball",
    "fetchTree",
    "fetchurl",
    "findFile",
    "getFlake",
    "nixPath",
    "nixVersion",
    "storeDir",
    "langVersion",
    "fetchClosure",
    "flakeRefToString",
    "parseFlakeRef",
];

/// Values that are only there where the evaluation need not be pure.
const NEVER_PURE: &[&str] = &["currentSystem", "currentTime"];

/// Functions that are only there where native code may run.
const NATIVE: &[&str] = &["exec", "importNative"];

/// Functions that nixpact does not have, of versions of Nix or of its relatives.
const OF_OTHERS: &[&str] =
    &["fetchFinalTree", "forceLazyFetcherAttr", "outputOf", "parallel", "toPath", "wasm"];

/// Whether a name that nixpact does not have is a built-in one in some way of running Nix.
pub(crate) fn may_be_builtin(name: Symbol) -> bool {
    is_sometimes(name) || OF_OTHERS.contains(&name.as_str()) || name.as_str().starts_with("__")
}

/// Whether a value is only there where the evaluation need not be pure.
pub(crate) fn is_impure(name: Symbol) -> bool {
    NEVER_PURE.contains(&name.as_str())
}

/// Whether it is only there in some ways of running Nix.
fn is_sometimes(name: Symbol) -> bool {
    is_impure(name) || NATIVE.contains(&name.as_str())
}

/// The names that are also in scope without `builtins.`.
const TOP_LEVEL: &[&str] = &[
    "abort",
    "baseNameOf",
    "break",
    "derivation",
    "derivationStrict",
    "dirOf",
    "fetchGit",
    "fetchMercurial",
    "fetchTarball",
    "fetchTree",
    "fromTOML",
    "import",
    "isNull",
    "map",
    "placeholder",
    "removeAttrs",
    "scopedImport",
    "throw",
    "toString",
];

/// Whether it is a function of Nix itself, and not one of `lib`.
pub(crate) fn is_of_nix(builtin: &Builtin) -> bool {
    TABLES.iter().copied().flatten().any(|known| std::ptr::eq(known, builtin))
}

/// Why a built-in function that nixpact does not have is unknown.
pub(crate) fn missing<'a>(ev: &Evaluator<'a>, name: Symbol) -> Reason<'a> {
    let text = ev.arena.alloc_str(&format!("builtins.{name}"));
    match is_sometimes(name) {
        true => Reason::Impure(text),
        false => Reason::Unsupported(text),
    }
}

/// The values of Nix's outermost scope.
pub(crate) fn globals<'a>(ev: &Evaluator<'a>) -> FxHashMap<Symbol, Value<'a>> {
    let mut globals = FxHashMap::default();
    let mut entries = vec![
        ev.attr("true", ev.value(Value::Bool(true))),
        ev.attr("false", ev.value(Value::Bool(false))),
        ev.attr("null", ev.value(Value::Null)),
    ];
    for builtin in TABLES.iter().copied().flatten() {
        let value = ev.partial(builtin, &[]);
        entries.push(ev.attr(builtin.name, ev.value(value)));
        if TOP_LEVEL.contains(&builtin.name) {
            globals.insert(Symbol::new(builtin.name), value);
        }
    }
    for name in IMPURE {
        let text = ev.arena.alloc_str(&format!("builtins.{name}"));
        entries.push(ev.attr(name, ev.stopped(ev.unknown(Reason::Impure(text), None))));
    }
    globals.insert(Symbol::new("true"), Value::Bool(true));
    globals.insert(Symbol::new("false"), Value::Bool(false));
    globals.insert(Symbol::new("null"), Value::Null);
    // Which others there are depends on the version of Nix and on how it is run.
    let rest = Reason::External(External::Builtins, "builtins");
    let rest = ev.unknown_ref(rest, None);
    globals.insert(Symbol::new("builtins"), Value::Attrs(ev.known_in_part(entries, rest)));
    globals
}
