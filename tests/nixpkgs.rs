//! `--nixpkgs`: what the native `lib` does not have comes from a checkout.
#![allow(clippy::disallowed_methods, reason = "the tests run the program")]

mod support;

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use pretty_assertions::assert_eq;
use support::{copy_into, nixpact, repository, run, write};
use tempfile::TempDir;

const CHECKOUT: &str = "tests/nixpkgs/checkout";

/// A directory without Nix files, so that nothing else is read.
const NOTHING: &str = "docs/src";

fn eval(expression: &str) -> (i32, String) {
    let run = nixpact(&["eval", "--root", NOTHING, "--nixpkgs", CHECKOUT, "--expr", expression]);
    (run.status, if run.status == 0 { run.out } else { run.err })
}

fn value(expression: &str) -> String {
    let (status, text) = eval(&format!("let lib = import <nixpkgs/lib>; in {expression}"));
    assert_eq!(status, 0, "{expression}: {text}");
    text.trim_end().to_owned()
}

#[test]
fn what_the_native_lib_lacks_is_that_of_the_checkout() {
    for (expression, expected) in [
        ("lib.shout \"a\"", "\"a!MIT\""),
        ("lib.trivial.shout \"a\"", "\"a!MIT\""),
        ("lib.licenses.mit.spdxId", "\"MIT\""),
        ("lib.lists.everySecond [ 1 2 3 ]", "[ 1 3 ]"),
        ("lib.lists.reverseList [ 1 2 ]", "[ 2 1 ]"),
        ("lib.trivial.release", "\"99.11\""),
        ("lib ? shout", "true"),
        ("with lib; shout \"b\"", "\"b!MIT\""),
        ("(builtins.mapAttrs (name: value: 1) lib).shout", "1"),
        ("(lib // { shout = 2; }).shout", "2"),
        ("(lib.extend (final: prev: { more = prev.shout \"c\"; })).more", "\"c!MIT\""),
        ("(import <nixpkgs> { }).lib.shout \"d\"", "\"d!MIT\""),
        ("lib.types.even.check 3", "false"),
        ("(removeAttrs lib [ \"shout\" ]).shout or 3", "3"),
        ("lib ? hm || lib ? mkBefore || lib.types ? int || lib ? nixosSystem", "false"),
        ("lib.extend (final: before: { }) ? nixosSystem", "false"),
        ("(import <nixpkgs> { }).lib ? hm", "«unknown: lib is not supported»"),
    ] {
        assert_eq!(value(expression), expected, "{expression}");
    }
    let (status, text) = eval("(import <nixpkgs/lib>).failing");
    assert!(status == 1 && text.starts_with("error: no more in this release\n"), "{text}");
    let (status, text) = eval("(import <nixpkgs/lib>).mkBefore");
    assert!(status == 1 && text.starts_with("error: attribute 'mkBefore' missing\n"), "{text}");
    let (status, text) = eval("(import <nixpkgs/lib>).recursive");
    assert!(status == 1 && text.contains("infinite recursion"), "{text}");
}

#[test]
fn what_is_neither_in_lib_nor_sure_stays_unknown() {
    for expression in [
        "lib.unusable",
        "lib.secret",
        "lib.trivial.version",
        "builtins.stringLength (toString lib.own)",
        "builtins.readFile (toString lib.own + \"/../../secret.nix\")",
        "builtins.readFile (toString lib.own + \"/../../../x\")",
        "import \"${dirOf lib.own}/../secret.nix\"",
        "\"${dirOf lib.own}/nowhere.nix\" == \"${dirOf lib.own + \"/nowhere.nix\"}\"",
        "lib.own == /lib/trivial.nix",
        "dirOf (dirOf (dirOf lib.own))",
        "lib.own + \"/../../../x\"",
        "builtins.readFile (dirOf lib.own + \"/../secret.nix\")",
        "import (dirOf lib.own + \"/../secret.nix\")",
        "builtins.readDir (dirOf lib.own + \"/..\")",
        "import <nixpkgs/secret.nix>",
        "<nixpkgs/nixos>",
    ] {
        assert!(value(expression).contains("«unknown: "), "{expression}");
    }
    // Of a copy, as of one of the repository's own files, it is known of what.
    assert_eq!(value("\"${lib.own}\""), "\"«nixpkgs»/lib/trivial.nix\"");
    assert_eq!(value("(import \"${lib.own}\").shout or 1"), "1");
    assert_eq!(value("lib.own"), "«nixpkgs»/lib/trivial.nix");
    assert_eq!(value("(builtins.readDir (dirOf lib.own)).\"trivial.nix\""), "\"regular\"");
    assert_eq!(value("toString lib.own"), "\"«nixpkgs»/lib/trivial.nix\"");
    assert_eq!(value("import (toString lib.own + \"/../every-second.nix\") [ 1 2 3 ]"), "[ 1 3 ]");
    assert_eq!(value("baseNameOf lib.own"), "\"trivial.nix\"");
    assert!(value("builtins.readFile lib.own").contains("shout = text"));
}

