//! `--nixpkgs` with NixOS' own modules: a host has the options that they declare.
#![allow(clippy::disallowed_methods, reason = "the tests run the program")]

mod support;

use std::path::Path;
use std::process::Command;

use pretty_assertions::assert_eq;
use support::{nixpact, repository, run, write};
use tempfile::TempDir;

const CHECKOUT: &str = "tests/nixpkgs/checkout";

const FLAKE: &str = r#"{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { self, nixpkgs, ... }@inputs: {
    nixosConfigurations.one = nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";
      modules = [ ./one.nix ];
      specialArgs = { inherit inputs; };
    };
  };
}
"#;

const MODULE: &str = r#"{ config, lib, utils, modulesPath, ... }:
{
  imports = [ "${modulesPath}/profiles/guest.nix" ];
  options.own = lib.mkOption { type = lib.types.attrs; default = { }; };
  config = {
    services.web = {
      enable = true;
      hosts.a.address = "a.org";
      hosts.b.port = 81;
    };
    networking.firewall.allowedTCPPorts = [ 22 ];
    own = {
      inherit (config.services.web) port user;
      ports = config.networking.firewall.allowedTCPPorts;
      unit = utils.name config.services.web.hosts.b.address;
    };
  };
}
"#;

fn host(module: &str) -> TempDir {
    repository(&[("flake.nix", FLAKE), ("one.nix", module)])
}

fn config(root: &Path, option: &str) -> String {
    let root = root.to_str().unwrap();
    let run = nixpact(&["config", option, "--root", root, "--nixpkgs", CHECKOUT]);
    assert_eq!(run.status, 0, "{option}: {}", run.err);
    run.out.trim_end().to_owned()
}

/// The findings of a check, each as its lint and its message.
fn findings(root: &Path) -> Vec<String> {
    let run = nixpact(&[
        "check",
        root.to_str().unwrap(),
        "--nixpkgs",
        CHECKOUT,
        "--allow",
        "no-contract",
        "--format",
        "json",
    ]);
    run.findings()
}

#[test]
fn an_option_of_nixos_has_the_value_that_its_modules_give_it() {
    let root = host(MODULE);
    for (option, value) in [
        ("services.web.port", "8080"),
        ("services.web.user", "\"nixos-web\""),
        ("services.web.level", "\"quiet\""),
        (
            "services.web.hosts",
            "{ a = { address = \"a.org\"; port = 8080; }; b = { address = \"b\"; port = 81; }; }",
        ),
        ("networking", "{ firewall = { allowedTCPPorts = [ 22 8080 ]; }; }"),
        ("boot.kernelModules", "[ \"virtio\" ]"),
        ("nixpkgs.system", "\"x86_64-linux\""),
        ("system.release", "\"99.11\""),
        ("system.source", "\"«nixpkgs»\""),
        ("own", "{ port = 8080; ports = [ 22 8080 ]; unit = \"nixos-b\"; user = \"nixos-web\"; }"),
    ] {
        assert_eq!(config(root.path(), option), value, "{option}");
    }
    assert!(config(root.path(), "environment.systemPackages").contains("unknown: pkgs.web comes"));
    assert_eq!(findings(root.path()), [""; 0]);
    let root = root.path().to_str().unwrap();
    let trace = ["config", "networking.firewall.allowedTCPPorts", "--root", root, "--trace"];
    let with = nixpact(&[&trace[..], &["--nixpkgs", CHECKOUT]].concat()).out;
    let module = "«nixpkgs»/nixos/modules/services/web.nix: priority 100, counts: [ 8080 ]\n";
    assert!(with.contains(module), "{with}");
    assert!(with.contains("one.nix:11:43: priority 100, counts: [ 22 ]\n"), "{with}");
    // Without the checkout it is not known who else defines it.
    let without = nixpact(&trace).out;
    assert!(without.starts_with("[ 22 «unknown: "), "{without}");
}

