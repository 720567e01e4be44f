//! Hosts that a file makes, without a flake.

#[path = "support/hosts.rs"]
mod support;

use pretty_assertions::assert_eq;

use support::{CONTRACT, analyse, service, summary};

/// The hosts of a repository that has no flake but one file of the root.
fn of_file(file: &str, text: &str) -> Vec<String> {
    let (a, b) = (service("jellyfin", 1), service("sonarr", 2));
    let files = [(file, text), ("options.nix", CONTRACT), ("hosts/a.nix", &a), ("hosts/b.nix", &b)];
    summary(&files).0
}

/// What makes hosts of files in `hosts`, and what they are.
const MAKE: &str = "let
    make = file: import <nixpkgs/nixos/lib/eval-config.nix> { modules = [ ./options.nix file ]; };
    a = make ./hosts/a.nix;
    b = make ./hosts/b.nix;
  in ";

#[test]
fn without_a_flake_a_file_has_the_hosts() {
    let both = ["a: jellyfin=1", "b: sonarr=2"];
    for value in [
        "{ inherit a b; }",
        "{ nixosConfigurations = { inherit a b; }; packages.c = a; }",
        "{ pkgs = import <nixpkgs> { }; hosts = { inherit a b; }; }",
        "{ a, ... }: a { more = 1; }",
        "{ fleet = { inherit a; }; others = { inherit b; }; shell = throw \"no host\"; }",
        "{ lib ? import <nixpkgs/lib> }: lib.mapAttrs (_: host: host // { tested = true; }) { inherit a b; }",
        "{ __functor = self: { ... }: { inherit a b; }; }",
    ] {
        let expected: &[&str] = match value.starts_with("{ a, ...") {
            // Nobody gives the argument.
            true => &[],
            false => &both,
        };
        assert_eq!(of_file("default.nix", &format!("{MAKE}{value}")), expected, "{value}");
    }
    // Where hosts stand beside each other, no set is looked into for others.
    let beside = format!("{MAKE}{{ inherit a; images.b = b; }}");
    assert_eq!(of_file("default.nix", &beside), both[..1]);
    for (file, name) in [("default.nix", "default"), ("system.nix", "system")] {
        assert_eq!(of_file(file, &format!("{MAKE}a")), [format!("{name}: jellyfin=1")]);
    }
    assert_eq!(of_file("other.nix", &format!("{MAKE}a")), [] as [&str; 0]);
}

#[test]
fn nixpkgs_has_functions_for_one_host() {
    for make in [
        "import <nixpkgs/nixos> { configuration = { imports = [ ./options.nix ./hosts/a.nix ]; }; }",
        "import \"${import ./pins.nix}/nixos\" {
           configuration.imports = [ ./options.nix ./hosts/a.nix ]; system = \"x86_64-linux\"; }",
        "import (import ./pins.nix + \"/nixos/default.nix\") {
           configuration = { file, ... }: { imports = [ ./options.nix file ]; };
           specialArgs.file = ./hosts/a.nix; }",
        "(import <nixpkgs> { }).nixos [ ./options.nix ./hosts/a.nix ]",
        "(import (import ./pins.nix) { overlays = [ ]; }).nixos { imports = [ ./options.nix ./hosts/a.nix ]; }",
    ] {
        let pins =
            "builtins.fetchTarball \"https://channels.nixos.org/nixos-25.05/nixexprs.tar.xz\"";
        let jellyfin = service("jellyfin", 1);
        let file = format!("{{ a = {make}; }}");
        let files = [
            ("default.nix", &*file),
            ("pins.nix", pins),
            ("options.nix", CONTRACT),
            ("hosts/a.nix", &jellyfin),
        ];
        let (hosts, findings) = summary(&files);
        assert_eq!(hosts, ["a: jellyfin=1"], "{make}");
        assert_eq!(findings, [""; 0], "{make}");
    }
    // Without a configuration, the environment names one.
    assert_eq!(of_file("default.nix", "{ a = import <nixpkgs/nixos> { }; }"), ["a: "]);
    // A directory of another repository makes none.
    let other = "{ a = import \"${builtins.fetchTarball \"https://example.org/x.tar.gz\"}/nixos\" { configuration = ./hosts/a.nix; }; }";
    assert_eq!(of_file("default.nix", other), [] as [&str; 0]);
}