const FLAKE: &str = r#"{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.one = nixpkgs.lib.nixosSystem {
      modules = [ ./one.nix ];
      specialArgs.direct = nixpkgs.lib.shout "direct";
      specialArgs.imported = (import "${nixpkgs}/lib").shout "imported";
    };
  };
}
"#;

const MODULE: &str = r#"{ config, lib, pkgs, direct, imported, ... }: {
  options.own = {
    a = lib.mkOption { type = lib.types.str; };
    b = lib.mkOption { type = lib.types.str; default = pkgs.lib.shout "b"; };
    n = lib.mkOption { type = lib.types.even; };
    given = lib.mkOption { type = lib.types.str; default = "${direct} ${imported}"; };
  };
  config.own = { a = lib.shout "a"; n = lib.mkDefault 4; };
}
"#;

fn host() -> TempDir {
    repository(&[("flake.nix", FLAKE), ("one.nix", MODULE)])
}

fn config(root: &Path, option: &str, more: &[&str]) -> String {
    let root = root.to_str().unwrap();
    let run = nixpact(&[&["config", option, "--root", root], more].concat());
    assert_eq!(run.status, 0, "{}", run.err);
    run.out.trim_end().to_owned()
}

#[test]
fn a_checkout_of_lib_alone_does_not_hide_the_hosts() {
    let checkout = tempfile::tempdir().unwrap();
    let lib = checkout.path().join("lib");
    std::fs::create_dir(&lib).unwrap();
    copy_into(&Path::new(CHECKOUT).join("lib"), &lib);
    let flake =
        FLAKE.replace("nixpkgs.lib.nixosSystem", "import \"${nixpkgs}/nixos/lib/eval-config.nix\"");
    assert_ne!(flake, FLAKE);
    let root = repository(&[("flake.nix", &flake), ("one.nix", MODULE)]);
    let options = ["--nixpkgs", checkout.path().to_str().unwrap()];
    assert_eq!(config(root.path(), "own.given", &options), "\"direct!MIT imported!MIT\"");
}

#[test]
fn modules_and_inputs_have_the_same_lib() {
    let root = host();
    let with = ["--nixpkgs", CHECKOUT];
    assert_eq!(config(root.path(), "own.a", &with), "\"a!MIT\"");
    assert_eq!(config(root.path(), "own.b", &with), "\"b!MIT\"");
    assert_eq!(config(root.path(), "own.n", &with), "4");
    assert_eq!(config(root.path(), "own.given", &with), "\"direct!MIT imported!MIT\"");
    for option in ["own.a", "own.b", "own.n", "own.given"] {
        assert!(config(root.path(), option, &[]).contains("«unknown: "), "{option}");
    }
}

