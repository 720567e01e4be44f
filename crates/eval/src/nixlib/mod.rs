//! nixpkgs' `lib`, the functions that repositories use, one file per group.

mod affix;
mod attrsets;
mod common;
mod files;
mod fileset;
mod fixed_points;
mod joined;
mod lacking;
mod lists;
mod merge;
mod order;
mod outside;
pub(crate) mod package_set;
mod packages;
mod parts;
mod paths;
mod platforms;
pub(crate) mod prelude;
mod quoting;
mod strings;
mod trivial;
mod versions;

pub(crate) use joined::{Keep, exact, joined, of_flake, of_others};
pub use lacking::may_be_of_lib;
pub(crate) use lacking::may_be_type;
use nixpact_syntax::Symbol;
pub(crate) use trivial::function_args;

use crate::builtins::Builtin;
use crate::evaluator::Evaluator;
use crate::unknown::{External, Reason};
use crate::value::{Attr, Attrs, Value};

/// A group of functions of `lib`, such as `lib.strings`; or of package sets, such as `pkgs.formats`.
pub struct Group {
    /// The name in `lib`, or behind `PACKAGES`.
    pub name: &'static str,
    pub functions: &'static [Builtin],
    /// Those that `lib` itself has as well.
    pub top_level: bool,
}

const fn group(name: &'static str, functions: &'static [Builtin], top_level: bool) -> Group {
    Group { name, functions, top_level }
}

const GROUPS: &[Group] = &[
    group("asserts", trivial::ASSERTS, true),
    group("asserts", trivial::INNER_ASSERTS, false),
    group("attrsets", attrsets::TABLE, true),
    group("attrsets", attrsets::INNER, false),
    group("debug", trivial::DEBUG, true),
    group("fileset", fileset::TABLE, false),
    group("filesystem", files::FILESYSTEM, true),
    group("filesystem", files::INNER_FILESYSTEM, false),
    group("fixedPoints", fixed_points::TABLE, true),
    group("generators", packages::GENERATORS, false),
    group("lists", lists::TABLE, true),
    group("lists", lists::INNER, false),
    group("meta", packages::META, true),
    group("path", paths::TABLE, false),
    group("strings", strings::TABLE, true),
    group("strings", strings::INNER, false),
    group("trivial", trivial::TABLE, true),
    group("versions", versions::TABLE, false),
];

/// Functions of Nix that a group of `lib` passes on.
const PASSED_ON: &[(&str, &[&str])] = &[
    (
        "attrsets",
        &[
            "attrNames",
            "attrValues",
            "catAttrs",
            "getAttr",
            "hasAttr",
            "intersectAttrs",
            "listToAttrs",
            "mapAttrs",
            "removeAttrs",
            "isAttrs",
        ],
    ),
    (
        "lists",
        &[
            "all",
            "any",
            "concatLists",
            "concatMap",
            "elem",
            "elemAt",
            "filter",
            "genList",
            "groupBy",
            "head",
            "isList",
            "length",
            "map",
            "partition",
            "sort",
            "tail",
            "foldl'",
        ],
    ),
    (
        "strings",
        &[
            "appendContext",
            "compareVersions",
            "concatStringsSep",
            "elem",
            "elemAt",
            "filter",
            "fromJSON",
            "genList",
            "head",
            "isInt",
            "isList",
            "isAttrs",
            "isPath",
            "isString",
            "length",
            "match",
            "parseDrvName",
            "readFile",
            "replaceStrings",
            "split",
            "storeDir",
            "stringLength",
            "substring",
            "tail",
            "toJSON",
            "typeOf",
            "unsafeDiscardStringContext",
        ],
    ),
    ("debug", &["addErrorContext", "trace", "unsafeGetAttrPos"]),
    ("filesystem", &["baseNameOf", "dirOf", "hashFile", "isPath", "readDir", "readFileType"]),
    ("versions", &["compareVersions", "splitVersion"]),
    (
        "trivial",
        &[
            "add",
            "bitAnd",
            "bitOr",
            "bitXor",
            "ceil",
            "deepSeq",
            "div",
            "floor",
            "genericClosure",
            "isBool",
            "isFloat",
            "isInt",
            "lessThan",
            "mul",
            "pathExists",
            "readFile",
            "seq",
            "sub",
        ],
    ),
];

