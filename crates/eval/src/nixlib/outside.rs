//! Parts of `lib` that are data of nixpkgs, other in each version of it, and functions whose result is
//! in the store.

use super::platforms;
use crate::evaluator::Evaluator;
use crate::unknown::{External, Reason};
use crate::value::{Attr, Value};

/// They are unknown, and so are their attributes, by name: `lib.licenses.mit`.
const DATA: &[&str] = &[
    "codeName",
    "fetchers",
    "flakes",
    "licenses",
    "maintainers",
    "nixpkgsVersion",
    "platforms",
    "release",
    "teams",
    "version",
    "versionSuffix",
];

/// Attributes of groups that are such data.
const INNER_DATA: &[(&str, &[&str])] =
    &[("trivial", &["codeName", "oldestSupportedRelease", "release", "version", "versionSuffix"])];

/// What they give is copied to the store first.
const SOURCES: &[&str] = &[
    "canCleanSource",
    "cleanSource",
    "cleanSourceWith",
    "commitIdFromGitRepo",
    "filterSource",
    "pathHasContext",
    "pathIsGitRepo",
    "repoRevToName",
    "revOrTag",
    "sourceByRegex",
    "sourceFilesBySuffices",
];

/// Those about what is in the store, or what git knows.
const FILESET: &[&str] =
    &["fromSource", "gitTracked", "gitTrackedWith", "isFileset", "toSource", "trace", "traceVal"];

/// Systems that each version of nixpkgs has had in `lib.systems.flakeExposed`.
const EXPOSED: &[&str] = &["aarch64-darwin", "aarch64-linux", "x86_64-linux"];

/// Adds them to the attributes of `lib` and of its groups.
pub(super) fn add<'a>(
    ev: &Evaluator<'a>,
    top: &mut Vec<Attr<'a>>,
    groups: &mut Vec<(&'static str, Vec<Attr<'a>>)>,
) {
    let data = |name: &str, path: String| {
        let path = ev.arena.alloc_str(&path);
        ev.attr(name, ev.stopped(ev.unknown(Reason::External(External::Other, path), None)))
    };
    let impure = |name: &str, path: String| {
        let path = ev.arena.alloc_str(&path);
        ev.attr(name, ev.stopped(ev.unknown(Reason::Impure(path), None)))
    };
    top.extend(DATA.iter().map(|name| data(name, format!("lib.{name}"))));
    for (group, names) in INNER_DATA {
        let attrs = names.iter().map(|name| data(name, format!("lib.{group}.{name}")));
        if let Some((_, known)) = groups.iter_mut().find(|(name, _)| name == group) {
            known.extend(attrs);
        }
    }
    top.extend(SOURCES.iter().map(|name| impure(name, format!("lib.{name}"))));
    for (group, names) in [("sources", SOURCES), ("fileset", FILESET)] {
        let attrs = names.iter().map(|name| impure(name, format!("lib.{group}.{name}")));
        match groups.iter_mut().find(|(name, _)| *name == group) {
            Some((_, known)) => known.extend(attrs),
            None => groups.push((group, attrs.collect())),
        }
    }
    let systems = ev.unknown_ref(Reason::External(External::Other, "lib.systems"), None);
    let exposed: Vec<_> = EXPOSED.iter().map(|name| ev.value(Value::Str(name))).collect();
    let known = vec![
        ev.attr("flakeExposed", ev.value(ev.open_list(&exposed, Some(systems)))),
        ev.attr("elaborate", ev.value(ev.partial(&platforms::ELABORATE, &[]))),
    ];
    top.push(ev.attr("systems", ev.value(Value::Attrs(ev.open_attrs(known, Some(systems))))));
}