/// With the checkout's flake and without.
#[test]
fn a_lib_that_is_extended_is_the_modules_own() {
    let flake = r#"{
      inputs.nixpkgs.url = "github:NixOS/nixpkgs";
      outputs = { nixpkgs, ... }:
        let lib = nixpkgs.lib.extend (final: before: { own = text: before.shout "own ${text}"; });
        in {
          nixosConfigurations.one = lib.nixosSystem { modules = [ ./one.nix ]; };
        };
    }"#;
    let module = "{ lib, ... }: {
      options.own.a = lib.mkOption { type = lib.types.str; };
      options.own.inner = lib.mkOption { type = lib.types.str; };
      config.own.a = lib.own \"a\";
      config.own.inner = (lib.evalModules { modules = [ ({ lib, ... }: {
        options.b = lib.mkOption { type = lib.types.str; default = lib.own \"b\"; };
      }) ]; }).config.b;
    }";
    let root = repository(&[("flake.nix", flake), ("one.nix", module)]);
    let alone = tempfile::tempdir().unwrap();
    for file in ["default.nix", "trivial.nix", "types.nix", "every-second.nix"] {
        let text = std::fs::read_to_string(Path::new(CHECKOUT).join("lib").join(file)).unwrap();
        write(&alone.path().join("lib").join(file), text);
    }
    for checkout in [CHECKOUT, alone.path().to_str().unwrap()] {
        let with = ["--nixpkgs", checkout];
        assert_eq!(config(root.path(), "own.a", &with), "\"own a!MIT\"", "{checkout}");
        assert_eq!(config(root.path(), "own.inner", &with), "\"own b!MIT\"", "{checkout}");
    }
}

#[test]
fn another_version_of_nixpkgs_is_not_the_checkout() {
    let flake = FLAKE
        .replace("inputs.", "inputs.nixpkgs-old.url = \"github:NixOS/nixpkgs/old\"; inputs.")
        .replace("{ nixpkgs, ... }", "{ nixpkgs, nixpkgs-old, ... }")
        .replace(
            "nixosConfigurations.one",
            "nixosConfigurations.old = nixpkgs-old.lib.nixosSystem {
               modules = [ ./one.nix ];
               specialArgs.direct = nixpkgs-old.lib.shout \"old\";
               specialArgs.imported = (import \"${nixpkgs-old}/lib\").shout \"old\";
             };
             nixosConfigurations.one",
        );
    let root = repository(&[("flake.nix", &flake), ("one.nix", MODULE)]);
    let of = |host, option| config(root.path(), option, &["--nixpkgs", CHECKOUT, "--host", host]);
    assert_eq!(of("one", "own.a"), "\"a!MIT\"");
    assert_eq!(of("one", "own.b"), "\"b!MIT\"");
    for option in ["own.a", "own.b", "own.n", "own.given"] {
        assert!(of("old", option).contains("«unknown: "), "{option}");
    }
}

/// What flake-parts gives its modules as `lib` is that of an input of its own, which may follow the flake's.
#[test]
fn flake_parts_has_the_lib_of_the_nixpkgs_that_it_follows() {
    let flake = |inputs: &str| {
        format!(
            r#"{{
              inputs.nixpkgs.url = "github:NixOS/nixpkgs";
              inputs.flake-parts.url = "github:hercules-ci/flake-parts";
              {inputs}
              outputs = inputs: inputs.flake-parts.lib.mkFlake {{ inherit inputs; }} (
                {{ inputs, lib, ... }}: {{
                  flake.nixosConfigurations.one = inputs.nixpkgs.lib.nixosSystem {{
                    modules = [ {{ own.a = lib.shout "a"; own.n = 4; }} ./one.nix ];
                  }};
                }}
              );
            }}"#
        )
    };
    let module = MODULE
        .replace("direct, imported, ", "")
        .replace("config.own = { a = lib.shout \"a\"; n = lib.mkDefault 4; };", "");
    let old = "inputs.nixpkgs-old.url = \"github:NixOS/nixpkgs/old\";";
    let follows = |name: &str| format!("inputs.flake-parts.inputs.nixpkgs-lib.follows = {name:?};");
    for (inputs, expected) in [
        (follows("nixpkgs"), "\"a!MIT\""),
        (
            format!("inputs.nixpkgs-lib.follows = \"nixpkgs\"; {}", follows("nixpkgs-lib")),
            "\"a!MIT\"",
        ),
        (format!("{old} {}", follows("nixpkgs")), "\"a!MIT\""),
        (format!("{old} {}", follows("nixpkgs-old")), "lib.shout is not supported»"),
        (
            format!(
                "inputs.more.url = \"github:nix-community/lib-aggregate\"; {}",
                follows("more")
            ),
            "lib.shout is not supported»",
        ),
        (String::new(), "lib.shout is not supported»"),
    ] {
        let root = repository(&[("flake.nix", &flake(&inputs)), ("one.nix", &module)]);
        let found = config(root.path(), "own.a", &["--nixpkgs", CHECKOUT]);
        assert!(found.contains(expected), "{inputs} {found}");
        assert_eq!(config(root.path(), "own.n", &["--nixpkgs", CHECKOUT]), "4");
    }
}

