//! Hosts that the functions of other flakes make, and modules that they may find.

#[path = "support/hosts.rs"]
mod support;

use pretty_assertions::assert_eq;

use support::{CONTRACT, analyse, service, summary};

#[test]
fn the_lib_of_home_manager_adds_to_that_of_nixpkgs() {
    let flake = |lib: &str| {
        format!(
            "{{ inputs.home-manager.url = \"github:nix-community/home-manager/release-25.11\";
            inputs.nixpkgs.url = \"github:NixOS/nixpkgs\";
            outputs = {{ self, nixpkgs, home-manager }}: let lib = {lib}; in {{
              nixosConfigurations = lib.genAttrs [ \"nuc\" ] (name: lib.nixosSystem {{
                modules = [ ./options.nix ./host.nix ];
              }});
            }}; }}"
        )
    };
    let host = service("jellyfin", 8096);
    for lib in
        ["nixpkgs.lib // home-manager.lib", "nixpkgs.lib.extend (final: prev: home-manager.lib)"]
    {
        let flake = flake(lib);
        let files = [("flake.nix", flake.as_str()), ("options.nix", CONTRACT), ("host.nix", &host)];
        assert_eq!(summary(&files).0, ["nuc: jellyfin=8096"], "{lib}");
    }
}

#[test]
fn another_flakes_function_may_take_other_arguments() {
    let flake = "{ outputs = { theirs, ... }: {
        nixosConfigurations.a = theirs.lib.nixosSystem { modules = { a = ./options.nix; }; };
      }; }";
    let (hosts, findings) = summary(&[("flake.nix", flake), ("options.nix", CONTRACT)]);
    assert_eq!(hosts, [] as [&str; 0]);
    assert!(!findings.iter().any(|it| it.contains("Nix stops")), "{findings:?}");
}

/// The findings where `more` is given to a host as a module, besides one that declares `lab.a`.
fn findings_beside(more: &str, module: &str) -> Vec<String> {
    let flake = format!(
        "{{ outputs = {{ self, nixpkgs, loader }}: {{ nixosConfigurations.a = nixpkgs.lib.nixosSystem {{
          modules = [ ./options.nix ./module.nix {more} ];
        }}; }}; }}"
    );
    let options = "{ lib, ... }: { options.lab.alpha = lib.mkOption { }; }";
    let files = [
        ("flake.nix", &*flake),
        ("options.nix", options),
        ("module.nix", module),
        ("b/x.nix", "{ }"),
    ];
    let (_, mut findings) = summary(&files);
    findings.retain(|message| !message.starts_with("no service contract"));
    findings
}

#[test]
fn a_loader_from_outside_may_find_modules_that_declare() {
    let typing_error = "{ lab.alpah = 1; }";
    let known = ["Option 'lab.alpah' does not exist"];
    assert_eq!(findings_beside("", typing_error), known);
    assert_eq!(findings_beside("loader.nixosModules.default", typing_error), known);
    assert_eq!(findings_beside("(loader.lib.make { inherit nixpkgs; })", typing_error), known);
    for loader in [
        "(loader.load ./b)",
        "(loader.lib.load { src = ./b; }).all",
        "(let src = ./b; in loader.lib.load { inherit src; })",
        "(loader self)",
    ] {
        assert_eq!(findings_beside(loader, typing_error), [] as [&str; 0], "{loader}");
    }
}

#[test]
fn a_loader_of_a_flakes_own_modules_is_why_its_hosts_are_not_known() {
    let flake = "{ outputs = inputs@{ flake-parts, loader, ... }:
      flake-parts.lib.mkFlake { inherit inputs; } { imports = loader.load ./parts; }; }";
    let analysis = analyse(&[("flake.nix", flake), ("options.nix", CONTRACT)]);
    let unknown = &analysis.model.hosts_unknown.as_ref().unwrap().why;
    assert!(unknown.reason.ends_with("loader.load comes from outside of the repository"));
}

#[test]
fn a_module_from_outside_is_why_the_hosts_are_not_known() {
    // Whatever outputs are declared; a module for tools is not blamed where there is another one.
    for options in ["{ }", "{ made = lib.mkOption { default = 1; }; }"] {
        let parts = format!(
            "{{ flake-parts-lib, lib, ... }}: {{ options.flake = flake-parts-lib.mkSubmoduleOptions {options}; }}"
        );
        let flake = "{ outputs = inputs@{ flake-parts, treefmt-nix, disko, den, ... }:
          flake-parts.lib.mkFlake { inherit inputs; } {
            imports = [ treefmt-nix.flakeModule disko.flakeModules.default den.flakeModule ./parts.nix ];
          }; }";
        let files =
            [("flake.nix", flake), ("parts.nix", parts.as_str()), ("options.nix", CONTRACT)];
        let analysis = analyse(&files);
        let unknown = &analysis.model.hosts_unknown.as_ref().unwrap().why;
        let expected = "the option flake.nixosConfigurations is declared outside of the repository: \
            den.flakeModule comes from outside of the repository";
        assert_eq!(&*unknown.reason, expected, "{options}");
    }
}

