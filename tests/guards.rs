//! Hosts and modules behind assertions of which it is not known whether they hold.

#[path = "support/hosts.rs"]
mod support;

use pretty_assertions::assert_eq;

use support::{CONTRACT, service, summary};

/// The hosts and the findings of a flake with one host of two modules, before which `guard` stands, as it does before the
/// hosts and the outputs.
fn guarded(guard: impl Fn(&str) -> String) -> Vec<(Vec<String>, Vec<String>)> {
    let module = "./jellyfin.nix";
    let host = |module: &str| {
        format!("nixpkgs.lib.nixosSystem {{ modules = [ ./options.nix {module} ]; }}")
    };
    let flake = |outputs: &str| {
        format!(
            "{{ inputs.other.url = \"github:x/other\";
                outputs = {{ nixpkgs, other, ... }}: let inherit (nixpkgs) lib; in {outputs}; }}"
        )
    };
    let outputs = |host: &str| format!("{{ nixosConfigurations = {{ a = {host}; }}; }}");
    let in_module = guard(&format!("(import {module})"));
    let imports = format!("{{ imports = {}; }}", guard("[ ./jellyfin.nix ]"));
    let texts = [
        guard(&outputs(&host(module))),
        format!("{{ nixosConfigurations = {}; }}", guard(&format!("{{ a = {}; }}", host(module)))),
        outputs(&guard(&host(module))),
        // Behind what leads there.
        format!("let make = {{ module }}: {}; in {}", guard(&host("module")), {
            outputs(&format!("make {{ module = {module}; }}"))
        }),
        outputs(&host(&format!("({in_module})"))),
        outputs(&host(&format!("({{ pkgs, ... }}: {in_module})"))),
        outputs(&host(&imports)),
    ];
    let jellyfin = service("jellyfin", 8096);
    let found = texts.iter().map(|text| {
        let flake = flake(text);
        summary(&[("flake.nix", &flake), ("options.nix", CONTRACT), ("jellyfin.nix", &jellyfin)])
    });
    found.collect()
}

#[test]
fn nix_is_taken_to_get_past_what_is_not_known() {
    for guard in [
        "assert other.isReady; VALUE",
        "assert builtins.hasAttr \"modules\" other; assert lib.assertMsg (other.version > 1) \"no\"; VALUE",
        "builtins.seq other.evidence (VALUE)",
        "builtins.deepSeq { x = other.evidence; } (VALUE)",
        "lib.throwIf other.isOld \"old\" (VALUE)",
        "lib.throwIfNot (other ? lib) \"old\" (VALUE)",
        "if other.isReady then VALUE else throw \"no\"",
        "if other.isOld then abort \"no\" else VALUE",
        "with other; let checked = assert isReady; VALUE; in checked",
    ] {
        for (hosts, findings) in guarded(|value| guard.replace("VALUE", value)) {
            assert_eq!(hosts, ["a: jellyfin=8096"], "{guard}: {findings:?}");
        }
    }
}

#[test]
fn what_may_be_something_else_stays_unknown() {
    for guard in [
        "if other.isReady then VALUE else other.fallback",
        "let again = assert other.isReady; again; in if true then again else VALUE",
        "builtins.seq (throw \"no\" + other.evidence) (VALUE)",
        "assert false; VALUE",
        "lib.throwIf true other.message (VALUE)",
    ] {
        for (hosts, _) in guarded(|value| guard.replace("VALUE", value)) {
            assert!(hosts.iter().all(|host| !host.contains("8096")), "{guard}: {hosts:?}");
        }
    }
}

#[test]
fn whether_an_assertion_holds_stays_unknown() {
    let flake = "{ outputs = { nixpkgs, other, ... }: {
        nixosConfigurations.a = nixpkgs.lib.nixosSystem { modules = [ ./options.nix {
          qgroget.serviceModules.jellyfin = {
            enable = true;
            port = if (builtins.tryEval (assert other.isReady; true)).success then 1 else 2;
          };
        } ]; };
      }; }";
    assert_eq!(summary(&[("flake.nix", flake), ("options.nix", CONTRACT)]).0, ["a: jellyfin=?"]);
}

#[test]
fn modules_cannot_hang_on_what_they_configure() {
    let flake = "{ outputs = { nixpkgs, ... }: {
        nixosConfigurations.a = nixpkgs.lib.nixosSystem { modules = [ ./options.nix ./jellyfin.nix ]; };
      }; }";
    let jellyfin = service("jellyfin", 8096);
    let module = format!("{{ config, ... }}: assert config.qgroget.isReady; {jellyfin}");
    let (hosts, findings) =
        summary(&[("flake.nix", flake), ("options.nix", CONTRACT), ("jellyfin.nix", &module)]);
    assert_eq!(hosts, ["a: "]);
    assert_eq!(findings, ["Which modules are imported depends on what they define"]);
}
