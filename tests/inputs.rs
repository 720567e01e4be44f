//! `--input`: inputs of the flake that are at hand.
#![allow(clippy::disallowed_methods, reason = "the tests run the program")]

mod support;

use std::path::Path;

use pretty_assertions::assert_eq;
use support::{Run, nixpact, repository, write};
use tempfile::TempDir;

const CHECKOUT: &str = "tests/nixpkgs/checkout";

const FLAKE: &str = r#"{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.vault.url = "github:example/vault";
  inputs.plain = { url = "github:example/plain"; flake = false; };
  outputs = { self, nixpkgs, ... }@inputs: {
    nixosConfigurations.one = nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";
      modules = [ ./one.nix ];
      specialArgs = { inherit inputs; };
    };
  };
}
"#;

/// What `nix flake lock` would write: `vault` follows `nixpkgs`, and has an input of its own.
const LOCK: &str = r#"{
  "nodes": {
    "nixpkgs_2": { "original": { "owner": "NixOS", "repo": "nixpkgs", "type": "github" } },
    "plain": { "flake": false },
    "tools": { "inputs": { "nixpkgs": ["vault", "nixpkgs"] } },
    "vault_2": { "inputs": { "nixpkgs": ["nixpkgs"], "tools": "tools" } },
    "root": { "inputs": { "nixpkgs": "nixpkgs_2", "plain": "plain", "vault": "vault_2" } }
  },
  "root": "root",
  "version": 7
}"#;

const VAULT: &str = r#"{
  outputs = { self, nixpkgs, tools }: {
    nixosModules.default = import ./module.nix { inherit self tools; };
    nixosModules.path = ./path.nix;
    lib.load = directory: {
      imports = map (name: directory + "/${name}") (builtins.attrNames (builtins.readDir directory));
    };
    rev = "not what it was fetched from";
  };
}
"#;

const VAULT_MODULE: &str = r#"{ self, tools }:
{ config, lib, pkgs, ... }:
{
  imports = [ self.nixosModules.path ];
  options.vault = {
    level = lib.mkOption { type = lib.types.enum [ "low" "high" ]; default = "low"; };
    user = lib.mkOption { type = lib.types.str; default = tools.lib.named "vault"; };
    secrets = lib.mkOption {
      default = { };
      type = lib.types.attrsOf (lib.types.submodule ({ name, ... }: {
        options.path = lib.mkOption { type = lib.types.str; default = "/run/${name}"; };
      }));
    };
  };
  config = lib.mkIf (config.vault.secrets != { } && pkgs.stdenv.hostPlatform.isLinux) {
    services.web.user = lib.mkForce config.vault.user;
  };
}
"#;

const MODULE: &str = r#"{ inputs, ... }:
{
  imports = [ inputs.vault.nixosModules.default "${inputs.plain}/plain.nix" ];
  vault.secrets.a = { };
  services.web = { enable = true; user = "me"; };
}
"#;

/// A repository, and beside it its inputs.
fn host(module: &str) -> TempDir {
    repository(&[
        ("repository/flake.nix", FLAKE),
        ("repository/flake.lock", LOCK),
        ("repository/one.nix", module),
        ("vault/flake.nix", VAULT),
        ("vault/module.nix", VAULT_MODULE),
        ("vault/path.nix", "{ boot.kernelModules = [ \"vault\" ]; }"),
        ("tools/flake.nix", "{ outputs = { self, nixpkgs }: { lib.named = nixpkgs.lib.shout; }; }"),
        (
            "plain/plain.nix",
            "{ lib, ... }: { options.plain = lib.mkOption { default = ./plain.nix; }; }",
        ),
    ])
}

fn with_inputs(command: &[&str], beside: &Path) -> Run {
    let root = beside.join("repository");
    let input =
        |name: &str, directory: &str| format!("{name}={}", beside.join(directory).display());
    let inputs = [input("vault", "vault"), input("plain", "plain"), input("vault/tools", "tools")];
    let mut arguments = command.to_vec();
    arguments.extend(["--root", root.to_str().unwrap(), "--nixpkgs", CHECKOUT]);
    for input in &inputs {
        arguments.extend(["--input", input]);
    }
    nixpact(&arguments)
}

fn config(beside: &Path, option: &str) -> String {
    let run = with_inputs(&["config", option], beside);
    assert_eq!(run.status, 0, "{option}: {}", run.err);
    run.out.trim_end().to_owned()
}

