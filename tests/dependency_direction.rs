//! Which package may know which: the table of `docs/src/architecture.md`.

#![allow(clippy::disallowed_methods, reason = "the test asks cargo")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Each package of the workspace and the packages of the workspace that it may depend on.
const ALLOWED: &[(&str, &[&str])] = &[
    ("allocator", &[]),
    ("source", &[]),
    ("diagnostics", &["source"]),
    ("syntax", &["source"]),
    ("eval", &["source", "syntax"]),
    ("modules", &["source", "syntax", "eval"]),
    ("contract", &["source", "syntax", "eval", "modules"]),
    ("lints", &["source", "diagnostics", "modules", "contract"]),
    ("edit", &["source", "diagnostics"]),
    ("render", &["source", "diagnostics"]),
    (
        "engine",
        &["source", "diagnostics", "syntax", "eval", "modules", "contract", "lints", "edit"],
    ),
    ("lsp", &["source", "diagnostics", "syntax", "contract", "lints", "engine"]),
    (
        "nixpact",
        &[
            "allocator",
            "source",
            "diagnostics",
            "contract",
            "lints",
            "edit",
            "engine",
            "render",
            "lsp",
        ],
    ),
];

/// Libraries that only one package may name.
const CONFINED: &[(&str, &str)] = &[
    ("rnix", "syntax"),
    ("rowan", "syntax"),
    ("codespan-reporting", "render"),
    ("clap", "nixpact"),
    ("tempfile", "edit"),
    ("lsp-server", "lsp"),
    ("gen-lsp-types", "lsp"),
    ("libmimalloc-sys", "allocator"),
    ("libc", "allocator"),
];

#[test]
fn packages_depend_in_one_direction() {
    let mut problems = Vec::new();
    let packages = dependencies();
    for (package, dependencies) in &packages {
        let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| name == package) else {
            problems.push(format!("{package} is new: say in ALLOWED what it may depend on"));
            continue;
        };
        for dependency in dependencies.iter().filter(|it| packages.contains_key(*it)) {
            if !allowed.contains(&dependency.as_str()) {
                problems.push(format!("{package} must not know {dependency}; {}", may(allowed)));
            }
        }
    }
    for (name, _) in ALLOWED.iter().filter(|(name, _)| !packages.contains_key(*name)) {
        problems.push(format!("{name} is gone: remove it from ALLOWED"));
    }
    report(&problems);
}

#[test]
fn libraries_stay_where_they_are_confined() {
    let mut problems = Vec::new();
    for (package, dependencies) in dependencies() {
        for (library, owner) in CONFINED {
            if dependencies.contains(*library) && package != *owner {
                problems.push(format!(
                    "{package} must not depend on {library}, which {owner} keeps to itself"
                ));
            }
        }
    }
    report(&problems);
}

#[test]
fn only_the_allocator_may_have_unsafe_code() {
    let read = |path: &str| std::fs::read_to_string(path).expect("there is a manifest");
    let forbids = read(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
    assert!(forbids.contains("[workspace.lints.rust]\nunsafe_code = \"forbid\"\n"));
    let mut problems = Vec::new();
    for package in packages() {
        let manifest = read(package["manifest_path"].as_str().unwrap_or_default());
        let name = short(&package["name"]);
        if !manifest.contains("[lints]\nworkspace = true\n") && name != "allocator" {
            problems.push(format!("{name} must forbid unsafe code, as the workspace's lints do"));
        }
    }
    report(&problems);
}

fn may(allowed: &[&str]) -> String {
    match allowed {
        [] => "it may know no other package".to_owned(),
        names => format!("it may know {}", names.join(", ")),
    }
}

fn report(problems: &[String]) {
    assert!(
        problems.is_empty(),
        "the packages no longer form the order that docs/src/architecture.md describes:\n  {}",
        problems.join("\n  ")
    );
}

/// What each package of the workspace depends on to be built; tests and benchmarks may use more. The
/// names of the workspace's own packages are without `nixpact-`.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    packages().iter().map(|package| (short(&package["name"]), needs(package))).collect()
}

fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "cargo metadata failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    match metadata["packages"].take() {
        Value::Array(packages) => packages,
        _ => panic!("there are packages"),
    }
}

fn needs(package: &Value) -> BTreeSet<String> {
    let dependencies = package["dependencies"].as_array().into_iter().flatten();
    dependencies
        .filter(|dependency| dependency["kind"] != "dev")
        .map(|dependency| short(&dependency["name"]))
        .collect()
}

fn short(name: &Value) -> String {
    let name = name.as_str().unwrap_or_default();
    name.strip_prefix("nixpact-").unwrap_or(name).to_owned()
}