#[test]
fn what_nixos_would_refuse_is_found() {
    let root = host(
        r#"{ lib, ... }:
        {
          services.web.enabel = true;
          services.web.level = "lud";
          services.web.hosts.a.prt = 1;
          services.web.hosts.b.port = 99999;
          services.wib.enable = true;
          servcies.web.enable = true;
          boot = 3;
          networking.firewall.allowedTCPPorts = lib.mkForce [ "http" ];
          environment.checkConfigurationOptions = true;
          system.release = lib.mkMerge [ "1" "2" ];
          system.message = "hello";
        }
        "#,
    );
    let run = nixpact(&["check", root.path().to_str().unwrap(), "--nixpkgs", CHECKOUT]);
    assert!(run.out.contains("= «nixpkgs»/nixos/modules/misc.nix sets it, too\n"), "{}", run.out);
    let mut found = findings(root.path());
    found.sort();
    assert_eq!(
        found,
        [
            "conflicting-definition: Option 'system.message' is set to both \"welcome\" and \"hello\"",
            "conflicting-definition: Option 'system.release' is set to both \"1\" and \"2\"",
            "undeclared-option: Option 'boot' does not exist: it is a set of options",
            "undeclared-option: Option 'servcies' does not exist",
            "undeclared-option: Option 'services.web.enabel' does not exist",
            "undeclared-option: Option 'services.web.hosts.a.prt' does not exist",
            "undeclared-option: Option 'services.wib' does not exist",
            "wrong-option-type: A value of option 'networking.firewall.allowedTCPPorts' is a string \
             (\"http\"), expected 16 bit unsigned integer; between 0 and 65535 (both inclusive)",
            "wrong-option-type: A value of option 'services.web.hosts.b.port' is an integer (99999), \
             expected 16 bit unsigned integer; between 0 and 65535 (both inclusive)",
            "wrong-option-type: A value of option 'services.web.level' is a string (\"lud\"), expected \
             one of \"quiet\", \"loud\"",
        ]
    );
}

#[test]
fn a_repository_with_options_of_its_own_defines_those_of_nixos_all_the_same() {
    let root = host(
        "{ lib, ... }: {
           imports = [ { services.web.enabel = true; } ];
           options.own.a = lib.mkOption { default = 1; };
           options.services.mine = lib.mkOption { default = 1; };
           config.services.wib = 1;
           config.own.b = 2;
         }",
    );
    let inline =
        "{ services.web.usr = \"x\"; } ({ lib, ... }: { services.web.hots = { }; }) ./one.nix";
    write(&root.path().join("flake.nix"), FLAKE.replace("./one.nix", inline));
    let mut found = findings(root.path());
    found.sort();
    let undeclared = |option: &str| format!("undeclared-option: Option '{option}' does not exist");
    assert_eq!(
        found,
        ["own.b", "services.web.enabel", "services.web.hots", "services.web.usr", "services.wib"]
            .map(undeclared)
    );
}

#[test]
fn definitions_that_are_not_known_declare_nothing() {
    let root = host(
        "{ lib, pkgs, inputs, ... }: {
           config = lib.mkMerge [
             { services.web.enabel = true; }
             { services.${pkgs.name} = { }; services.web.${pkgs.name} = 1; }
             { inherit (import inputs.nixpkgs { }) services; }
           ];
         }",
    );
    assert_eq!(
        findings(root.path()),
        ["undeclared-option: Option 'services.web.enabel' does not exist"]
    );
}

#[test]
fn where_options_cannot_be_declared_nothing_is_said_of_them() {
    let root = host(
        "{ lib, ... }: {
           options.services.mine = lib.mkOption {
             default = { };
             type = lib.types.attrsOf (lib.types.submodule [ { options = lib.nowhere; } { imports = [ (lib.gone { }) ]; } ]);
           };
           options.services.more = lib.nowhere;
           config.services.mine.a.b = 1;
           config.services.more.c = 1;
         }",
    );
    let found = findings(root.path());
    let is_told = |finding: &String| finding.starts_with("undeclared-option");
    assert!(!found.iter().any(is_told), "{found:?}");
}

#[test]
fn an_assertion_of_nixos_that_fails_is_found() {
    let root = host("{ services.web = { enable = true; user = \"root\"; }; }");
    let run = nixpact(&["check", root.path().to_str().unwrap(), "--nixpkgs", CHECKOUT]);
    for line in [
        "error[failed-assertion]: Assertion fails: The web server must not be root.\n",
        " = Set services.web.user.\n",
        " = It stands in «nixpkgs»/nixos/modules/services/web.nix\n",
    ] {
        assert!(run.out.contains(line), "{}", run.out);
    }
    let root = host("{ services.web.user = \"root\"; }");
    assert_eq!(findings(root.path()), [""; 0]);
}

#[test]
fn what_is_not_declared_may_be_left_out_where_the_host_says_so() {
    let root = host("{ environment.checkConfigurationOptions = false; services.wib.x = 1; }");
    assert_eq!(findings(root.path()), [""; 0]);
}

