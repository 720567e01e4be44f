//! What the outputs of a flake are computed with: `self`, and inputs that are known by what they are.

use nixpact_engine::{Analysis, Config, Options};
use nixpact_source::Sources;
use pretty_assertions::assert_eq;

/// Why the hosts of a flake are not known; of what it is computed with something is claimed to be true.
fn unknown(claim: &str) -> String {
    let flake = format!(
        "{{
          inputs.utils.url = \"github:numtide/flake-utils\";
          inputs.own.url = \"github:numtide/flake-utils?ref=main\";
          inputs.own.inputs.systems.follows = \"systems\";
          inputs.systems.url = \"github:me/systems\";
          inputs.plus.url = \"github:gytis-ivaskevicius/flake-utils-plus\";
          inputs.nixpkgs-wayland.url = \"github:nix-community/nixpkgs-wayland\";
          inputs.nixpkgs-stable.url = \"github:NixOS/nixpkgs/nixos-25.11\";
          inputs.weekly.url = \"https://flakehub.com/f/DeterminateSystems/nixpkgs-weekly/0.1\";
          inputs.by-git.url = \"git+https://github.com/numtide/flake-utils.git?shallow=1\";
          outputs = {{ self, nixpkgs, nixpkgs-wayland, nixpkgs-stable, weekly, utils, by-git, own, plus, ... }}: let
            pkgs = import nixpkgs {{ }};
          in {{
            foo = \"foo\";
            bar = {{ a = 1; }};
            nixosConfigurations = if {claim} then {{ }} else null;
          }};
        }}"
    );
    hosts_unknown(&flake)
}

fn hosts_unknown(flake: &str) -> String {
    let sources = Sources::from_memory([("flake.nix".to_owned(), flake.to_owned())]);
    let analysis = Analysis::of(sources, &Config::default(), &Options::default()).unwrap();
    format!("{:?}", analysis.model.hosts_unknown)
}

#[test]
fn what_is_made_of_the_flake_itself_is_not_the_flake() {
    // Each is true in Nix.
    for claim in [
        "self ? foo && !(self ? qux) && self ? bar.a && !(self ? bar.b) && self ? outputs",
        "(self.qux or \"none\") == \"none\" && self.foo or 1 == \"foo\"",
        "!builtins.hasAttr \"qux\" self && builtins.hasAttr \"foo\" self",
        "(self // { foo = 2; }).foo == 2",
        "nixpkgs-stable.lib.id 1 == 1",
        "weekly.lib.id 1 == 1",
        "nixpkgs ? lib && !(nixpkgs ? homeModules) && nixpkgs.lib.hasAttrByPath [ \"foo\" ] self",
    ] {
        assert_eq!(unknown(claim), "None", "{claim}");
    }
    for claim in [
        "(removeAttrs self [ \"foo\" ]).foo or \"none\" == \"none\"",
        "(builtins.mapAttrs (name: value: 1) self).foo == 1",
        "(builtins.intersectAttrs { bar = 1; } self).foo or \"none\" == \"none\"",
        "(nixpkgs.lib.filterAttrs (name: value: name != \"foo\") self).foo or \"none\" == \"none\"",
        "(builtins.mapAttrs (name: value: 1) nixpkgs).lib == 1",
        "(if pkgs ? hello then { lib = 1; } else { lib = 1; }).lib == 1",
        "(removeAttrs pkgs [ \"lib\" ]).lib or 1 == 1",
        "(pkgs // removeAttrs self [ \"foo\" ]).lib == pkgs.lib",
        "self ? rev",
        "nixpkgs-wayland ? lib",
        "nixpkgs-wayland.lib.id 1 == 1",
        "!(nixpkgs-stable ? homeModules)",
    ] {
        assert!(unknown(claim).contains("outside of the repository"), "{claim}");
    }
}

/// A flake may give what it is made of for outputs of its own.
#[test]
fn what_nix_adds_to_a_flake_counts_before_outputs_of_that_name() {
    let flake = "{ outputs = { self, nixpkgs }: let
        inherit (self) outputs;
        common = { inherit (self) inputs outputs; a = 1; };
      in {
        b = 2;
        nixosConfigurations = assert outputs.b == 2 && self.outputs.a == 1 && outputs.outputs.b == 2
          && self.inputs ? nixpkgs; { };
      } // common; }";
    assert_eq!(hosts_unknown(flake), "None");
}