/// The findings of a check, each as its lint and its message.
fn findings(beside: &Path) -> Vec<String> {
    let run = with_inputs(&["check", "--allow", "no-contract", "--format", "json"], beside);
    run.findings()
}

#[test]
fn a_host_has_the_modules_of_its_inputs() {
    let beside = host(MODULE);
    for (option, value) in [
        ("services.web.user", "\"vault!MIT\""),
        ("services.web.port", "8080"),
        (
            "vault",
            "{ level = \"low\"; secrets = { a = { path = \"/run/a\"; }; }; user = \"vault!MIT\"; }",
        ),
        ("boot.kernelModules", "[ \"vault\" ]"),
        ("plain", "«plain»/plain.nix"),
    ] {
        assert_eq!(config(beside.path(), option), value, "{option}");
    }
    assert_eq!(findings(beside.path()), [""; 0]);
    let trace = with_inputs(&["config", "services.web.user", "--trace"], beside.path()).out;
    assert!(trace.contains("«vault»/module.nix: priority 50, counts: \"vault!MIT\"\n"), "{trace}");
    // Without them it is not known what their modules define.
    let root = beside.path().join("repository");
    let root = root.to_str().unwrap();
    let without = nixpact(&["config", "services.web.user", "--root", root, "--nixpkgs", CHECKOUT]);
    assert_eq!(without.out, "\"me\"\n");
    let port = nixpact(&["config", "services.web.port", "--root", root, "--nixpkgs", CHECKOUT]);
    assert!(port.out.starts_with("«unknown: "), "{}", port.out);
}

#[test]
fn nixpkgs_is_an_input_as_others_are() {
    let beside = host("{ }");
    let root = beside.path().join("repository");
    let config = ["config", "services.web.port", "--root", root.to_str().unwrap()];
    let input = format!("nixpkgs={CHECKOUT}");
    assert_eq!(nixpact(&[&config[..], &["--input", &input]].concat()).out, "8080\n");
    // It counts before what the configuration names.
    write(&root.join("nixpact.toml"), "nixpkgs = \"nowhere\"\n");
    assert_eq!(nixpact(&[&config[..], &["--input", &input]].concat()).out, "8080\n");
}

#[test]
fn what_an_input_would_refuse_is_found() {
    let beside = host(
        "{ inputs, ... }: {
           imports = [ inputs.vault.nixosModules.default ];
           vault = { levle = \"low\"; level = \"lo\"; secrets.a.pth = 1; };
           valut.level = \"low\";
         }",
    );
    let mut found = findings(beside.path());
    found.sort();
    assert_eq!(
        found,
        [
            "undeclared-option: Option 'valut' does not exist",
            "undeclared-option: Option 'vault.levle' does not exist",
            "undeclared-option: Option 'vault.secrets.a.pth' does not exist",
            "wrong-option-type: A value of option 'vault.level' is a string (\"lo\"), expected one of \
             \"low\", \"high\"",
        ]
    );
}

#[test]
fn a_function_of_an_input_finds_modules_of_the_repository() {
    let beside = host("{ inputs, ... }: { imports = [ (inputs.vault.lib.load ./modules) ]; }");
    write(&beside.path().join("repository/modules/a.nix"), "{ services.web.enabel = true; }");
    write(&beside.path().join("repository/modules/b.nix"), "{ services.web.port = 1; }");
    assert_eq!(config(beside.path(), "services.web.port"), "1");
    assert_eq!(
        findings(beside.path()),
        ["undeclared-option: Option 'services.web.enabel' does not exist"]
    );
}

#[test]
fn what_an_input_is_fetched_from_is_not_known() {
    let module = "{ inputs, lib, ... }: {
      options.own = lib.mkOption { type = lib.types.attrs; };
      config.own = with inputs; {
        inherit (vault) rev _type;
        names = builtins.attrNames vault.nixosModules;
        through = vault.inputs.tools.lib.named \"x\";
        place = \"${vault}/module.nix\";
        file = builtins.readFile \"${plain}/plain.nix\" == \"\";
        there = map builtins.pathExists [ \"${plain}/plain.nix\" \"${plain}/none.nix\" ];
      };
    }";
    let beside = host(module);
    assert_eq!(
        config(beside.path(), "own"),
        "{ _type = \"flake\"; file = false; names = [ \"default\" \"path\" ]; place = \"«vault»/module.nix\"; \
         rev = «unknown: vault.rev comes from outside of the repository»; there = [ true false ]; \
         through = \"x!MIT\"; }"
    );
}