/// Types are native in either `lib`, whichever has been asked for first.
#[test]
fn a_type_that_is_known_already_is_no_group_of_functions() {
    let flake = FLAKE
        .replace("inputs.", "inputs.old.url = \"github:NixOS/nixpkgs/old\"; inputs.")
        .replace("{ nixpkgs, ... }", "{ nixpkgs, old, ... }")
        .replace("specialArgs.direct", "specialArgs.old = old.lib; specialArgs.direct");
    let module = "{ lib, old, ... }: {
      options.own.a = lib.mkOption {
        type = builtins.seq (old.types.str.check \"a\") lib.types.str;
        default = lib.shout \"a\";
      };
    }";
    let root = repository(&[("flake.nix", &flake), ("one.nix", module)]);
    assert_eq!(config(root.path(), "own.a", &["--nixpkgs", CHECKOUT]), "\"a!MIT\"");
}

/// What files fetch by the hash by which npins, niv or lon pin it is the checkout, and any other nixpkgs is not.
#[test]
fn a_repository_without_a_flake_pins_the_checkout() {
    let hosts = r#"let
      fetch = sha256: builtins.fetchTarball { url = "https://github.com/NixOS/nixpkgs/archive/1.tar.gz"; inherit sha256; };
      nixpkgs = fetch (builtins.fromJSON (builtins.readFile ./npins/sources.json)).pins.nixpkgs.hash;
      old = fetch "0b";
      module = { imports = [ ./one.nix ]; own.named = (import (nixpkgs + "/lib")).shout "named"; };
    in {
      directory = import (nixpkgs + "/nixos") { configuration = module; };
      file = import "${nixpkgs}/nixos/lib/eval-config.nix" { modules = [ module ]; };
      packages = (import nixpkgs { }).nixos module;
      old = import (old + "/nixos") { configuration = module; };
    }"#;
    let module = r#"{ config, lib, ... }: {
      options.own.a = lib.mkOption { type = lib.types.str; default = lib.shout "a"; };
      options.own.named = lib.mkOption { type = lib.types.str; };
      options.own.greeting = lib.mkOption { type = lib.types.str; default = config.system.message; };
    }"#;
    let pins = r#"{ "pins": { "nixpkgs": { "type": "Git", "hash": "0a" } }, "version": 7 }"#;
    let files = [("default.nix", hosts), ("one.nix", module), ("npins/sources.json", pins)];
    let root = repository(&files);
    let of = |host, option| config(root.path(), option, &["--nixpkgs", CHECKOUT, "--host", host]);
    for host in ["directory", "file", "packages"] {
        assert_eq!(of(host, "own.a"), "\"a!MIT\"", "{host}");
        assert_eq!(of(host, "own.named"), "\"named!MIT\"", "{host}");
        assert_eq!(of(host, "own.greeting"), "\"welcome\"", "{host}");
    }
    assert_eq!(of("old", "own.named"), "\"named!MIT\"");
    for option in ["own.a", "own.greeting"] {
        assert!(of("old", option).contains("«unknown: "), "{option}");
    }
    // Only the function of the flake says where that lies.
    let root = root.path().to_str().unwrap();
    let host = ["--host", "file", "--nixpkgs", CHECKOUT];
    let run = nixpact(&[&["config", "system.source", "--root", root][..], &host].concat());
    assert!(run.err.contains("'system.source' is used but not defined"), "{}", run.err);
    let run = nixpact(&["check", root, "--nixpkgs", "lock"]);
    assert!(run.failure().contains("the pin 'nixpkgs' has no hash of sha256"), "{}", run.err);
    assert_eq!(nixpact(&["check", root, "--input", "lock"]).status, 0);
    write(
        &Path::new(root).join("npins/sources.json"),
        pins.replace("0a", "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
    );
    let run = nixpact(&["check", root, "--nixpkgs", "lock"]);
    let problem = "the nixpkgs that npins/sources.json pins is not in the store";
    assert!(run.failure().contains(problem), "{}", run.err);
    std::fs::remove_file(Path::new(root).join("npins/sources.json")).unwrap();
    let run = nixpact(&["check", root, "--nixpkgs", "lock"]);
    assert!(run.failure().contains("there is no flake, and no "), "{}", run.err);
}

