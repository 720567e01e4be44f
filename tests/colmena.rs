//! Hosts that are the nodes of a hive of colmena.

#[path = "support/hosts.rs"]
mod support;

use pretty_assertions::assert_eq;

use support::{CONTRACT, analyse, service, summary};

/// A flake with these outputs.
fn flake(outputs: &str) -> String {
    format!(
        "{{ inputs.nixpkgs.url = \"github:NixOS/nixpkgs\";
        inputs.colmena.url = \"github:zhaofengli/colmena/v0.4.0\";
        outputs = {{ self, nixpkgs, colmena }}: {{ {outputs} }}; }}"
    )
}

/// A hive whose nodes take what colmena gives them: `name`, `nodes` and the special arguments of both kinds.
const HIVE: &str = "{ nixpkgs ? <nixpkgs> }: {
    meta = {
      nixpkgs = import nixpkgs { system = \"x86_64-linux\"; };
      specialArgs = { base = 8000; offset = 0; };
      nodeSpecialArgs.pi.offset = 5;
    };
    defaults = { name, base, offset, ... }: {
      imports = [ ./options.nix ];
      qgroget.serviceModules.${name} =
        { enable = true; port = base + offset; persistedData = [ ]; backupDirectories = [ ]; };
    };
    nuc = { nodes, ... }: {
      qgroget.serviceModules.proxy = {
        enable = true;
        port = nodes.pi.config.qgroget.serviceModules.pi.port + 1;
        persistedData = [ ];
        backupDirectories = [ ];
      };
    };
    pi = [ ./jellyfin.nix { deployment.tags = [ \"small\" ]; } ];
  }";

const EXPECTED: [&str; 2] = ["nuc: nuc=8000 proxy=8006", "pi: jellyfin=8096 pi=8005"];

/// The hosts of a repository with the hive, the contract and one module.
fn hosts(flake: Option<&str>) -> Vec<String> {
    let jellyfin = service("jellyfin", 8096);
    let mut files =
        vec![("hive.nix", HIVE), ("jellyfin.nix", &jellyfin), ("options.nix", CONTRACT)];
    files.extend(flake.map(|flake| ("flake.nix", flake)));
    summary(&files).0
}

#[test]
fn the_hive_of_a_flake_has_hosts() {
    let raw = "colmena = import ./hive.nix { inherit nixpkgs; };";
    assert_eq!(hosts(Some(&flake(raw))), EXPECTED);
    let made = "colmenaHive = colmena.lib.makeHive (import ./hive.nix { inherit nixpkgs; });";
    assert_eq!(hosts(Some(&flake(made))), EXPECTED);
    let nodes = format!(
        "{raw} colmenaHive = colmena.lib.makeHive self.outputs.colmena;
        nixosConfigurations = self.colmenaHive.nodes;"
    );
    assert_eq!(hosts(Some(&flake(&nodes))), EXPECTED);
}

#[test]
fn the_hive_of_no_flake_has_hosts() {
    assert_eq!(hosts(None), EXPECTED);
}

#[test]
fn a_host_that_is_a_node_as_well_counts_once() {
    let both = "nixosConfigurations.pi =
          nixpkgs.lib.nixosSystem { modules = [ ./options.nix ./jellyfin.nix ]; };
        colmena = import ./hive.nix { inherit nixpkgs; };";
    assert_eq!(hosts(Some(&flake(both))), [EXPECTED[0], "pi: jellyfin=8096"]);
    let unknown =
        "nixosConfigurations = theirs.hosts ./.; colmena = import ./hive.nix { inherit nixpkgs; };";
    let flake = flake(unknown).replace("colmena }:", "colmena, theirs }:");
    assert_eq!(hosts(Some(&flake)), EXPECTED);
}

#[test]
fn what_colmena_itself_declares_comes_from_outside() {
    let flake = flake("colmena = { meta.nixpkgs = import nixpkgs { }; nuc = ./nuc.nix; };");
    let nuc = "{ imports = [ ./options.nix ]; deployment.keys.a.text = \"b\"; }";
    let files = [("flake.nix", &*flake), ("nuc.nix", nuc), ("options.nix", CONTRACT)];
    let analysis = analyse(&files);
    assert_eq!(analysis.model.hosts[0].unresolved.len(), 1);
    assert!(analysis.diagnostics.is_empty(), "{:?}", analysis.diagnostics);
}

#[test]
fn a_hive_that_is_not_known_says_so() {
    let flake = flake("colmena = theirs.hive;").replace("colmena }:", "colmena, theirs }:");
    let files = [("flake.nix", &*flake), ("options.nix", CONTRACT), ("a.nix", "{ }")];
    let analysis = analyse(&files);
    assert!(analysis.model.hosts.is_empty());
    let reason = &*analysis.model.hosts_unknown.as_ref().unwrap().why.reason;
    assert_eq!(reason, "theirs.hive comes from outside of the repository");
}
