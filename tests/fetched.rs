//! Sources that a file fetches by their hash, where they are at hand.
#![allow(clippy::disallowed_methods, reason = "a test writes what is fetched")]

#[path = "support/hosts.rs"]
mod support;

use std::sync::Arc;

use nixpact_engine::{Analysis, Config, Options};
use nixpact_eval::Outside;
use nixpact_source::Sources;
use pretty_assertions::assert_eq;
use tempfile::TempDir;

use support::{CONTRACT, service};

/// The hash of the one source that is at hand.
const HASH: &str = "sha256-UDE63d3mA0sesL/+a7qTpe+SK18BPvvZV4H3/MWNs/c=";

/// The port of a service of the host, which a function of the source computes, and why it is not known, where
/// `default.nix` fetches the source with this expression.
fn port(fetch: &str) -> Result<i64, String> {
    let store = TempDir::new().unwrap();
    let write = |path: &str, text: &str| {
        let path = store.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("default.nix", "{ base }: import ./lib/ports.nix base");
    write("lib/ports.nix", "base: { jellyfin = base + 96; }");
    let directory = store.path().to_owned();
    let mut outside = Outside::default();
    outside.read_fetched(Box::new(move |hash, name| {
        (hash == HASH && name == "source").then(|| directory.clone())
    }));
    let host = format!(
        "{{ a = import <nixpkgs/nixos> {{ configuration = {{
             imports = [ ./options.nix ./jellyfin.nix ];
             _module.args.ports = import ({fetch}) {{ base = 8000; }};
           }}; }}; }}"
    );
    let service = service("jellyfin", 1).replace("port = 1;", "port = ports.jellyfin;");
    let files = [
        ("options.nix", CONTRACT),
        ("jellyfin.nix", &format!("{{ ports, ... }}: {service}")),
        ("default.nix", &host),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let options = Options { outside: Some(Arc::new(outside)), ..Options::default() };
    let analysis = Analysis::of(Sources::from_memory(files), &Config::default(), &options).unwrap();
    let model = &analysis.model;
    let service = &model.hosts[0].services[0];
    let field = model.contracts[service.contract].field("port").unwrap();
    let value = &service.fields[field].value;
    value.as_int().ok_or_else(|| format!("{value:?}"))
}

#[test]
fn what_is_fetched_by_its_hash_is_read() {
    for fetch in [
        "fetchTarball { url = \"https://github.com/a/tool/archive/1.tar.gz\"; sha256 = HASH; }",
        "builtins.fetchTarball { url = \"https://example.org/tool.tar.gz\"; sha256 = HASH; name = \"source\"; }",
        "builtins.fetchTree { type = \"github\"; owner = \"a\"; repo = \"tool\"; narHash = HASH; }",
        "let git = builtins.fetchGit { url = \"https://example.org/tool.git\"; narHash = HASH; }; in
           assert git ? outPath && builtins.seq (git.rev or \"0a\") true || true; git.outPath",
        "builtins.fetchGit { url = \"https://example.org/tool.git\"; rev = \"0a\"; narHash = HASH; }",
        "let pin = { url = \"https://github.com/a/tool/archive/1.tar.gz\"; sha256 = HASH; }; in
           { outPath = builtins.fetchTarball { inherit (pin) url sha256; }; }",
    ] {
        let fetch = fetch.replace("HASH", &format!("\"{HASH}\""));
        assert_eq!(port(&fetch), Ok(8096), "{fetch}");
    }
}

#[test]
fn what_is_not_at_hand_is_not_known() {
    for (fetch, reason) in [
        (
            "fetchTarball { url = \"https://github.com/a/tool/archive/1.tar.gz\"; sha256 = \"other\"; }",
            "github:a/tool.jellyfin comes from outside of the repository",
        ),
        (
            "fetchTarball \"https://github.com/a/tool/archive/1.tar.gz\"",
            "github:a/tool.jellyfin comes from outside of the repository",
        ),
        (
            "fetchTarball { url = \"https://example.org/x.tar.gz\"; sha256 = HASH; name = \"x\"; }",
            "https://example.org/x.tar.gz.jellyfin comes from outside of the repository",
        ),
        // Of nixpkgs only its lib and the options of NixOS are read.
        (
            "fetchTarball { url = \"https://github.com/NixOS/nixpkgs/archive/1.tar.gz\"; sha256 = HASH; }",
            "fetched nixpkgs.jellyfin comes from outside of the repository",
        ),
    ] {
        let fetch = fetch.replace("HASH", &format!("\"{HASH}\""));
        let why = port(&fetch).unwrap_err();
        assert!(why.contains(reason), "{fetch}: {why}");
    }
}
