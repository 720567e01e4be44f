//! Where the secrets of sops-nix and agenix lie, of which the modules are not at hand.
#![allow(clippy::disallowed_methods, reason = "the tests run the program")]

mod support;

use pretty_assertions::assert_eq;
use support::{nixpact, repository};

/// The values of `lab`, which `module` defines with `config`, on a host that has the modules of an input; `date` is that
/// of the locked version.
fn values(input: &str, output: &str, date: Option<i64>, module: &str) -> serde_json::Value {
    let flake = format!(
        "{{
          inputs.nixpkgs.url = \"github:NixOS/nixpkgs\";
          inputs.{input}.url = \"github:example/{input}\";
          outputs = inputs: {{
            nixosConfigurations.one = inputs.nixpkgs.lib.nixosSystem {{
              modules = [ inputs.{input}.{output} ./one.nix ];
            }};
          }};
        }}"
    );
    let one = format!(
        "{{ config, lib, ... }}: {{
          options.lab = lib.mkOption {{ type = lib.types.attrsOf lib.types.raw; }};
          config = {module};
        }}"
    );
    let mut files = vec![("flake.nix", &*flake), ("one.nix", &*one)];
    let lock = date.map(|date| {
        format!(
            r#"{{ "root": "root", "version": 7, "nodes": {{
              "root": {{ "inputs": {{ "{input}": "it" }} }},
              "it": {{ "locked": {{ "lastModified": {date} }} }}
            }} }}"#
        )
    });
    files.extend(lock.as_deref().map(|lock| ("flake.lock", lock)));
    let directory = repository(&files);
    let root = directory.path().to_str().unwrap();
    let run = nixpact(&["config", "lab", "--root", root, "--format", "json"]);
    let printed: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    printed["hosts"][0]["value"].clone()
}

const SOPS: &str = r#"{
  sops.secrets.a = { };
  sops.secrets."b/c" = { name = "b"; };
  sops.secrets.early.neededForUsers = true;
  sops.secrets.moved.path = "/srv/moved";
  sops.secrets.off = lib.mkIf false { };
  sops.templates."a.env".content = "A=${config.sops.placeholder.a}";
  sops.templates.b.name = "b.env";
  sops.templates.moved = { path = "/srv/b.env"; content = ""; };
  lab = {
    secrets = lib.mapAttrs (_: secret: secret.path) { inherit (config.sops.secrets) a "b/c" early moved; };
    templates = lib.mapAttrs (_: template: template.path) { inherit (config.sops.templates) "a.env" b moved; };
    content = config.sops.templates."a.env".content;
    off = config.sops.placeholder.off or "none";
  };
}"#;

#[test]
fn secrets_and_templates_of_sops_nix_have_paths() {
    let value = values("sops-nix", "nixosModules.sops", None, SOPS);
    // That of real sops-nix.
    let a = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";
    let expected = serde_json::json!({
        "secrets": {
            "a": "/run/secrets/a", "b/c": "/run/secrets/b",
            "early": "/run/secrets-for-users/early", "moved": "/srv/moved",
        },
        "templates": {
            "a.env": "/run/secrets/rendered/a.env", "b": "/run/secrets/rendered/b.env", "moved": "/srv/b.env",
        },
        "content": format!("A=<SOPS:{a}:PLACEHOLDER>"),
        "off": { "$unknown": "the option sops.placeholder.off is declared outside of the repository" },
    });
    assert_eq!(value, expected);
}

#[test]
fn the_lock_says_where_templates_lie() {
    let path =
        |date| values("sops-nix", "nixosModules.sops", date, SOPS)["templates"]["a.env"].clone();
    assert_eq!(path(Some(1_730_746_162)), "/run/secrets-rendered/a.env");
    assert_eq!(path(Some(1_730_868_941)), "/run/secrets/rendered/a.env");
    let other = values("sops", "nixosModules.sops", Some(1_730_868_941), SOPS);
    assert_eq!(other["templates"]["b"], "/run/secrets/rendered/b.env");
}

#[test]
fn without_templates_there_are_no_placeholders() {
    let module = "{ sops.secrets.a = { }; lab.a = config.sops.placeholder.a; }";
    let value = values("sops-nix", "nixosModules.sops", None, module);
    let reason = "the option sops.placeholder.a is declared outside of the repository";
    assert_eq!(value["a"]["$unknown"], reason);
}

#[test]
fn secrets_of_agenix_have_paths() {
    let module = |more: &str| {
        format!(
            "{{
              age.secrets.a.file = ./a.age;
              age.secrets.b = {{ file = ./b.age; name = \"c\"; }};
              age.secrets.moved = {{ file = ./b.age; path = \"/srv/b\"; }};
              {more}
              lab = lib.mapAttrs (_: secret: secret.path) {{ inherit (config.age.secrets) a b moved; }};
            }}"
        )
    };
    let paths = |directory: &str| serde_json::json!({ "a": format!("{directory}/a"), "b": format!("{directory}/c"), "moved": "/srv/b" });
    for output in ["nixosModules.default", "nixosModules.age", "nixosModule"] {
        assert_eq!(values("agenix", output, None, &module("")), paths("/run/agenix"));
    }
    let date = Some(1_750_000_000);
    assert_eq!(values("ragenix", "nixosModules.default", date, &module("")), paths("/run/agenix"));
    let own = module("age.secretsDir = \"/run/own\";");
    assert_eq!(values("agenix", "nixosModules.default", date, &own), paths("/run/own"));
    // Before, it was another directory.
    let old = values("agenix", "nixosModules.age", Some(1_630_000_000), &module(""));
    assert_eq!(
        old["a"]["$unknown"],
        "the option age.secrets.a.path is declared outside of the repository"
    );
    let other = values("secrets", "nixosModules.default", date, &module(""));
    assert_eq!(
        other["a"]["$unknown"],
        "the option age.secrets.a.path is declared outside of the repository"
    );
}
