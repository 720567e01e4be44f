//! Inputs of the flake that lie in a directory of the repository.

#[path = "support/hosts.rs"]
mod support;

use pretty_assertions::assert_eq;

use support::{CONTRACT, analyse, service, summary};

/// A flake with one host, with what is said of the input `tools`, and the modules beside the contract.
fn flake(tools: &str, modules: &str) -> String {
    format!(
        "{{ inputs.nixpkgs.url = \"github:NixOS/nixpkgs\";
            inputs.tools = {tools};
            outputs = {{ nixpkgs, tools, ... }}: {{
              nixosConfigurations.a = nixpkgs.lib.nixosSystem {{ modules = [ ./options.nix {modules} ]; }};
            }}; }}"
    )
}

const TOOLS: &str = "{
    inputs.nixpkgs.url = \"github:NixOS/nixpkgs/nixos-25.11\";
    outputs = { self, nixpkgs, ... }: {
      lib.port = 7;
      nixosModules.default = ./module.nix;
      nixosModules.other = \"${self}/module.nix\";
      hasLib = nixpkgs.lib.id true;
    };
  }";

#[test]
fn a_flake_in_a_directory_is_read() {
    let jellyfin = service("jellyfin", 7);
    let with_lib = "{ qgroget.serviceModules.jellyfin = {
        enable = true; inherit (tools.lib) port; persistedData = [ ]; backupDirectories = [ ];
      }; }";
    for (tools, modules) in [
        ("{ url = \"path:./tools\"; }", "tools.nixosModules.default"),
        ("{ url = \"./tools\"; }", "tools.nixosModules.other"),
        ("{ type = \"path\"; path = \"./tools\"; }", "tools.outputs.nixosModules.default"),
        ("{ url = \"path:tools/\"; }", "\"${tools}/module.nix\""),
        ("{ url = \"path:./tools\"; }", "(tools + \"/module.nix\")"),
        ("{ url = \"path:./tools\"; }", "\"${tools.sourceInfo}/tools/module.nix\""),
        ("{ url = \"path:./tools\"; flake = false; }", "\"${tools}/module.nix\""),
        ("{ url = \"path:./tools\"; }", with_lib),
        ("{ url = \"path:./tools\"; }", "(if tools.hasLib then ./tools/module.nix else { })"),
    ] {
        let files = [
            ("flake.nix", &*flake(tools, modules)),
            ("options.nix", CONTRACT),
            ("tools/flake.nix", TOOLS),
            ("tools/module.nix", &jellyfin),
        ];
        assert_eq!(summary(&files), (vec!["a: jellyfin=7".into()], vec![]), "{tools} {modules}");
    }
}

#[test]
fn what_may_lie_elsewhere_is_not_known() {
    let jellyfin = service("jellyfin", 7);
    for tools in [
        "{ url = \"path:/srv/tools\"; }",
        "{ url = \"path:../tools\"; }",
        "{ url = \"path:./none\"; }",
        "{ url = \"git+file:./tools\"; }",
        "{ url = \"github:x/tools\"; }",
        "{ url = \"path:./tools\"; flake = false; }",
    ] {
        let files = [
            ("flake.nix", &*flake(tools, "tools.nixosModules.default")),
            ("options.nix", CONTRACT),
            ("tools/flake.nix", TOOLS),
            ("tools/module.nix", &jellyfin),
        ];
        assert_eq!(summary(&files).0, ["a: "], "{tools}");
    }
}

#[test]
fn it_has_the_inputs_that_it_is_given() {
    let port = |root: &str, tools: &str, port: &str| {
        let flake = format!(
            "{{ inputs.nixpkgs.url = \"github:NixOS/nixpkgs\";
                inputs.flag.url = \"github:boolean-option/true\";
                inputs.tools.url = \"path:./tools\";
                {root}
                outputs = {{ self, nixpkgs, tools, ... }}: {{
                  nixosConfigurations.a = nixpkgs.lib.nixosSystem {{ modules = [ ./options.nix tools.module ]; }};
                }}; }}"
        );
        let tools = format!(
            "{{ {tools}
                outputs = {{ self, ... }}@inputs: {{
                  module.qgroget.serviceModules.jellyfin = {{
                    enable = true; port = {port}; persistedData = [ ]; backupDirectories = [ ];
                  }};
                  own = 1;
                }}; }}"
        );
        let inner = "{ outputs = { self, flag, ... }: { port = if flag.value then 1 else 2; }; }";
        let files = [
            ("flake.nix", &*flake),
            ("options.nix", CONTRACT),
            ("tools/flake.nix", &tools),
            ("tools/inner/flake.nix", inner),
        ];
        summary(&files).0.remove(0)
    };
    let off = "inputs.flag.url = \"github:boolean-option/false\";";
    let value = "if inputs.flag.value then 1 else 2";
    let follows = "inputs.tools.inputs.flag.follows = \"flag\";";
    let inner = "inputs.inner.url = \"path:./inner\";";
    for (root, tools, value, expected) in [
        ("", off, value, "2"),
        (follows, off, value, "1"),
        ("inputs.tools.inputs.flag.url = \"github:boolean-option/true\";", off, value, "1"),
        ("inputs.tools.inputs.flag.follows = \"other/flag\";", off, value, "?"),
        (
            "",
            "inputs.flag.follows = \"off\"; inputs.off.url = \"github:boolean-option/false\";",
            value,
            "2",
        ),
        ("", "", "if inputs ? flag then 1 else inputs.self.own + 2", "3"),
        ("", "", "if inputs.self.inputs ? self then 1 else 2", "2"),
        (
            "",
            &format!("{inner} inputs.inner.inputs.flag.follows = \"flag\"; {off}"),
            "inputs.inner.port",
            "2",
        ),
        (
            follows,
            &format!("{inner} inputs.inner.inputs.flag.follows = \"flag\"; {off}"),
            "inputs.inner.port",
            "1",
        ),
        ("inputs.tools.inputs.flag.inputs.x.follows = \"nixpkgs\";", off, value, "2"),
        ("", inner, "inputs.inner.port", "?"),
    ] {
        assert_eq!(
            port(root, tools, value),
            format!("a: jellyfin={expected}"),
            "{root} {tools} {value}"
        );
    }
}

#[test]
fn flakes_that_name_each_other_end() {
    let flake = flake("{ url = \"path:./tools\"; }", "tools.nixosModules.default");
    let tools = "{ inputs.own.url = \"path:./.\"; inputs.tools.url = \"path:./tools\";
        outputs = { own, tools, ... }: { nixosModules = own.nixosModules // tools.nixosModules; }; }";
    let files = [
        ("flake.nix", &*flake),
        ("options.nix", CONTRACT),
        ("tools/flake.nix", tools),
        ("tools/tools/flake.nix", tools),
    ];
    assert_eq!(analyse(&files).model.hosts.len(), 1);
}