#[test]
fn an_input_that_is_not_there_leaves_the_host_as_it_is() {
    let beside = host(&MODULE.replace("inputs.vault", "inputs.other"));
    write(
        &beside.path().join("repository/flake.nix"),
        FLAKE.replace("inputs.vault", "inputs.other"),
    );
    assert!(config(beside.path(), "services.web.port").starts_with("«unknown: "));
    assert_eq!(findings(beside.path()), [""; 0]);
    // Nor does one whose module is an error say anything of the others.
    let beside = host(MODULE);
    write(&beside.path().join("vault/path.nix"), "throw \"no\"");
    assert!(config(beside.path(), "services.web.port").starts_with("«unknown: "));
    assert_eq!(findings(beside.path()), [""; 0]);
}

#[test]
fn without_a_checkout_options_of_inputs_may_be_declared() {
    let module = MODULE
        .replace("{ inputs, ... }:", "{ inputs, lib, ... }:")
        .replace(" \"${inputs.plain}/plain.nix\"", "")
        .replace("imports =", "options.vault.a = lib.mkOption { default = 1; };\n  imports =")
        .replace("vault.secrets.a = { };", "config.vault.secrets.a = { };")
        .replace("services.web =", "config.services.web =");
    let beside = host(&module);
    let root = beside.path().join("repository");
    let vault = format!("vault={}", beside.path().join("vault").display());
    let run = nixpact(&[
        "check",
        root.to_str().unwrap(),
        "--input",
        &vault,
        "--allow",
        "no-contract",
        "--format",
        "json",
    ]);
    assert_eq!(run.json()["diagnostics"].as_array().unwrap().len(), 0, "{}", run.out);
}

#[test]
fn the_store_holds_what_the_lock_file_pins_or_it_is_an_error() {
    let beside = host(MODULE);
    let root = beside.path().join("repository");
    let root = root.to_str().unwrap();
    let pinned = LOCK.replace(
        r#""vault_2": {"#,
        r#""vault_2": { "locked": { "narHash": "sha256-UDE63d3mA0sesL/+a7qTpe+SK18BPvvZV4H3/MWNs/c=" },"#,
    );
    write(&beside.path().join("repository/flake.lock"), pinned);
    let run = nixpact(&["check", root, "--nixpkgs", CHECKOUT, "--input", "lock"]);
    assert_eq!(
        run.failure(),
        "nixpact: /nix/store/jzx8cmzn0xzv6syalf858ax83mzrfxh4-source: the input vault cannot be read: \
         no such file or directory\n  = help: run nix flake archive, which puts all inputs into the \
         store, or name those that matter with --input NAME=PATH\n"
    );
    // The option is the same as a key of the configuration.
    write(&beside.path().join("repository/nixpact.toml"), "inputs = \"lock\"\n");
    let run = nixpact(&["check", root, "--nixpkgs", CHECKOUT]);
    assert!(run.failure().contains("the input vault cannot be read"));
    write(&beside.path().join("repository/nixpact.toml"), "inputs = \"/etc\"\n");
    let run = nixpact(&["check", root, "--nixpkgs", CHECKOUT]);
    assert!(run.failure().contains("unknown variant `/etc`, expected `lock`"), "{}", run.err);
    write(&beside.path().join("repository/nixpact.toml"), "");
    for (given, problem) in [
        ("vault", "write NAME=PATH for an input in a directory"),
        (
            "valt=/nowhere",
            "flake.lock: it pins no input 'valt', which --input names\n  = help: name",
        ),
        ("vault=/nowhere", "/nowhere: the input vault cannot be read: "),
    ] {
        let run = nixpact(&["check", root, "--nixpkgs", CHECKOUT, "--input", given]);
        assert!(run.failure().contains(problem), "{}", run.err);
    }
}

