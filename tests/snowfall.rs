//! Hosts and modules that snowfall-lib finds by where their files lie.

#[path = "support/hosts.rs"]
mod support;

use pretty_assertions::assert_eq;

use support::{CONTRACT, analyse, service, summary};

/// A flake whose outputs are these.
fn flake(outputs: &str) -> String {
    format!(
        "{{ inputs.nixpkgs.url = \"github:NixOS/nixpkgs\";
        inputs.other.url = \"github:example/other\";
        inputs.snowfall-lib.url = \"github:snowfallorg/lib/v3.0.3\";
        outputs = inputs: {outputs}; }}"
    )
}

const MAKE_FLAKE: &str = "inputs.snowfall-lib.mkFlake {
    inherit inputs;
    src = ./.;
    snowfall.namespace = \"lab\";
    systems.modules.nixos = [ inputs.other.nixosModules.default ];
    systems.hosts.nuc.specialArgs.offset = 0;
    systems.hosts.pi = { modules = [ ./extra.nix ]; specialArgs.offset = 5; };
  }";

/// Takes what snowfall-lib gives modules, and the functions of the repository's own `lib`.
const MODULE: &str =
    "{ lib, config, pkgs, namespace, host, target, virtual, inputs, modulesPath, ... }@args: {
    options.${namespace}.base = lib.mkOption { type = lib.types.port; default = 8000; };
    config.qgroget.serviceModules.${host} = {
      enable = !virtual && target == \"x86_64-linux\" && inputs ? nixpkgs;
      port = lib.${namespace}.twice 1 + config.lab.base + args.offset;
      persistedData = [ ];
      backupDirectories = [ ];
    };
  }";

fn files<'a>(flake: &'a str, jellyfin: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("flake.nix", flake),
        ("lib/numbers/default.nix", "{ lib, ... }: { twice = x: lib.lab.plus x x; }"),
        ("lib/default.nix", "{ plus = x: y: x + y; }"),
        ("modules/nixos/contract/default.nix", CONTRACT),
        ("modules/nixos/a/b/default.nix", MODULE),
        ("modules/nixos/a/b/left-out.nix", "throw \"it is none\""),
        ("modules/home/default.nix", "{ qgroget.serviceModules.none.enable = true; }"),
        ("systems/x86_64-linux/nuc/default.nix", "{ lab.base = 9000; }"),
        ("systems/x86_64-linux/pi/default.nix", "{ }"),
        ("systems/x86_64-linux/empty/other.nix", "{ }"),
        ("systems/x86_64-install-iso/stick/default.nix", "{ }"),
        ("systems/aarch64-darwin/book/default.nix", "{ }"),
        ("extra.nix", jellyfin),
    ]
}

const EXPECTED: [&str; 2] = ["nuc: nuc=9002", "pi: jellyfin=8096 pi=8007"];

#[test]
fn hosts_have_the_modules_of_the_repository() {
    let jellyfin = service("jellyfin", 8096);
    assert_eq!(summary(&files(&flake(MAKE_FLAKE), &jellyfin)).0, EXPECTED);
    let made = MAKE_FLAKE
        .replace("inputs.snowfall-lib.mkFlake {", "let lib = inputs.snowfall-lib.mkLib {");
    let made = made.replace("systems.modules.nixos", "}; in lib.mkFlake { systems.modules.nixos");
    assert_eq!(summary(&files(&flake(&made), &jellyfin)).0, EXPECTED);
}

#[test]
fn what_snowfall_itself_declares_comes_from_outside() {
    let flake = flake(MAKE_FLAKE);
    let analysis = analyse(&files(&flake, "{ snowfallorg.users.me = { }; }"));
    let unresolved = analysis.model.hosts.iter().map(|host| host.unresolved.len());
    assert_eq!(unresolved.collect::<Vec<_>>(), [2, 2]);
    let findings = analysis.diagnostics.iter().map(|it| it.message.as_str());
    assert_eq!(findings.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn another_root_holds_them() {
    let flake = flake(MAKE_FLAKE)
        .replace("snowfall.namespace", "snowfall.root = ./nix; snowfall.namespace");
    let jellyfin = service("jellyfin", 8096);
    let moved: Vec<(String, &str)> = files(&flake, &jellyfin)
        .into_iter()
        .map(|(path, text)| match path {
            "flake.nix" | "extra.nix" => (path.to_owned(), text),
            path => (format!("nix/{path}"), text),
        })
        .collect();
    let moved: Vec<(&str, &str)> =
        moved.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    assert_eq!(summary(&moved).0, EXPECTED);
}

#[test]
fn modules_are_outputs() {
    let outputs = format!(
        "let made = {MAKE_FLAKE}; in made // {{
          nixosConfigurations.one = inputs.nixpkgs.lib.nixosSystem {{
            specialArgs.found = builtins.attrNames made.nixosModules;
            modules = [ made.nixosModules.contract ({{ found, ... }}: {{
              qgroget.serviceModules = builtins.listToAttrs (map (name: {{
                name = builtins.replaceStrings [ \"/\" ] [ \"-\" ] name;
                value = {{ enable = true; port = 1; persistedData = [ ]; backupDirectories = [ ]; }};
              }}) found);
            }}) ];
          }};
        }}"
    );
    assert_eq!(summary(&files(&flake(&outputs), "{ }")).0, ["one: a-b=1 contract=1"]);
}

#[test]
fn an_error_in_it_is_one_of_the_outputs() {
    let flake = flake(&MAKE_FLAKE.replace("src = ./.", "src = 1"));
    let analysis = analyse(&[("flake.nix", &flake)]);
    let error = analysis.diagnostics.iter().find(|it| it.lint == "evaluation-error").unwrap();
    assert_eq!(
        error.message,
        "Nix stops before it has all hosts: cannot coerce an integer to a string"
    );
    let primary = error.primary.as_ref().unwrap();
    assert_eq!(&flake[primary.span.range()], "outputs");
}
