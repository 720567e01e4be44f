//! One mistake about data or dependencies in the reference repository, at a random service and in a
//! random style: it is found at its place, and nothing else is.
//!
//! `PROPTEST_CASES` sets how often.
#![allow(clippy::disallowed_methods, reason = "the helpers of tests run programs and make files")]

mod support;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use nixpact_engine::{Analysis, Config, Options};
use nixpact_source::Sources;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use support::read_homelab;

/// Enabled services that depend on PostgreSQL, and that nothing else of the repository depends on.
const SERVICES: &[&str] = &["immich", "lldap", "radarr", "sonarr", "vaultwarden"];

/// Services that run in a container of quadlet.
const CONTAINERS: &[&str] = &["immich", "obsidian", "prowlarr", "qbittorrent", "radarr"];

/// Files that may import the one with the mistake, and what they import before.
const IMPORTERS: &[(&str, &str)] = &[
    ("modules/server/default.nix", "./_template"),
    ("hosts/Server/configuration.nix", "./disks.nix"),
];

#[derive(Clone, Copy, Debug)]
enum Mistake {
    Relative,
    Home,
    NestedState,
    NestedBackup,
    LostBackup,
    LostVolume,
    LostDirectory,
    Disabled,
    Misspelt,
    Itself,
    Cycle,
    Unordered,
    Unread,
}

const MISTAKES: &[Mistake] = &[
    Mistake::Relative,
    Mistake::Home,
    Mistake::NestedState,
    Mistake::NestedBackup,
    Mistake::LostBackup,
    Mistake::LostVolume,
    Mistake::LostDirectory,
    Mistake::Disabled,
    Mistake::Misspelt,
    Mistake::Itself,
    Mistake::Cycle,
    Mistake::Unordered,
    Mistake::Unread,
];

/// How a definition is written; `VALUE` stands for the marked line.
const STYLES: &[&str] = &[
    "{ PATH = [\n  VALUE\n]; }",
    "{ config = { PATH = [\n  VALUE\n]; }; }",
    "{ lib, ... }: { PATH = lib.mkIf true [\n  VALUE\n]; }",
    "{ lib, ... }: { config = lib.mkMerge [ { PATH = [\n  VALUE\n]; } { } ]; }",
    "{ lib, ... }: with lib; { PATH = mkAfter (optionals (1 < 2) [\n  VALUE\n]); }",
    "let\n  mistake =\n  VALUE\n  ;\nin { PATH = [ mistake ]; }",
    "let set = mistake: { PATH = [ mistake ]; }; in set\n  VALUE\n",
    "{ PATH = builtins.filter (it: true) [\n  VALUE\n]; }",
    "{ imports = [ { PATH = [ ] ++ [\n  VALUE\n]; } ]; }",
];

/// A repository with a mistake: its further file, and what must be found.
struct Mutant {
    text: String,
    lint: &'static str,
    /// The file in which the finding is, if not the one with the mistake.
    file: Option<&'static str>,
}

const MARK: &str = "# here";

impl Mistake {
    fn mutant(self, at: Index, style: &str) -> Mutant {
        let service = SERVICES[at.index(SERVICES.len())];
        let container = CONTAINERS[at.index(CONTAINERS.len())];
        let contract = |service: &str, field: &str, value: &str| {
            let path = format!("qgroget.serviceModules.{service}.{field}");
            style.replace("PATH", &path).replace("VALUE", &format!("{value} {MARK}"))
        };
        let made = |lint, text: String| Mutant { text, lint, file: None };
        match self {
            Mistake::Relative => {
                made("relative-path", contract(service, "persistedData", "\"var/lib/mutant\""))
            }
            Mistake::Home => {
                made("relative-path", contract(service, "backupDirectories", "\"~/mutant\""))
            }
            Mistake::NestedState => {
                let path = "\"/var/lib/containers/data/${\"sonarr\"}/inner\"";
                made("nested-path", contract(service, "persistedData", path))
            }
            Mistake::NestedBackup => {
                let path = "\"/srv/files/inner\"";
                made("nested-path", contract(service, "backupDirectories", path))
            }
            Mistake::LostBackup => {
                let path = "\"/var/lib/mutant/data\"";
                made("backup-not-persisted", contract(service, "backupDirectories", path))
            }
            Mistake::LostVolume => {
                let path = format!(
                    "virtualisation.quadlet.containers.{container}.containerConfig.volumes"
                );
                let value = format!("\"/var/lib/mutant:/mutant:rw\" {MARK}");
                let text = style.replace("PATH", &path).replace("VALUE", &value);
                made("data-not-persisted", text)
            }
            Mistake::LostDirectory => {
                let path = format!("systemd.services.{service}.serviceConfig.StateDirectory");
                let value = format!("\"mutant\" {MARK}");
                made("data-not-persisted", style.replace("PATH", &path).replace("VALUE", &value))
            }
            Mistake::Disabled => {
                made("disabled-dependency", contract(service, "dependsOn", "\"nicotine\""))
            }
            Mistake::Misspelt => {
                made("unknown-dependency", contract(service, "dependsOn", "\"jelyfin\""))
            }
            Mistake::Itself => {
                made("dependency-cycle", contract(service, "dependsOn", &format!("\"{service}\"")))
            }
            Mistake::Cycle => {
                let text = contract("postgresql", "dependsOn", &format!("\"{service}\""));
                Mutant { file: cycle_file(service), ..made("dependency-cycle", text) }
            }
            Mistake::Unordered => made("ordering-missing", unordered(at)),
            Mistake::Unread => made("dead-field", unread(service)),
        }
    }
}