#[test]
fn a_file_adds_to_the_hive() {
    let hive =
        "{ meta.nixpkgs = import <nixpkgs> { }; a.imports = [ ./options.nix ./hosts/a.nix ]; }";
    let (a, b) = (service("jellyfin", 1), service("sonarr", 2));
    let file = format!("{MAKE}{{ a = b; c = b; }}");
    let files = [
        ("hive.nix", hive),
        ("default.nix", &file),
        ("options.nix", CONTRACT),
        ("hosts/a.nix", &a),
        ("hosts/b.nix", &b),
    ];
    assert_eq!(summary(&files).0, ["a: jellyfin=1", "c: sonarr=2"]);
    // One that is a module has no hosts, and is the host itself, as without it.
    let module =
        "{ ... }: { imports = [ ./options.nix ./hosts/a.nix ]; services.b.enable = true; }";
    assert_eq!(of_file("default.nix", module), ["-: jellyfin=1"]);
}

#[test]
fn hosts_of_a_file_that_are_not_known_are_told() {
    let unknown = |text: &str| {
        let analysis = analyse(&[("default.nix", text), ("options.nix", CONTRACT)]);
        analysis.model.hosts_unknown.as_ref().map(|unknown| unknown.why.reason.to_string())
    };
    let theirs = "builtins.fetchTarball \"https://github.com/a/b/archive/main.tar.gz\"";
    assert_eq!(
        unknown(&format!("{{ nixosConfigurations = (import ({theirs})).hosts ./.; }}")).as_deref(),
        Some("github:a/b.hosts comes from outside of the repository")
    );
    // There is no flake whose inputs could be read.
    let text = format!("{MAKE}{{ inherit a; b = (import ({theirs})).host; }}");
    let analysis = analyse(&[("default.nix", &text), ("hosts/a.nix", "{ }")]);
    let notes = &analysis.diagnostics[0].notes;
    assert_eq!(
        notes[1..],
        ["some hosts are not known: github:a/b.host comes from outside of the repository"]
    );
    // Anything may stand in a set without hosts.
    assert_eq!(unknown(&format!("{{ shell = (import ({theirs})).shell ./.; }}")), None);
}

#[test]
fn pinned_sources_are_other_repositories() {
    let pins = "let
        source = name: { outPath = override name (builtins.fetchTarball {
          url = \"https://github.com/nix-community/${name}/archive/0a1b.tar.gz\"; sha256 = \"0\"; });
          revision = \"0a1b\"; };
        override = name: path: let other = builtins.getEnv \"NPINS_OVERRIDE_${name}\"; in
          if other == \"\" then path else /. + other;
      in builtins.listToAttrs (map (name: { inherit name; value = source name; }) [ \"disko\" \"home-manager\" ])";
    let file = "let sources = import ./pins.nix; in {
        a = import <nixpkgs/nixos> { configuration.imports = [
          \"${sources.disko}/module.nix\"
          (sources.home-manager + \"/nixos\")
          (import \"${sources.disko}/extra.nix\")
          (import sources.home-manager { }).nixos
          ./options.nix
          ./hosts/a.nix
        ]; };
      }";
    let jellyfin = service("jellyfin", 1);
    let files = [
        ("default.nix", file),
        ("pins.nix", pins),
        ("options.nix", CONTRACT),
        ("hosts/a.nix", &jellyfin),
    ];
    let analysis = analyse(&files);
    let mut unresolved: Vec<&str> =
        analysis.model.hosts[0].unresolved.iter().filter_map(|it| it.text.as_deref()).collect();
    unresolved.sort_unstable();
    assert_eq!(
        unresolved,
        [
            "github:nix-community/disko/extra.nix",
            "github:nix-community/disko/module.nix",
            "github:nix-community/home-manager.nixos",
            "github:nix-community/home-manager/nixos",
        ]
    );
    // They define nothing of the repository's.
    assert_eq!(summary(&files).0, ["a: jellyfin=1"]);
}
