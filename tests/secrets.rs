//! How sure a finding about a secret is: an error only where Nix surely stops.
#![allow(clippy::disallowed_methods, reason = "the helpers of tests run programs and make files")]

use nixpact_diagnostics::{Applicability, Severity};
use nixpact_engine::{Analysis, Config, Fixed, Options};
use nixpact_source::Sources;

const FLAKE: &str = "{ outputs = { nixpkgs, sops-nix, fleet, ... }: {
    nixosConfigurations.Server = nixpkgs.lib.nixosSystem { modules = [ MODULES ./host.nix ]; }; }; }";

/// The findings of a lint on a host with these attributes: how much each weighs, and its notes.
fn findings(lint: &str, modules: &str, host: &str) -> Vec<(Severity, String)> {
    let files = [
        ("flake.nix".to_owned(), FLAKE.replace("MODULES", modules)),
        ("host.nix".to_owned(), format!("{{ config, lib, inputs, ... }}: {{ {host} }}")),
    ];
    let others =
        [("secrets.yaml".to_owned(), "known: ENC[x]\nsops:\n    version: 3.11.0\n".to_owned())];
    let sources = Sources::from_memory(files).with_others(others);
    let analysis = Analysis::of(sources, &Config::default(), &Options::default()).unwrap();
    let found = analysis.diagnostics.iter().filter(|finding| finding.lint == lint);
    found.map(|finding| (finding.severity, finding.notes.join("\n"))).collect()
}

fn undeclared(modules: &str, host: &str) -> Vec<(Severity, String)> {
    findings("undeclared-secret", modules, &format!("sops.secrets.known = {{ }}; {host}"))
}

fn only(found: Vec<(Severity, String)>) -> (Severity, String) {
    assert_eq!(found.len(), 1, "{found:?}");
    found.into_iter().next().unwrap()
}

const SOPS: &str = "sops-nix.nixosModules.sops";

/// A secret that may name a file of its own is none of the usual one.
#[test]
fn a_key_is_missed_where_the_file_is_known() {
    let absent = |secret: &str| {
        let host = format!("sops.defaultSopsFile = ./secrets.yaml; sops.secrets.a = {secret};");
        findings("secret-not-in-file", SOPS, &host).len()
    };
    assert_eq!(absent("{ }"), 1);
    assert_eq!(absent("lib.mkIf true { owner = \"a\"; }"), 1);
    assert_eq!(absent("{ sopsFile = ./other.yaml; }"), 0);
    assert_eq!(absent("inputs.a"), 0);
    assert_eq!(absent("{ } // inputs.a"), 0);
    assert_eq!(absent("lib.mkMerge [ { } (lib.mkIf true inputs.a) ]"), 0);
}

#[test]
fn what_the_host_surely_reads_is_an_error() {
    for host in [
        "systemd.services.a.script = config.sops.secrets.knowm.path;",
        "services.a = { enable = true; file = config.sops.secrets.knowm.path; };",
        "services.a = lib.mkMerge [ { enable = true; file = config.sops.secrets.knowm.path; } ];",
        "services.a.enable = true; services.a.b.c = [ config.sops.secrets.knowm.path ];",
        "sops.templates.a.content = \"A=${config.sops.placeholder.knowm}\";",
    ] {
        let (severity, notes) = only(undeclared(SOPS, host));
        assert_eq!(severity, Severity::Error, "{host}");
        assert!(notes.contains("Did you mean 'known'?"), "{notes}");
        assert!(notes.contains("Fix: sops.secrets.\"knowm\" = { … };"), "{notes}");
    }
}

#[test]
fn what_it_may_not_read_is_a_warning() {
    for host in [
        "services.a = { enable = false; file = config.sops.secrets.knowm.path; };",
        "services.a.file = config.sops.secrets.knowm.path;",
        "services.a = { enable = inputs.a; file = config.sops.secrets.knowm.path; };",
        "systemd.services.a = lib.mkIf inputs.a { script = config.sops.secrets.knowm.path; };",
        "systemd.services.a.script = if inputs.a then config.sops.secrets.knowm.path else \"\";",
        "systemd.services.a.script = lib.optionalString inputs.a config.sops.secrets.knowm.path;",
        "systemd.services.a = inputs.lib.unit { script = config.sops.secrets.knowm.path; };",
        "systemd.services.a.script = let b = config.sops.secrets.knowm.path; in \"a\";",
        "systemd.services = { enable = false; a.script = config.sops.secrets.knowm.path; };",
    ] {
        let (severity, notes) = only(undeclared(SOPS, host));
        assert_eq!(severity, Severity::Warning, "{host}");
        assert!(notes.contains("as soon as the host needs this"), "{notes}");
    }
}