/// Functions of Nix that only `lib` itself passes on.
const TOP_LEVEL: &[&str] = &[
    "addDrvOutputDependencies",
    "convertHash",
    "fromJSON",
    "fromTOML",
    "getContext",
    "hasContext",
    "hashString",
    "parseDrvName",
    "placeholder",
    "toFile",
    "toJSON",
    "toString",
    "toXML",
    "tryEval",
    "unsafeDiscardOutputDependency",
];

/// Builds `lib` from its groups and those that `library` adds.
pub(crate) fn build<'a>(ev: &Evaluator<'a>, library: &[Group]) -> &'a Attrs<'a> {
    let builtins = match ev.globals.get(&Symbol::new("builtins")) {
        Some(Value::Attrs(builtins)) => *builtins,
        _ => return ev.attrs(Vec::new()),
    };
    let mut top: Vec<Attr<'a>> = Vec::new();
    let mut groups: Vec<(&'static str, Vec<Attr<'a>>)> = Vec::new();
    let passed = |names: &[&str]| -> Vec<Attr<'a>> {
        names.iter().filter_map(|name| builtins.get(Symbol::new(name)).copied()).collect()
    };
    top.extend(passed(TOP_LEVEL));
    for (group, names) in PASSED_ON {
        let passed = passed(names);
        top.extend_from_slice(&passed);
        groups.push((group, passed));
    }
    let mut add = |group: &'static str, attrs: Vec<Attr<'a>>, top_level: bool| {
        if top_level {
            top.extend_from_slice(&attrs);
        }
        match groups.iter_mut().find(|(name, _)| *name == group) {
            Some((_, known)) => known.extend(attrs),
            None => groups.push((group, attrs)),
        }
    };
    prelude::shares(ev, &mut add);
    let of_packages = |group: &&Group| !group.name.starts_with(PACKAGES);
    for group in GROUPS.iter().chain(library).filter(of_packages) {
        let attrs = group.functions.iter().map(|f| member(ev, f)).collect();
        add(group.name, attrs, group.top_level);
    }
    outside::add(ev, &mut top, &mut groups);
    for (name, attrs) in groups.into_iter().filter(|(name, _)| !name.is_empty()) {
        let text = ev.arena.alloc_str(&format!("lib.{name}"));
        let rest = ev.unknown_ref(Reason::Unsupported(text), None);
        top.push(ev.attr(name, ev.value(Value::Attrs(ev.open_attrs(attrs, Some(rest))))));
    }
    let rest = ev.unknown_ref(Reason::Unsupported("lib"), None);
    ev.open_attrs(top, Some(rest))
}

/// Begins the names of groups that are no part of `lib`.
const PACKAGES: &str = "pkgs.";

/// What package sets have of the groups that `library` adds.
pub(crate) fn packages<'a>(ev: &Evaluator<'a>, library: &[Group]) -> &'a Attrs<'a> {
    let group = |group: &Group| {
        let name = group.name.strip_prefix(PACKAGES)?;
        let known = group.functions.iter().map(|function| member(ev, function)).collect();
        let rest = ev.unknown_ref(Reason::External(External::Other, group.name), None);
        Some(ev.attr(name, ev.value(Value::Attrs(ev.open_attrs(known, Some(rest))))))
    };
    ev.attrs(library.iter().filter_map(group).collect())
}

fn member<'a>(ev: &Evaluator<'a>, function: &'static Builtin) -> Attr<'a> {
    let value = match function.arity {
        0 => ev.lazy(|ev| (function.run)(ev, &[])),
        _ => ev.value(ev.partial(function, &[])),
    };
    ev.attr(function.name, value)
}