/// As snowfall-lib does: it finds the modules in a copy of what it is given, names them by their paths, and
/// passes them on out of functions of its own.
#[test]
fn modules_of_the_repository_may_be_passed_on_by_functions_of_an_input() {
    let loader = r#"{
      outputs = { self }: let own = ./.; in {
        lib.modules = { src, lib }: let
          root = "${src}/modules";
          find = directory: lib.concatLists (lib.mapAttrsToList (name: kind:
            if kind == "directory" then find "${directory}/${name}" else [ "${directory}/${name}" ])
            (builtins.readDir directory));
          helpers = import "${own}/helpers.nix";
        in builtins.listToAttrs (map (path: {
          name = builtins.replaceStrings [ (toString root) "/default.nix" ] [ "" "" ]
            (builtins.unsafeDiscardStringContext path);
          value = helpers.wrap path;
        }) (find root));
      };
    }"#;
    let helpers = r#"{
      wrap = path: args@{ pkgs, ... }: (import path) (args // { wrapped = true; }) // { _file = path; };
    }"#;
    let flake = r#"{
      inputs.nixpkgs.url = "github:NixOS/nixpkgs";
      inputs.loader.url = "github:example/loader";
      outputs = { self, nixpkgs, loader }:
        let found = loader.lib.modules { src = ./.; inherit (nixpkgs) lib; };
        in {
          nixosConfigurations.one = nixpkgs.lib.nixosSystem {
            modules = builtins.attrValues found ++ [ { lab.names = builtins.attrNames found; } ];
          };
        };
    }"#;
    let names = r#"{ lib, ... }: { options.lab.names = lib.mkOption { type = lib.types.listOf lib.types.str; }; }"#;
    let inner = r#"{ lib, config, wrapped, ... }: {
      options.lab.port = lib.mkOption { type = lib.types.port; default = 8000 + builtins.length config.lab.names; };
      config.lab.names = lib.mkIf wrapped [ "wrapped" ];
    }"#;
    let beside = repository(&[
        ("repository/flake.nix", flake),
        ("repository/modules/default.nix", names),
        ("repository/modules/a/b/default.nix", inner),
        ("loader/flake.nix", loader),
        ("loader/helpers.nix", helpers),
    ]);
    let root = beside.path().join("repository");
    let input = format!("loader={}", beside.path().join("loader").display());
    let run = nixpact(&["config", "lab", "--root", root.to_str().unwrap(), "--input", &input]);
    assert_eq!(run.out, "{ names = [ \"\" \"/a/b\" \"wrapped\" ]; port = 8003; }\n", "{}", run.err);
}

/// What a module of an input imports may be modules of the repository, where a condition chooses.
#[test]
fn an_input_may_import_modules_of_the_repository_on_a_condition() {
    let loader = r#"{
      inputs.theirs.url = "github:example/theirs";
      outputs = { self, theirs }: {
        lib.all = modules: { ... }: { imports = if theirs.lib.wanted then modules else [ ]; };
      };
    }"#;
    let flake = r#"{
      inputs.nixpkgs.url = "github:NixOS/nixpkgs";
      inputs.loader.url = "github:example/loader";
      outputs = { self, nixpkgs, loader }: {
        nixosConfigurations.one = nixpkgs.lib.nixosSystem {
          modules = [ (loader.lib.all [ ./beta.nix ]) ./alpha.nix ];
        };
      };
    }"#;
    let alpha = r#"{ lib, ... }: {
      options.lab.alpha = lib.mkOption { default = 1; };
      config.lab.alpah = 2;
    }"#;
    let beta = r#"{ lib, ... }: {
      options.lab.alpah = lib.mkOption { };
      config.lab.alpha = 3;
    }"#;
    let beside = repository(&[
        ("repository/flake.nix", flake),
        ("repository/alpha.nix", alpha),
        ("repository/beta.nix", beta),
        ("loader/flake.nix", loader),
    ]);
    let root = beside.path().join("repository");
    let root = root.to_str().unwrap();
    let input = format!("loader={}", beside.path().join("loader").display());
    let run = nixpact(&["config", "lab.alpha", "--root", root, "--input", &input]);
    assert!(run.out.starts_with("«unknown: a condition on it is unknown: "), "{}", run.out);
    let run = nixpact(&["check", root, "--input", &input, "--format", "json"]);
    assert_eq!(run.lints().into_keys().collect::<Vec<_>>(), ["no-contract"]);
}