#[test]
fn modules_of_other_flakes_leave_options_of_nixos_unknown() {
    let module = "{ inputs, ... }: {
      imports = [ inputs.other.nixosModules.default ];
      services.web = { enabel = true; port = \"x\"; level = \"loud\"; };
    }";
    let flake = FLAKE.replace("{ self, nixpkgs", "{ self, other, nixpkgs");
    let root = repository(&[("flake.nix", &flake), ("one.nix", module)]);
    let known = |option: &str| config(root.path(), option);
    assert_eq!(known("services.web.level"), "\"loud\"");
    for option in
        ["services.web.user", "networking.firewall.allowedTCPPorts", "services.web.enable"]
    {
        assert!(known(option).contains("«unknown: "), "{option}");
    }
    // It may declare the one, and have another value count for the other.
    assert_eq!(findings(root.path()), [""; 0]);
}

#[test]
fn where_a_module_is_an_error_nothing_of_nixos_is_told() {
    let root =
        host("{ lib, ... }: { imports = [ (lib.nowhere { }) ]; services.web.enabel = true; }");
    let stops =
        "evaluation-error: Nix stops while it looks for modules: attribute 'nowhere' missing";
    assert_eq!(findings(root.path()), [stops]);
    assert!(config(root.path(), "services.web.port").contains("«unknown: "));
}

#[test]
fn a_module_of_nixos_may_be_imported_by_way_of_the_input() {
    let module = "{ inputs, ... }: {
      imports = [ \"${inputs.nixpkgs}/nixos/modules/profiles/guest.nix\" ];
    }";
    let root = host(module);
    assert_eq!(config(root.path(), "boot.kernelModules"), "[ \"virtio\" ]");
    assert_eq!(config(root.path(), "services.web.port"), "8080");
    let of_flake = "{ inputs, ... }: { imports = [ inputs.nixpkgs.nixosModules.guest ]; }";
    let other = host(of_flake);
    assert_eq!(config(other.path(), "boot.kernelModules"), "[ \"virtio\" ]");
    let root = host(&module.replace("guest", "absent"));
    assert!(config(root.path(), "services.web.port").contains("«unknown: "));
}

#[test]
fn a_module_of_nixos_may_be_replaced() {
    let root = host(
        r#"{ lib, ... }: {
          disabledModules = [ "services/web.nix" ];
          options.services.web.mine = lib.mkOption { type = lib.types.str; default = "mine"; };
        }"#,
    );
    assert_eq!(config(root.path(), "services.web"), "{ mine = \"mine\"; }");
    assert_eq!(config(root.path(), "networking.firewall.allowedTCPPorts"), "[ ]");
}

#[test]
fn a_host_may_be_extended_and_read_by_another() {
    let root = host(MODULE);
    let flake = FLAKE.replace(
        "nixosConfigurations.one",
        "nixosConfigurations.two = self.nixosConfigurations.one.extendModules {
           modules = [ { services.web.port = 82; } ];
         };
         nixosConfigurations.three = nixpkgs.lib.nixosSystem {
           modules = [ { networking.firewall.allowedTCPPorts =
             self.nixosConfigurations.one.config.networking.firewall.allowedTCPPorts ++ [ 3 ]; } ];
         };
         nixosConfigurations.one",
    );
    write(&root.path().join("flake.nix"), flake);
    assert_eq!(
        config(root.path(), "networking.firewall.allowedTCPPorts"),
        "# one\n[ 22 8080 ]\n# three\n[ 22 8080 3 ]\n# two\n[ 22 82 ]"
    );
}