#[test]
fn what_another_flake_may_declare_is_a_warning_that_names_it() {
    let host = "systemd.services.a.script = config.sops.secrets.knowm.path;";
    let modules = format!("{SOPS} fleet.nixosModules.all");
    let (severity, notes) = only(undeclared(&modules, host));
    assert_eq!(severity, Severity::Warning);
    assert!(notes.contains("Unless it is declared by fleet.nixosModules.all"), "{notes}");
    // All secrets come from there.
    assert!(findings("undeclared-secret", &modules, host).is_empty());
}

#[test]
fn what_has_a_default_or_is_asked_for_is_no_finding() {
    for host in [
        "systemd.services.a.script = config.sops.secrets.knowm.path or \"\";",
        "systemd.services.a = lib.mkIf (config.sops.secrets ? knowm) { };",
        "systemd.services.a.script = config.sops.secrets.${inputs.name}.path;",
        "systemd.services.a.script = config.sops.secrets.known.path;",
        "systemd.services.a.script = inputs.config.sops.secrets.knowm.path;",
    ] {
        assert_eq!(undeclared(SOPS, host), [], "{host}");
    }
}

#[test]
fn a_key_that_only_the_host_looks_for_is_a_warning() {
    let host = "sops.defaultSopsFile = ./secrets.yaml; sops.secrets.knowm = { };";
    let (severity, notes) = only(findings("secret-not-in-file", SOPS, host));
    assert_eq!(severity, Severity::Error);
    assert!(notes.contains("Did you mean 'known'?"), "{notes}");
    let host = format!("{host} sops.validateSopsFiles = false;");
    assert_eq!(only(findings("secret-not-in-file", SOPS, &host)).0, Severity::Warning);
    for host in [
        "sops.secrets.knowm.format = \"binary\";",
        "sops.secrets.knowm.key = inputs.key;",
        "sops.secrets.knowm.sopsFile = inputs.file;",
        "sops.secrets.knowm.sopsFile = ./absent.yaml;",
        "sops.secrets.knowm = { }; sops.defaultSopsKey = \"known\";",
        "sops.secrets = lib.mkIf false { knowm = { }; };",
        "sops.secrets = lib.mkIf inputs.a { knowm = { }; };",
    ] {
        let host = format!("sops.defaultSopsFile = ./secrets.yaml; {host}");
        assert_eq!(findings("secret-not-in-file", SOPS, &host), [], "{host}");
    }
}

#[test]
fn the_name_that_was_meant_is_written() {
    let fixed = |host: &str| {
        let host = format!("{{ config, ... }}: {{ sops.secrets.\"a/known\" = {{ }}; {host} }}");
        let files = [
            ("flake.nix".to_owned(), FLAKE.replace("MODULES", SOPS)),
            ("host.nix".to_owned(), host.clone()),
        ];
        let (sources, config) = (Sources::from_memory(files), Config::default());
        let options = Options { lint: Some("undeclared-secret"), ..Options::default() };
        let least = Applicability::Unsafe;
        let fixed = Fixed::of(sources, &config, &options, least, &|_, _| true).unwrap();
        let after = &fixed.analysis.sources;
        (after.file(after.id("host.nix").unwrap()).text.clone(), host)
    };
    for (wrong, right) in [
        ("config.sops.secrets.\"a/knowm\".path", "config.sops.secrets.\"a/known\".path"),
        ("config.sops.secrets.a-known.path", "config.sops.secrets.\"a/known\".path"),
    ] {
        let (after, before) = fixed(&format!("systemd.services.a.script = {wrong};"));
        assert_eq!(after, before.replace(wrong, right));
    }
    // A variable would be called otherwise; and this is nearly no name that there is.
    for host in [
        "systemd.services.a.b = { inherit (config.sops.secrets) a-known; };",
        "systemd.services.a.script = config.sops.secrets.other.path;",
    ] {
        let (after, before) = fixed(host);
        assert_eq!(after, before);
    }
}
