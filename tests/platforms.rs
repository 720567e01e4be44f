//! What is known of the platform of a host without a checkout of nixpkgs.
#![allow(clippy::disallowed_methods, reason = "a test runs the program and makes files")]

mod support;

use pretty_assertions::assert_eq;

use support::{nixpact, repository};

/// `nixpact config lab` of a host that nixpkgs' function makes of some arguments and a module.
fn lab(arguments: &str, module: &str, value: &str) -> String {
    let flake = format!(
        "{{ inputs.nixpkgs.url = \"n\"; outputs = {{ nixpkgs, other, ... }}: {{
             nixosConfigurations.a = nixpkgs.lib.nixosSystem {{
               {arguments} modules = [ ./host.nix ];
             }};
           }}; }}"
    );
    let host = format!(
        "{{ config, lib, pkgs, ... }}: {{
           options.lab = lib.mkOption {{ }};
           config = {{ lab = {value}; {module} }};
         }}"
    );
    let root = repository(&[("flake.nix", &flake), ("host.nix", &host)]);
    let run = nixpact(&["config", "lab", "--root", root.path().to_str().unwrap()]);
    format!("{}{}", run.out, run.err).trim().to_owned()
}

const SYSTEM: &str = "pkgs.stdenv.hostPlatform.system";

#[test]
fn the_options_of_nixos_name_it() {
    let arm = "\"aarch64-linux\"";
    for (arguments, module) in [
        ("", "nixpkgs.hostPlatform = \"aarch64-linux\";"),
        ("", "nixpkgs.hostPlatform = lib.mkDefault { system = \"aarch64-linux\"; };"),
        ("", "nixpkgs = { hostPlatform.system = \"aarch64-linux\"; };"),
        ("", "nixpkgs.system = \"aarch64-linux\";"),
        ("", "nixpkgs.localSystem.system = \"aarch64-linux\";"),
        ("system = \"aarch64-linux\";", ""),
        ("system = \"x86_64-linux\";", "nixpkgs.hostPlatform = \"aarch64-linux\";"),
        ("system = \"x86_64-linux\";", "nixpkgs.system = \"aarch64-linux\";"),
        ("pkgs = import nixpkgs { system = \"aarch64-linux\"; };", ""),
        ("pkgs = nixpkgs.legacyPackages.aarch64-linux;", ""),
    ] {
        assert_eq!(lab(arguments, module, SYSTEM), arm, "{arguments} {module}");
        assert_eq!(lab(arguments, module, "pkgs.system"), arm, "{arguments} {module}");
        assert_eq!(lab(arguments, module, "pkgs.stdenv.isAarch64"), "true");
    }
}

#[test]
fn a_platform_is_a_set_however_it_is_written() {
    let module = "nixpkgs.hostPlatform = \"x86_64-linux\";";
    let value = "with config.nixpkgs; [ hostPlatform.isLinux (hostPlatform == \"x86_64-linux\") ]";
    assert_eq!(lab("", module, value), "[ true false ]");
}

/// Nothing names it, or nothing that is known: NixOS is Linux all the same.
#[test]
fn the_kernel_is_known_of_each_host() {
    for (arguments, module) in [
        ("", ""),
        ("system = other.system;", ""),
        ("", "nixpkgs.hostPlatform = lib.mkIf config.a.b \"aarch64-linux\";"),
        ("pkgs = other.pkgs;", ""),
    ] {
        let value = "with pkgs.stdenv; [ isLinux isDarwin hostPlatform.isWindows ]";
        assert_eq!(lab(arguments, module, value), "[ true false false ]", "{arguments} {module}");
        let system = lab(arguments, module, SYSTEM);
        assert!(system.starts_with("«unknown: "), "{arguments} {module}: {system}");
    }
    // A kernel that nixpact does not know.
    let other = lab("", "nixpkgs.hostPlatform = \"x86_64-freebsd\";", "pkgs.stdenv.isLinux");
    assert!(other.starts_with("«unknown: "), "{other}");
}

#[test]
fn a_package_is_none_of_the_platform() {
    for value in
        ["pkgs.hello.system", "pkgs.stdenv.cc.isClang", "pkgs.stdenv.hostPlatform.linuxArch"]
    {
        let value = lab("", "nixpkgs.hostPlatform = \"x86_64-linux\";", value);
        assert!(value.starts_with("«unknown: "), "{value}");
    }
}