#[test]
fn flake_utils_gives_outputs_for_each_system() {
    // Each is true in Nix, where the evaluation is pure.
    for claim in [
        "utils.lib.eachSystem [ \"a\" \"b\" \"a\" ] (s: { packages.name = s; ${s} = 1; }) == { packages = { a = { name = \"a\"; }; b = { name = \"b\"; }; }; a.a = 1; b.b = 1; }",
        "utils.lib.eachSystemMap [ \"a\" \"b\" ] (s: s + \"!\") == { a = \"a!\"; b = \"b!\"; }",
        "utils.lib.eachSystemPassThrough [ \"a\" \"b\" ] (s: { x = s; ${s} = 1; }) == { x = \"b\"; a = 1; b = 1; }",
        "(utils.lib.eachDefaultSystem (system: { packages.name = system; })).packages.x86_64-linux.name == \"x86_64-linux\"",
        "builtins.attrNames (utils.lib.eachDefaultSystem (system: { b.name = system; a = 1; })) == [ \"a\" \"b\" ]",
        "!(utils.lib.eachDefaultSystem (system: { packages.name = system; }) ? nixosConfigurations)",
        "(utils.lib.eachDefaultSystemPassThrough (system: { a = 1; })) ? a",
        "builtins.elem \"x86_64-linux\" utils.lib.defaultSystems",
        "(utils.lib.eachSystem [ utils.lib.system.x86_64-linux ] (s: { a = s; })).a ? x86_64-linux",
        "(utils.lib.eachSystem (utils.lib.defaultSystems ++ [ \"z\" ]) (system: { c.name = system; })).c.z.name == \"z\"",
        "(utils.lib.eachDefaultSystemMap (system: system)).aarch64-linux == \"aarch64-linux\"",
        "!(own.lib.eachDefaultSystem (system: { c = system; }) ? nixosConfigurations)",
        "plus.lib.eachDefaultSystem (system: { }) == { }",
        "by-git.lib.eachDefaultSystem (system: { }) == { }",
        "(plus.lib.eachSystem [ \"a\" ] (system: { c = system; })).c.a == \"a\"",
    ] {
        assert_eq!(unknown(claim), "None", "{claim}");
    }
    // Versions have other systems, and who follows another list may have any.
    for claim in [
        "builtins.elem \"x86_64-darwin\" utils.lib.defaultSystems",
        "builtins.attrNames (utils.lib.eachDefaultSystem (system: { c = 1; })).c == [ \"aarch64-linux\" \"x86_64-linux\" ]",
        "(utils.lib.eachDefaultSystem (system: if system == \"x86_64-darwin\" then { a = 1; } else { })) ? a",
        "(utils.lib.eachDefaultSystemPassThrough (system: { a = 1; })).a == 1",
        "builtins.elem \"x86_64-linux\" own.lib.defaultSystems",
        "builtins.elem \"x86_64-linux\" plus.lib.defaultSystems",
        "plus.lib.genPkgOverlay { } { } == { }",
        "utils.lib.flattenTree { } == { }",
        "(utils.lib.eachSystem [ \"a\" ] (system: { hydraJobs.b = 1; })).hydraJobs == { a.b = 1; }",
    ] {
        assert!(unknown(claim).contains("outside of the repository"), "{claim}");
    }
    let fails = "utils.lib.eachSystem [ \"a\" ] (system: throw \"no\") == { }";
    assert!(unknown(fails).contains("Nix would stop there: no"));
}

#[test]
fn outputs_beside_those_for_each_system_are_known() {
    let beside = |outputs: &str| {
        let inputs = "inputs.flake-utils.follows = \"other/flake-utils\"";
        hosts_unknown(&format!(
            "{{ {inputs}; outputs = {{ nixpkgs, flake-utils, ... }}: {outputs}; }}"
        ))
    };
    for outputs in [
        "{ nixosConfigurations = { }; } // flake-utils.lib.eachDefaultSystem (system: { x = nixpkgs; })",
        "flake-utils.lib.eachDefaultSystem (system: {
          packages = nixpkgs.legacyPackages.${system};
        }) // { nixosConfigurations = { }; }",
    ] {
        assert_eq!(beside(outputs), "None", "{outputs}");
    }
    // The systems of Linux are the usual ones in each of these.
    let systems = |follows: &str| {
        hosts_unknown(&format!(
            "{{ inputs.flake-utils.url = \"github:numtide/flake-utils\";
               inputs.flake-utils.inputs.systems.follows = \"systems\";
               inputs.systems.url = \"{follows}\";
               outputs = {{ flake-utils, ... }}: {{
                 nixosConfigurations =
                   (flake-utils.lib.eachDefaultSystem (system: {{ hosts = {{ }}; }})).hosts.x86_64-linux;
               }}; }}"
        ))
    };
    assert_eq!(systems("github:nix-systems/default"), "None");
    assert_eq!(systems("github:nix-systems/default-linux"), "None");
    assert!(
        systems("github:nix-systems/default-darwin").contains("x86_64-linux comes from outside")
    );
    // Which system comes last is not known.
    let last =
        "flake-utils.lib.eachDefaultSystemPassThrough (system: { nixosConfigurations = { }; })";
    assert!(beside(last).contains("flake-utils.lib.defaultSystems comes from outside"));
}

#[test]
fn hosts_of_a_patched_nixpkgs_are_found() {
    let hosts = |path: &str| {
        let flake = format!(
            "{{ outputs = {{ nixpkgs, ... }}: let
              patched = nixpkgs.legacyPackages.x86_64-linux.applyPatches {{ src = nixpkgs; }};
            in {{ nixosConfigurations.a = import ({path}) {{ modules = [ ./a.nix ]; }}; }}; }}"
        );
        let files = [("flake.nix", &flake[..]), ("a.nix", "{ }")];
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
        let sources = Sources::from_memory(files);
        let analysis = Analysis::of(sources, &Config::default(), &Options::default()).unwrap();
        analysis.model.hosts.len()
    };
    for path in
        ["patched + \"/nixos/lib/eval-config.nix\"", "\"${nixpkgs}/nixos/lib/eval-config.nix\""]
    {
        assert_eq!(hosts(path), 1, "{path}");
    }
    assert_eq!(hosts("patched + \"/nixos/lib/make-disk-image.nix\""), 0);
}