#[test]
fn a_check_neither_counts_nor_reports_files_of_the_checkout() {
    let root = host();
    write(&root.path().join("two.nix"), "{ lib, ... }: { x = lib.unusable; y = lib.failing; }");
    let root = root.path().to_str().unwrap();
    let without = nixpact(&["check", root, "--format", "json"]);
    let with = nixpact(&["check", root, "--format", "json", "--nixpkgs", CHECKOUT]);
    assert_eq!(with.json()["summary"]["files"], 3);
    assert_eq!(with.json()["diagnostics"], without.json()["diagnostics"]);
    assert_eq!(nixpact(&["services", root, "--nixpkgs", CHECKOUT]).status, 0);
}

#[test]
fn the_configuration_names_a_checkout_relative_to_the_root() {
    let root = host();
    write(
        &root.path().join("nixpact.toml"),
        "nixpkgs = \"vendor/nixpkgs\"\n[files]\nexclude = [\"vendor/**\"]\n",
    );
    for file in ["default.nix", "trivial.nix", "types.nix", "every-second.nix"] {
        let text = std::fs::read_to_string(Path::new(CHECKOUT).join("lib").join(file)).unwrap();
        write(&root.path().join("vendor/nixpkgs/lib").join(file), text);
    }
    assert_eq!(config(root.path(), "own.a", &[]), "\"a!MIT\"");
    write(&root.path().join("nixpact.toml"), "nixpkgs = \"none\"\n");
    let run = nixpact(&["config", "own.a", "--root", root.path().to_str().unwrap()]);
    assert!(run.failure().contains("none: no such file or directory"), "{}", run.err);
    let outside = Path::new(CHECKOUT).canonicalize().unwrap();
    let text = format!("nixpkgs = \"{}\"\n", outside.display());
    write(&root.path().join("nixpact.toml"), text);
    let run = nixpact(&["config", "own.a", "--root", root.path().to_str().unwrap()]);
    assert!(run.failure().contains("lies outside of the repository"), "{}", run.err);
}

#[test]
fn what_is_no_nixpkgs_is_refused() {
    let root = repository(&[
        ("lib/default.nix", "{ lib, ... }: { }"),
        ("b/lib/default.nix", "{ lists = { }; modules = { }; trivial = { }; }"),
        ("c/lib/default.nix", "{"),
        ("d/lib/trivial.nix", "{ }"),
        ("d/lib/default.nix", "{ }"),
    ]);
    let path = |name: &str| root.path().join(name).to_str().unwrap().to_owned();
    for (given, problem) in [
        (path(""), "lib/default.nix: this is not nixpkgs' lib: value is a function"),
        (path("b"), "its value has no attribute 'types'"),
        (path("c"), "this is not nixpkgs' lib: syntax error"),
        (path("d/lib"), "name the directory that holds lib, not lib itself"),
        (path("e"), "e: no such file or directory\n  = help: name a checkout of nixpkgs"),
        (path("d/lib/trivial.nix"), "trivial.nix: not a directory\n  = help: name a checkout"),
    ] {
        for command in ["eval", "config", "check", "services"] {
            let more: &[&str] = match command {
                "eval" => &["--expr", "1"],
                "config" => &["own.a"],
                _ => &[],
            };
            let run = nixpact(&[&[command, "--nixpkgs", &given], more].concat());
            assert!(run.failure().contains(problem), "{command} {given}: {}", run.err);
        }
    }
}