#[test]
fn the_platform_of_the_package_set_is_known() {
    let module = "{ lib, pkgs, ... }: {
      options.own = lib.mkOption { default = { }; };
      config.own = {
        inherit (pkgs) system;
        inherit (pkgs.stdenv) isLinux;
        a = pkgs.lib.shout \"a\";
        there = pkgs.lib ? nowhere;
        path = pkgs.path + \"/nixos\";
        package = pkgs.stdenv.cc;
      };
    }";
    let root = host(module);
    let package = "package = «unknown: pkgs.stdenv.cc comes from outside of the repository»";
    let whole = |there: &str| {
        format!(
            "{{ a = \"a!MIT\"; isLinux = true; {package}; path = «nixpkgs»/nixos; \
             system = \"x86_64-linux\"; there = {there}; }}"
        )
    };
    assert_eq!(config(root.path(), "own"), whole("false"));
    // An overlay without a lib leaves it as it is.
    let with = |packages: &str| {
        let module = module
            .replace(
                "config.own",
                &format!("config.system.packages = lib.mkForce ({packages}); config.own"),
            )
            .replace("lib, pkgs,", "lib, pkgs, inputs,");
        config(host(&module).path(), "own")
    };
    let own = "import inputs.nixpkgs { system = \"x86_64-linux\"; }";
    assert!(with(own).contains("isLinux = true"), "{}", with(own));
    let legacy = "inputs.nixpkgs.legacyPackages.aarch64-linux.extend (final: prev: { lib = { }; })";
    let shown = with(legacy);
    assert!(shown.contains("isLinux = false") && shown.contains("\"aarch64-linux\""), "{shown}");
    assert!(shown.contains("there = «unknown: "), "{shown}");
}

#[test]
fn the_lib_of_a_host_may_be_extended() {
    let module = MODULE.replace("user;", "user; mine = lib.mine;");
    let root = host(&module);
    let flake = FLAKE.replace(
        "nixpkgs.lib.nixosSystem",
        "(nixpkgs.lib.extend (final: prev: { mine = final.shout \"mine\"; })).nixosSystem",
    );
    write(&root.path().join("flake.nix"), &flake);
    assert_eq!(config(root.path(), "services.web.port"), "8080");
    assert_eq!(config(root.path(), "own.mine"), "\"mine!MIT\"");
    assert_eq!(findings(root.path()), [""; 0]);
    // What is no longer nixpkgs' own may make other modules.
    let flake = flake.replace("mine = final", "types = prev.types // { }; mine = final");
    write(&root.path().join("flake.nix"), flake);
    assert!(config(root.path(), "services.web.port").contains("«unknown: "));
}

#[test]
fn another_version_of_nixpkgs_has_other_modules() {
    let root = host(MODULE);
    let flake = FLAKE
        .replace("inputs.", "inputs.nixpkgs-old.url = \"github:NixOS/nixpkgs/old\"; inputs.")
        .replace("nixpkgs.lib.nixosSystem", "inputs.nixpkgs-old.lib.nixosSystem");
    write(&root.path().join("flake.nix"), flake);
    assert!(config(root.path(), "services.web.port").starts_with("«unknown: "));
    assert!(
        config(root.path(), "networking.firewall.allowedTCPPorts").starts_with("[ 22 «unknown: ")
    );
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to.join(entry.file_name())),
            false => drop(std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap()),
        }
    }
}

/// With `nix-instantiate`, and a checkout of nixpkgs whose `lib` is `NIXPKGS_LIB`: the same modules with
/// nixpkgs' own module system.
#[test]
fn values_are_those_of_nix() {
    let lib = std::env::var_os("NIXPKGS_LIB").filter(|lib| !lib.is_empty());
    let Some(lib) = lib else { return };
    let checkout = tempfile::tempdir().unwrap();
    for part in ["nixos", "flake.nix"] {
        let from = Path::new(CHECKOUT).join(part);
        match from.is_dir() {
            true => copy(&from, &checkout.path().join(part)),
            false => drop(std::fs::copy(from, checkout.path().join(part)).unwrap()),
        }
    }
    copy(Path::new(&lib), &checkout.path().join("lib"));
    let root = host(MODULE);
    let (checkout, root) = (checkout.path().to_str().unwrap(), root.path().to_str().unwrap());
    for option in ["services.web.hosts", "services.web.user", "networking", "boot", "own"] {
        let own =
            nixpact(&["config", option, "--root", root, "--nixpkgs", checkout, "--format", "json"]);
        let whole = format!(
            "((import {checkout}/flake.nix).outputs {{ self.outPath = \"/x\"; }}).lib.nixosSystem {{
               system = \"x86_64-linux\"; modules = [ {root}/one.nix ]; specialArgs.inputs = {{ }};
               extraModules = [ ]; }}"
        );
        let mut nix = Command::new("nix-instantiate");
        nix.args(["--eval", "--strict", "--json", "--expr"]);
        nix.arg(format!("({whole}).config.{option}"));
        let nix = run(&mut nix);
        assert_eq!(nix.status, 0, "{option}: {}", nix.err);
        assert_eq!(own.json()["hosts"][0]["value"], nix.json(), "{option}");
    }
}
