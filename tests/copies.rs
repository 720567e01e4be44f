//! Copies that Nix makes of paths: in a string, and by `builtins.path`.
#![allow(clippy::disallowed_methods, reason = "the tests run the program")]

mod support;

use std::process::Command;

use pretty_assertions::assert_eq;
use support::{nixpact, repository, run, shown};

const FILES: &[(&str, &str)] = &[
    ("modules/default.nix", "{ imports = [ ./a.nix { imports = [ ./below/b.nix ]; } ]; }"),
    ("modules/a.nix", "{ xs = [ \"a\" ]; }"),
    ("modules/below/b.nix", "{ imports = [ ../a.nix ]; xs = [ \"b\" ]; }"),
    ("modules/itself.nix", "{ imports = [ ./. ]; }"),
];

/// The definitions of an option by modules.
const MODULES: &[(&str, &str)] = &[
    ("./modules ./modules/a.nix", "[ \"b\" \"a\" ]"),
    ("\"${./modules}\" \"${./modules}/a.nix\"", "[ \"b\" \"a\" ]"),
    ("\"${./modules}/default.nix\" \"${./modules}/below/b.nix\"", "[ \"a\" \"b\" ]"),
    ("\"${./.}/modules\" \"${./.}/modules/a.nix\"", "[ \"b\" \"a\" ]"),
    ("\"${./modules}/itself.nix\" \"${./modules}\"", "[ \"b\" \"a\" ]"),
    ("(builtins.path { path = ./modules; }) \"${./modules}/a.nix\"", "[ \"b\" \"a\" ]"),
    ("./modules \"${./modules}/a.nix\"", "[ \"b\" \"a\" \"a\" ]"),
    ("\"${./modules}\" ./modules/a.nix", "[ \"b\" \"a\" \"a\" ]"),
    ("\"${./modules}\" \"${./.}/modules/a.nix\"", "[ \"b\" \"a\" \"a\" ]"),
];

/// What is read of a copy.
const READ: &[(&str, &str)] = &[
    (
        "builtins.readDir (builtins.path { path = ./.; } + \"/modules/below\")",
        "{ \"b.nix\" = \"regular\"; }",
    ),
    (
        "(import (builtins.path { path = ./modules; name = \"modules\"; } + \"/a.nix\")).xs",
        "[ \"a\" ]",
    ),
    ("builtins.pathExists (builtins.path { path = ./.; } + \"/none\")", "false"),
    ("builtins.path { path = ./modules; } == \"${./modules}\"", "true"),
];

fn of_modules(lib: &str, modules: &str) -> String {
    format!(
        "let lib = import {lib}; xs = lib.mkOption {{ type = lib.types.listOf lib.types.str; }}; in
         (lib.evalModules {{ modules = [ {{ options.xs = xs; }} ] ++ [ {modules} ]; }}).config.xs"
    )
}

#[test]
fn a_copy_has_what_is_at_its_path() {
    let root = repository(FILES);
    let value = |expression: &str| {
        nixpact(&["eval", "--root", shown(root.path()), "--expr", expression]).out
    };
    for (modules, expected) in MODULES {
        let found = value(&of_modules("<nixpkgs/lib>", modules));
        assert_eq!(found.trim_end(), *expected, "{modules}");
    }
    for (expression, expected) in READ {
        assert_eq!(value(expression).trim_end(), *expected, "{expression}");
    }
}

/// What is filtered, or has another name, is in a copy of which nothing is known.
#[test]
fn another_copy_is_not_known() {
    let root = repository(FILES);
    for expression in [
        "builtins.readDir (builtins.path { path = ./modules; filter = path: kind: true; })",
        "builtins.readDir (builtins.path { path = ./modules; name = \"other\"; })",
        "builtins.readDir (builtins.path { path = ./.; name = \"source\"; })",
        "builtins.path { path = ./modules; name = \"other\"; } == \"${./modules}\"",
        "import (builtins.path { path = ./modules; sha256 = \"\"; } + \"/a.nix\")",
    ] {
        let run = nixpact(&["eval", "--root", shown(root.path()), "--expr", expression]);
        assert!(
            run.out.contains("«unknown: a store path"),
            "{expression}: {} {}",
            run.out,
            run.err
        );
    }
}

/// With `nix-instantiate`, which makes the copies in a store of its own, and nixpkgs' `lib` in `NIXPKGS_LIB`.
#[test]
fn values_are_those_of_nix() {
    let lib = std::env::var_os("NIXPKGS_LIB").filter(|lib| !lib.is_empty());
    let Some(lib) = lib else { return };
    let (root, store) = (repository(FILES), tempfile::tempdir().unwrap());
    let nix = |expression: &str| {
        let mut nix = Command::new("nix-instantiate");
        nix.args(["--eval", "--strict", "--read-write-mode", "--expr", expression]);
        nix.current_dir(root.path()).env("NIX_STORE_DIR", store.path().join("store"));
        nix.env("NIX_STATE_DIR", store.path().join("var"));
        nix.env("NIX_LOG_DIR", store.path().join("log"));
        let run = run(&mut nix);
        assert_eq!(run.status, 0, "{expression}: {}", run.err);
        run.out
    };
    for (modules, expected) in MODULES {
        let found = nix(&of_modules(&lib.to_string_lossy(), modules));
        assert_eq!(found.trim_end(), *expected, "{modules}");
    }
    for (expression, expected) in READ {
        assert_eq!(nix(expression).trim_end(), *expected, "{expression}");
    }
}