#[test]
fn the_lock_file_tells_where_nixpkgs_is_in_the_store() {
    let root = host();
    let refused = || {
        let root = root.path().to_str().unwrap();
        nixpact(&["config", "own.a", "--root", root, "--nixpkgs", "lock"])
    };
    assert!(
        refused().failure().contains("flake.lock: cannot be read\n  = help: run nix flake lock")
    );
    write(&root.path().join("flake.lock"), r#"{ "nodes": { "root": { } }, "root": "root" }"#);
    assert!(refused().failure().contains("flake.lock: it pins no input 'nixpkgs'"));
    let lock = r#"{ "nodes": { "nixpkgs": { "locked": { "narHash":
        "sha256-UDE63d3mA0sesL/+a7qTpe+SK18BPvvZV4H3/MWNs/c=" } },
        "root": { "inputs": { "nixpkgs": "nixpkgs" } } }, "root": "root", "version": 7 }"#;
    write(&root.path().join("flake.lock"), lock);
    assert_eq!(
        refused().failure(),
        "nixpact: /nix/store/jzx8cmzn0xzv6syalf858ax83mzrfxh4-source: the nixpkgs that flake.lock pins \
         is not in the store\n  = help: run nix flake archive, or name a checkout with --nixpkgs PATH\n"
    );
}

/// What a program prints for an expression, or nothing where it gives an error.
fn shown(command: &mut Command) -> Option<String> {
    let run = run(command);
    assert!(run.status == 0 || run.status == 1, "{}", run.err);
    (run.status == 0).then(|| run.out.trim_end().to_owned())
}

/// The expressions of `tests/nixpkgs/expressions.txt`, and one for each member of the data of `lib`.
fn expressions(checkout: &str) -> Vec<String> {
    let written = include_str!("nixpkgs/expressions.txt").lines();
    let written = written.filter(|line| !line.starts_with('#')).map(str::to_owned);
    let names = |set: &str| {
        let names = format!("builtins.toString (builtins.attrNames (import <nixpkgs/lib>).{set})");
        let mut nix = Command::new("nix-instantiate");
        nix.args(["--eval", "--strict", "-I", &format!("nixpkgs={checkout}"), "--expr", &names]);
        let names = shown(&mut nix).expect("its names");
        names.trim_matches('"').split(' ').map(str::to_owned).collect::<Vec<_>>()
    };
    let members = |set: &str, form: &str| -> Vec<String> {
        names(set).iter().map(|name| form.replace('@', &format!("\"{name}\""))).collect()
    };
    written
        .chain(members("licenses", "lib.licenses.@"))
        .chain(members("platforms", "lib.platforms.@"))
        .chain(members("systems.examples", "(lib.systems.elaborate lib.systems.examples.@).parsed"))
        .chain(members("systems.examples", "(lib.systems.elaborate lib.systems.examples.@).system"))
        .collect()
}

/// With `nix-instantiate`, and a checkout of nixpkgs whose `lib` is `NIXPKGS_LIB`.
#[test]
fn values_are_those_of_nix() {
    let lib = std::env::var_os("NIXPKGS_LIB").filter(|lib| !lib.is_empty());
    let Some(lib) = lib else { return };
    let checkout = Path::new(&lib).canonicalize().unwrap();
    let checkout = checkout.parent().unwrap().to_str().unwrap().to_owned();
    let (mut same, mut unknown, mut wrong) = (0, Vec::new(), String::new());
    for expression in expressions(&checkout) {
        let whole = format!("let lib = import <nixpkgs/lib>; in {expression}");
        let mut ours = support::command();
        let ours =
            shown(ours.args(["eval", "--root", NOTHING, "--nixpkgs", &checkout, "--expr", &whole]));
        if ours.as_ref().is_some_and(|text| text.contains("«unknown: ")) {
            unknown.push(expression);
            continue;
        }
        let mut nix = Command::new("nix-instantiate");
        nix.args(["--eval", "--strict", "-I", &format!("nixpkgs={checkout}"), "--expr", &whole]);
        let nix = shown(&mut nix);
        match ours == nix {
            true => same += 1,
            false => wrong.push_str(&format!("{expression}\n  {ours:?}\n  {nix:?}\n")),
        }
    }
    let text =
        format!("{same} as in Nix, {} unknown:\n  {}\n", unknown.len(), unknown.join("\n  "));
    std::io::stderr().write_all(text.as_bytes()).unwrap();
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(same > 5 * unknown.len());
}