/// Another version may name other inputs than the one that the lock file pins; nor is it evaluated but purely.
#[test]
fn an_input_of_another_version_has_the_inputs_that_it_names() {
    let beside = host(
        "{ inputs, lib, ... }: {
      options.own = lib.mkOption { type = lib.types.attrs; };
      config.own = { inherit (inputs.vault.lib) systems named other; };
    }",
    );
    let vault = "{
      inputs.other.url = \"github:example/other\";
      inputs.nixpkgs.url = \"github:NixOS/nixpkgs\";
      outputs = { self, nixpkgs, other }: {
        lib.systems = if builtins ? currentSystem then [ builtins.currentSystem ] else [ ];
        lib.named = builtins.currentSystem or \"none\";
        lib.other = other.lib.value;
      };
    }";
    write(&beside.path().join("vault/flake.nix"), vault);
    assert_eq!(
        config(beside.path(), "own"),
        "{ named = \"none\"; other = «unknown: vault.inputs.other.lib.value comes from outside of the \
         repository»; systems = [ ]; }"
    );
    assert_eq!(findings(beside.path()), [""; 0]);
}

/// What nixpact follows by itself it follows where an input takes it, too: by the lock file, or by what the flake of
/// another version says.
#[test]
fn an_input_has_the_flakes_that_are_known_without_their_sources() {
    let module = "{ inputs, lib, ... }: {
      options.own = lib.mkOption { type = lib.types.attrs; };
      config.own = inputs.vault.systems;
    }";
    let vault = "{
      inputs.utils.url = \"github:numtide/flake-utils\";
      outputs = { self, nixpkgs, tools, utils }: {
        systems = utils.lib.eachSystem [ \"x86_64-linux\" ] (system: { name = \"on ${system}\"; });
      };
    }";
    let own = "{ name = { x86_64-linux = \"on x86_64-linux\"; }; }";
    let beside = host(module);
    write(&beside.path().join("vault/flake.nix"), vault);
    assert_eq!(config(beside.path(), "own"), own);
    let pinned = LOCK
        .replace(r#""tools": "tools" }"#, r#""tools": "tools", "utils": "utils_2" }"#)
        .replace(
            r#""vault_2": {"#,
            r#""utils_2": { "locked": { "owner": "numtide", "repo": "flake-utils", "type": "github" } },
               "vault_2": {"#,
        );
    write(&beside.path().join("repository/flake.lock"), &pinned);
    assert_eq!(config(beside.path(), "own"), own);
    write(&beside.path().join("repository/flake.lock"), pinned.replace("numtide", "other"));
    assert_eq!(
        config(beside.path(), "own"),
        "«unknown: vault.inputs.utils.lib.eachSystem comes from outside of the repository»"
    );
}

#[test]
fn inputs_in_the_repository_are_replaced_and_have_inputs_that_are_read() {
    let flake = r#"{
      inputs.nixpkgs.url = "github:NixOS/nixpkgs";
      inputs.own.url = "path:./own";
      outputs = { nixpkgs, own, ... }: {
        nixosConfigurations.one = nixpkgs.lib.nixosSystem {
          modules = [ { networking.hostName = own.name; } ];
        };
      };
    }"#;
    let own = r#"{
      inputs.names.url = "github:example/names";
      outputs = { names, ... }: { name = names.first; };
    }"#;
    let lock = r#"{
      "nodes": {
        "own": { "inputs": { "names": "names" }, "locked": { "type": "path", "path": "./own" } },
        "names": { "locked": { "type": "github", "owner": "example", "repo": "names" } },
        "root": { "inputs": { "own": "own" } }
      },
      "root": "root",
      "version": 7
    }"#;
    let beside = repository(&[
        ("repository/flake.nix", flake),
        ("repository/flake.lock", lock),
        ("repository/own/flake.nix", own),
        ("names/flake.nix", "{ outputs = _: { first = \"a\"; }; }"),
        ("other/flake.nix", "{ outputs = _: { name = \"b\"; }; }"),
    ]);
    let name = |inputs: &[(&str, &str)]| {
        let root = beside.path().join("repository");
        let mut arguments = vec!["config", "networking.hostName", "--root", root.to_str().unwrap()];
        let path = |(name, directory): &(&str, &str)| {
            format!("{name}={}", beside.path().join(directory).display())
        };
        let inputs: Vec<String> = inputs.iter().map(path).collect();
        inputs.iter().for_each(|input| arguments.extend(["--input", input]));
        nixpact(&arguments).out
    };
    assert_eq!(
        name(&[]),
        "«unknown: own.inputs.names.first comes from outside of the repository»\n"
    );
    assert_eq!(name(&[("own/names", "names")]), "\"a\"\n");
    assert_eq!(name(&[("own", "other")]), "\"b\"\n");
}