#[test]
fn a_function_from_the_result_of_another_makes_hosts() {
    let flake = "{ outputs = { self, nixpkgs, loader }: { nixosConfigurations.a =
      (loader.lib.make { inherit self; }).nixosSystem { modules = [ ./options.nix ./jelly.nix ]; };
    }; }";
    let jellyfin = service("jellyfin", 8096);
    let files = [("flake.nix", flake), ("options.nix", CONTRACT), ("jelly.nix", &jellyfin)];
    assert_eq!(summary(&files).0, ["a: jellyfin=8096"]);
}

#[test]
fn a_namespace_that_is_mostly_declared_elsewhere_is_not_ours() {
    let others = "{ lab.network = 1; lab.hardware = 2; }";
    assert_eq!(findings_beside("loader.nixosModules.default", others), [] as [&str; 0]);
    assert_eq!(findings_beside("", others).len(), 2);
}

#[test]
fn a_flake_that_is_a_switch_has_its_value() {
    for (value, expected) in [("true", "nuc: jellyfin=1"), ("false", "nuc: jellyfin=2")] {
        let flake = format!(
            "{{ inputs.test.url = \"github:boolean-option/{value}\";
            outputs = {{ nixpkgs, test, ... }}: {{
              nixosConfigurations.nuc = nixpkgs.lib.nixosSystem {{
                modules = [ ./options.nix {{
                  qgroget.serviceModules.jellyfin = {{ enable = true; port = if test.value then 1 else 2; }};
                }} ];
              }};
            }}; }}"
        );
        let files = [("flake.nix", flake.as_str()), ("options.nix", CONTRACT)];
        assert_eq!(summary(&files).0, [expected]);
    }
}

#[test]
fn a_secret_of_sops_has_a_path() {
    let flake = |modules: &str| {
        format!(
            "{{ outputs = {{ nixpkgs, sops-nix, secrets, ... }}: {{
              nixosConfigurations.nuc = nixpkgs.lib.nixosSystem {{
                modules = [ ./options.nix {modules} ({{ config, lib, ... }}: {{
                  sops.secrets.a = {{ }};
                  sops.secrets.b.neededForUsers = true;
                  sops.secrets.c.name = \"d\";
                  sops.secrets.e.path = \"/etc/e\";
                  sops.secrets.f.neededForUsers = secrets.early;
                  qgroget.serviceModules = lib.genAttrs [ \"a\" \"b\" \"c\" \"e\" \"f\" \"g\" ] (name: {{
                    enable = true;
                    port = builtins.stringLength config.sops.secrets.${{name}}.path;
                  }});
                }}) ];
              }};
            }}; }}"
        )
    };
    let known = "nuc: a=14 b=24 c=14 e=6 f=? g=?";
    for (modules, expected) in [
        ("sops-nix.nixosModules.sops", known),
        ("secrets.inputs.sops.nixosModules.sops", known),
        ("secrets.nixosModules.all", "nuc: a=? b=? c=? e=6 f=? g=?"),
    ] {
        let flake = flake(modules);
        let files = [("flake.nix", flake.as_str()), ("options.nix", CONTRACT)];
        assert_eq!(summary(&files).0, [expected], "{modules}");
    }
}

#[test]
fn a_flake_of_which_something_is_known_is_a_place_as_well() {
    for url in [
        "boolean-option/true",
        "clan-lol/clan-core",
        "gytis-ivaskevicius/flake-utils-plus",
        "hercules-ci/flake-parts",
        "isabelroses/easy-hosts",
        "nix-community/colmena",
        "nix-community/haumea",
        "nix-community/home-manager",
        "numtide/blueprint",
        "numtide/flake-utils",
        "snowfallorg/lib",
        "srid/nixos-unified",
        "vic/import-tree",
    ] {
        let flake = format!(
            "{{ inputs.it.url = \"github:{url}\";
            outputs = {{ nixpkgs, it, ... }}: assert it ? outPath; {{
              nixosConfigurations.nuc = nixpkgs.lib.nixosSystem {{
                modules = [ ./options.nix ./host.nix (import it) \"${{it}}/a.nix\" it.sourceInfo it.own ];
              }};
            }}; }}"
        );
        let host = service("jellyfin", 8096);
        let files = [("flake.nix", flake.as_str()), ("options.nix", CONTRACT), ("host.nix", &host)];
        let expected = (vec!["nuc: jellyfin=8096".to_owned()], Vec::<String>::new());
        assert_eq!(summary(&files), expected, "{url}");
    }
}

#[test]
fn a_flake_that_is_named_and_not_declared_is_that_of_the_registry() {
    let flake = "{ outputs = { nixpkgs, flake-utils, ... }: {
        nixosConfigurations.nuc = nixpkgs.lib.nixosSystem { modules = [ ./options.nix ./host.nix ]; };
      } // flake-utils.lib.eachDefaultSystem (system: { packages.x = system; }); }";
    let host = service("jellyfin", 8096);
    let files = [("flake.nix", flake), ("options.nix", CONTRACT), ("host.nix", &host)];
    assert_eq!(summary(&files).0, ["nuc: jellyfin=8096"]);
    // Nobody knows where this one comes from.
    let flake = flake.replace("flake-utils", "utils");
    let files = [("flake.nix", &*flake), ("options.nix", CONTRACT), ("host.nix", &host)];
    assert!(summary(&files).0.is_empty());
}
