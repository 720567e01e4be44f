//! Hosts and modules that blueprint finds by where their files lie.

#[path = "support/hosts.rs"]
mod support;

use pretty_assertions::assert_eq;

use support::{CONTRACT, analyse, service, summary};

fn flake(arguments: &str) -> String {
    format!(
        "{{ inputs.nixpkgs.url = \"github:NixOS/nixpkgs\";
        inputs.blueprint.url = \"github:numtide/blueprint\";
        outputs = inputs: inputs.blueprint {{ inherit inputs; {arguments} }}; }}"
    )
}

/// Takes what blueprint gives modules, and what the flake itself has.
const NUC: &str = "{ flake, inputs, hostName, perSystem, ... }: {
    imports = [ flake.nixosModules.contract inputs.self.modules.nixos.media ];
    qgroget.serviceModules.${hostName} = {
      enable = inputs ? nixpkgs;
      port = flake.lib.twice 4000;
      persistedData = [ ];
      backupDirectories = [ ];
    };
  }";

const PI: &str = "{ flake, inputs, hostName }: {
    class = \"nixos\";
    value = inputs.nixpkgs.lib.nixosSystem {
      modules = [ flake.nixosModules.contract ../../jellyfin.nix ];
    };
  }";

fn files<'a>(flake: &'a str, jellyfin: &'a str, media: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("flake.nix", flake),
        ("lib/default.nix", "{ flake, inputs, ... }: { twice = x: x + x; }"),
        ("modules/nixos/contract.nix", CONTRACT),
        ("modules/nixos/media/default.nix", media),
        ("modules/home/none.nix", "{ }"),
        ("hosts/nuc/configuration.nix", NUC),
        ("hosts/pi/default.nix", PI),
        ("hosts/book/darwin-configuration.nix", "{ }"),
        ("hosts/laptop/users/me/home-configuration.nix", "{ }"),
        ("jellyfin.nix", jellyfin),
    ]
}

const EXPECTED: [&str; 2] = ["nuc: jellyfin=8096 nuc=8000", "pi: jellyfin=8096"];

#[test]
fn hosts_have_the_modules_of_the_repository() {
    let jellyfin = service("jellyfin", 8096);
    let media = "{ flake, ... }: { imports = [ ../../../jellyfin.nix ]; }";
    assert_eq!(summary(&files(&flake(""), &jellyfin, media)).0, EXPECTED);
    // What takes other arguments is a module of the host's.
    let media = "{ flake, lib, ... }: { imports = [ ../../../jellyfin.nix ]; }";
    assert_eq!(summary(&files(&flake(""), &jellyfin, media)).0, EXPECTED);
}

#[test]
fn a_prefix_holds_them() {
    let jellyfin = service("jellyfin", 8096);
    let media = "{ imports = [ ../../../jellyfin.nix ]; }";
    for prefix in ["./nix", "\"nix\""] {
        let flake = flake(&format!("prefix = {prefix};"));
        let moved: Vec<(String, &str)> = files(&flake, &jellyfin, media)
            .into_iter()
            .map(|(path, text)| match path {
                "flake.nix" => (path.to_owned(), text),
                path => (format!("nix/{path}"), text),
            })
            .collect();
        let moved: Vec<_> = moved.iter().map(|(path, text)| (path.as_str(), *text)).collect();
        assert_eq!(summary(&moved).0, EXPECTED, "{prefix}");
    }
}

#[test]
fn what_blueprint_itself_adds_comes_from_outside() {
    let flake = flake("");
    let analysis = analyse(&files(&flake, "{ }", "{ home-manager.users.me = { }; }"));
    let unresolved = analysis.model.hosts.iter().map(|host| host.unresolved.len());
    assert_eq!(unresolved.collect::<Vec<_>>(), [1, 0]);
    let findings = analysis.diagnostics.iter().map(|it| it.message.as_str());
    assert_eq!(findings.collect::<Vec<_>>(), [""; 0]);
}