/// The service that comes first in alphabetical order holds the finding of a cycle.
fn cycle_file(service: &str) -> Option<&'static str> {
    match service {
        "immich" => Some("modules/server/media/immich/default.nix"),
        "lldap" => Some("modules/server/auth/lldap/default.nix"),
        // `postgresql` comes before the others.
        _ => None,
    }
}

/// A service of its own with a unit that does not wait for its database.
fn unordered(at: Index) -> String {
    const UNITS: &[&str] = &[
        "systemd.services.mutant = { # here\n wantedBy = [ \"multi-user.target\" ]; script = \"mutant\"; after = [ \"network.target\" ]; };",
        "systemd.services.mutant = { # here\n requiredBy = [ \"x.service\" ]; serviceConfig.ExecStart = \"/bin/mutant\"; };",
        "systemd = { services = { mutant = { # here\n wantedBy = [ \"multi-user.target\" ]; script = \"mutant\"; requires = [ \"postgresql.service\" ]; }; }; };",
        "virtualisation.quadlet.containers.mutant = { # here\n unitConfig.Requires = [ \"postgresql.service\" ]; };",
        "virtualisation.oci-containers.containers.mutant = { # here\n image = \"mutant\"; };",
    ];
    let contract = "qgroget.serviceModules.mutant = { enable = true; port = 7; persistedData = [ ]; \
                    backupDirectories = [ ]; databases = [ { type = \"postgresql\"; name = \"mutant\"; \
                    user = \"mutant\"; } ]; };";
    format!("{{ {contract} {} }}", UNITS[at.index(UNITS.len())])
}

/// A field that a service sets and nothing reads.
fn unread(service: &str) -> String {
    format!(
        "{{ lib, ... }}: {{ options.qgroget.serviceModules = lib.mkOption {{ type = \
         lib.types.attrsOf (lib.types.submodule {{ options = {{\n mutant = lib.mkOption {{ type = \
         lib.types.str; default = \"\"; }}; {MARK}\n }}; }}); }}; \
         config.qgroget.serviceModules.{service}.mutant = \"x\"; }}"
    )
}

/// All of it: what imports a test that is left out is a mistake, too.
fn homelab() -> &'static [(String, String)] {
    static FILES: OnceLock<Vec<(String, String)>> = OnceLock::new();
    FILES.get_or_init(|| read_homelab(|_| false))
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(32),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_mutant_is_found_at_its_place(
        mistake in select(MISTAKES),
        style in select(STYLES),
        importer in select(IMPORTERS),
        at in any::<Index>(),
    ) {
        let mutant = mistake.mutant(at, style);
        let (file, import) = importer;
        let path = format!("{}/mutant.nix", file.rsplit_once('/').unwrap().0);
        let mut files = homelab().to_vec();
        let (_, text) = files.iter_mut().find(|(path, _)| path == file).unwrap();
        let imported = text.replacen(import, &format!("{import} ./mutant.nix"), 1);
        prop_assert_ne!(&imported, &*text);
        *text = imported;
        files.push((path.clone(), mutant.text.clone()));
        files.sort();

        let analysis = Analysis::of(Sources::from_memory(files), &Config::default(), &Options::default());
        let analysis = analysis.unwrap();
        let line = mutant.text.lines().position(|line| line.ends_with(MARK)).unwrap() + 1;
        let found: BTreeSet<(&str, String, Option<usize>)> = analysis
            .diagnostics
            .iter()
            .map(|finding| {
                let span = finding.primary.as_ref().unwrap().span;
                let source = analysis.sources.file(span.file);
                let at = source.line_column(span.start).line as usize;
                (finding.lint, source.path.clone(), mutant.file.is_none().then_some(at))
            })
            .collect();
        let place = match mutant.file {
            Some(file) => (mutant.lint, file.to_owned(), None),
            None => (mutant.lint, path, Some(line)),
        };
        prop_assert_eq!(found, BTreeSet::from([place]), "{:?}:\n{}", mistake, mutant.text);
    }
}

#[test]
fn the_repository_without_a_mistake_is_silent() {
    let sources = Sources::from_memory(homelab().to_vec());
    let analysis = Analysis::of(sources, &Config::default(), &Options::default()).unwrap();
    assert!(analysis.diagnostics.is_empty(), "{:#?}", analysis.diagnostics);
}
