//! What modules from outside of the repository may add to its own, and what they may not.
#![allow(clippy::disallowed_methods, reason = "a test runs the program and makes files")]

mod support;

use pretty_assertions::assert_eq;

use tempfile::TempDir;

use support::{nixpact, repository};

/// A repository of a host with one module.
fn host(module: &str) -> TempDir {
    let flake = "{
      inputs = { nixpkgs.url = \"n\"; a.url = \"a\"; b.url = \"b\"; disko.url = \"d\"; };
      outputs = inputs: {
        nixosConfigurations.a = inputs.nixpkgs.lib.nixosSystem {
          specialArgs = { inherit inputs; };
          modules = [ ./host.nix ];
        };
      };
    }";
    let own = "{ lib, ... }: { lab.port = lib.mkForce 9; }";
    let chosen = "let a = builtins.getFlake \"a\"; in if a.is then import ./own.nix else { }";
    let files = [("host.nix", module), ("own.nix", own), ("chosen.nix", chosen)];
    repository(&[&[("flake.nix", flake)], &files[..]].concat())
}

/// What `nixpact config OPTION` says of it.
fn config(module: &str, option: &str) -> String {
    let run = nixpact(&["config", option, "--root", host(module).path().to_str().unwrap()]);
    format!("{}{}", run.out, run.err).trim().to_owned()
}

/// A module that imports an expression, and an option of the repository.
fn importing(imports: &str) -> String {
    format!(
        "{{ inputs, lib, ... }}: {{
           imports = {imports};
           options.lab.port = lib.mkOption {{ type = lib.types.port; }};
           config.lab.port = 8;
         }}"
    )
}

/// What nixpkgs' own declaration of `users.users` has is not known, and no error.
#[test]
fn an_option_of_nixos_is_extended() {
    let module = "{ lib, ... }: {
      options.users.users = lib.mkOption {
        type = lib.types.attrsOf (lib.types.submodule {
          options.mail = lib.mkOption { default = \"\"; };
        });
      };
      config.users.users.ann = { uid = 7; extraGroups = [ \"wheel\" ]; };
    }";
    assert_eq!(config(module, "users.users.ann.uid"), "7");
    assert_eq!(config(module, "users.users.ann.mail"), "\"\"");
    let unknown =
        |option| format!("«unknown: the option {option} is declared outside of the repository»");
    let shell = "users.users.ann.shell";
    assert_eq!(config(module, shell), unknown(shell));
    let all = config(module, "users.users");
    assert!(all.starts_with("{ ann = { extraGroups = [ \"wheel\" «"), "{all}");
    assert!(all.ends_with(&format!("{} }}", unknown("users.users"))), "{all}");
}

/// A description is said once: nixpkgs declares no option of that name.
#[test]
fn an_option_that_only_the_repository_declares_is_known_as_a_whole() {
    let module = "{ lib, ... }: {
      options.services.lab = lib.mkOption {
        type = lib.types.attrsOf (lib.types.submodule { options.port = lib.mkOption { }; });
        description = \"Ours.\";
      };
      config.services.lab.a.port = 7;
    }";
    assert_eq!(config(module, "services.lab"), "{ a = { port = 7; }; }");
}

/// nixpkgs may have a default, or more values.
#[test]
fn a_value_that_nixpkgs_may_give_is_no_error() {
    let module = "{ lib, ... }: {
      options.services.lab.kind = lib.mkOption { type = lib.types.enum [ \"a\" ]; };
      options.services.lab.name = lib.mkOption { type = lib.types.str; };
      options.services.lab.size = lib.mkOption { type = lib.types.int; };
      config.services.lab.kind = \"b\";
      config.services.lab.size = 3;
    }";
    for option in ["services.lab.kind", "services.lab.name"] {
        let unknown =
            format!("«unknown: the option {option} is declared outside of the repository»");
        assert_eq!(config(module, option), unknown);
    }
    assert_eq!(config(module, "services.lab.size"), "3");
}

#[test]
fn a_list_with_modules_of_other_flakes_costs_no_option_of_the_repository() {
    for imports in [
        "lib.flatten [ inputs.disko.nixosModules.disko [ [ inputs.a.b ] ] ]",
        "lib.optional (inputs ? a && inputs.a ? nixosModules) inputs.a.nixosModules.a",
        "lib.optionals inputs.a.is (with inputs.b.nixosModules; [ b c ])",
        "if inputs.a ? b then [ inputs.a.b ] else [ ]",
        "lib.unique (lib.concatLists [ [ inputs.a.b inputs.a.c ] [ inputs.a.b ] ])",
        "let both = x: [ x.a ] ++ lib.optional (x ? b) x.b; in both inputs.a.nixosModules",
        "[ (if inputs.a.is then { x = inputs.a.b; } else { x = inputs.b.c; }).x ]",
        "with inputs.a.nixosModules; [ b c ]",
        "[ (toString (inputs.a + \"/nixos\") + \"/modules/a.nix\") ]",
    ] {
        assert_eq!(config(&importing(imports), "lab.port"), "8", "{imports}");
    }
}

#[test]
fn a_module_of_the_repository_that_may_be_chosen_is_none_of_another_flake() {
    for imports in [
        "lib.flatten [ inputs.a.b (lib.optional (inputs.a ? b) ./own.nix) ]",
        "lib.optional (inputs.a ? b) ./own.nix",
        "lib.optionals inputs.a.is [ inputs.a.b ./own.nix ]",
        "if inputs.a ? b then [ inputs.a.b ] else [ ./own.nix ]",
        "lib.unique (lib.concatLists [ [ inputs.a.b ] (lib.optional inputs.a.is ./own.nix) ])",
        "let both = x: [ x.a ] ++ lib.optional (x ? b) ./own.nix; in both inputs.a.nixosModules",
        "[ (if inputs.a.is then { x = inputs.a.b; } else { x = ./own.nix; }).x ]",
        "with (if inputs.a.is then { x = inputs.a.b; } else { x = ./own.nix; }); [ x ]",
        "[ (lib.filterAttrs (name: _: inputs.a.has name) { x = ./own.nix; }).x ]",
        "[ ./chosen.nix ]",
    ] {
        let value = config(&importing(imports), "lab.port");
        assert!(value.starts_with("«unknown: "), "{imports}: {value}");
    }
}

/// It may declare options in a submodule of the repository, or in an evaluation of its own.
#[test]
fn a_module_of_another_flake_may_declare_what_the_repository_does_not() {
    let module = |value: &str| {
        format!(
            "{{ config, inputs, lib, ... }}: {{
               options.lab.sites = lib.mkOption {{
                 type = lib.types.attrsOf (lib.types.submodule {{
                   imports = [ inputs.a.b ];
                   options.own.name = lib.mkOption {{ default = \"\"; }};
                 }});
               }};
               options.lab.value = lib.mkOption {{ }};
               config.lab.sites.one = {{ own.name = \"a\"; own.port = 8; theirs = 9; }};
               config.lab.value =
                 let made = lib.evalModules {{ modules = [ inputs.a.b {{ options.c.d = lib.mkOption {{ default = 1; }}; }} ]; }};
                 in {value};
             }}"
        )
    };
    for (known, value) in [("config.lab.sites.one.own.name", "\"a\""), ("made.config.c.d", "1")] {
        assert_eq!(config(&module(known), "lab.value"), value, "{known}");
    }
    for unknown in [
        "config.lab.sites.one.own.port",
        "config.lab.sites.one.theirs",
        "config.lab.sites.one ? other",
        "made.config.c.e",
        "made.config ? f",
        "made.options ? f",
    ] {
        let value = config(&module(unknown), "lab.value");
        assert!(value.starts_with("«unknown: "), "{unknown}: {value}");
    }
}

/// The modules of a submodule, and those that an evaluation is extended with.
#[test]
fn modules_that_another_flake_decides_about_are_the_repository_s() {
    let module = |value: &str| {
        format!(
            "{{ config, inputs, lib, ... }}: let
               port = {{ options.port = lib.mkOption {{ default = 1; }}; }};
               chosen = if inputs.a.is then [ port {{ port = 2; }} ] else [ port ];
               all = if inputs.a.is then [ {{ port = 2; }} ] else [ ];
               of = modules: lib.evalModules {{ inherit modules; }};
             in {{
               options.lab.sub = lib.mkOption {{ type = lib.types.submodule chosen; default = {{ }}; }};
               options.lab.value = lib.mkOption {{ }};
               config.lab.value = {value};
             }}"
        )
    };
    for unknown in [
        "config.lab.sub.port",
        "(of (all ++ [ port ])).config.port",
        "((of [ port ]).extendModules { modules = all; }).config.port",
        "(lib.evalModules ({ modules = [ port ]; } // lib.optionalAttrs inputs.a.is { modules = [ port { port = 2; } ]; })).config.port",
    ] {
        let value = config(&module(unknown), "lab.value");
        assert!(value.starts_with("«unknown: "), "{unknown}: {value}");
    }
}

/// It is in the list, whether it equals what is not known or not.
#[test]
fn a_module_beside_unknown_ones_in_a_list_without_repetitions_is_imported() {
    let imports = "lib.unique [ inputs.a.b { lab.port = lib.mkForce 10; } ]";
    assert_eq!(config(&importing(imports), "lab.port"), "10");
}

#[test]
fn what_a_module_may_define_besides_costs_nothing_else() {
    let module = |config: &str| {
        format!(
            "{{ lib, options, inputs, ... }}: {{
               options.lab.port = lib.mkOption {{ type = lib.types.port; default = 1; }};
               options.lab.name = lib.mkOption {{ default = \"\"; }};
               config = {config};
             }}"
        )
    };
    for known in [
        "{ lab.port = 8; } // lib.optionalAttrs (options ? x) { x.y = 1; }",
        "{ lab.port = 8; } // (if inputs.a.is then { x.y = 1; } else { z = 2; })",
        "lib.optionalAttrs (options ? x) { lab = { }; } // { lab.port = 8; }",
        "{ lab.port = 8; } // lib.optionalAttrs (options ? x) { x = 1; } // { z.y = 1; }",
        "{ lab.port = 7; } // lib.optionalAttrs (options ? x) { x = 1; } // { lab.port = 8; }",
    ] {
        assert_eq!(config(&module(known), "lab.port"), "8", "{known}");
    }
    for unknown in [
        "{ lab.port = 8; } // lib.optionalAttrs (options ? x) { lab.name = \"a\"; }",
        "{ lab.port = 8; } // inputs.a.config",
        "{ lab.port = 8; } // lib.optionalAttrs inputs.a.is inputs.a.config",
        "{ z = 8; } // lib.optionalAttrs (options ? x) { lab.port = 8; }",
    ] {
        let value = config(&module(unknown), "lab.port");
        assert!(value.starts_with("«unknown: "), "{unknown}: {value}");
    }
}

/// Another flake's module defines no service of the repository, but a value from there may be a part of one.
#[test]
fn a_service_lacks_nothing_that_a_value_from_outside_may_have() {
    for service in [
        "inputs.a.b",
        "config.services.other",
        "lib.mkMerge [ inputs.a.b { enable = true; } ]",
        "lib.mkIf true (lib.mkMerge [ { enable = true; } (lib.mkIf true config.services.other) ])",
        "{ enable = true; } // inputs.a.b",
    ] {
        let module = format!(
            "{{ config, inputs, lib, ... }}: {{
               options.lab.services = lib.mkOption {{
                 type = lib.types.attrsOf (lib.types.submodule {{ options = {{
                   enable = lib.mkEnableOption \"it\";
                   port = lib.mkOption {{ type = lib.types.port; }};
                   dataDir = lib.mkOption {{ type = lib.types.path; }};
                 }}; }});
               }};
               config.lab.services.jellyfin = {service};
             }}"
        );
        let run = nixpact(&["check", host(&module).path().to_str().unwrap(), "--format", "json"]);
        assert_eq!(run.findings(), [""; 0], "{service}");
    }
}

/// An attribute that is not known has another name than one that is: what is made of both differs, too,
/// where a name is made of the attribute's alone.
#[test]
fn attributes_that_are_not_known_replace_none_of_another_name() {
    let module = |pair: &str| {
        format!(
            "{{ config, lib, ... }}: {{
               options.lab = lib.mkOption {{ type = lib.types.attrsOf lib.types.str; }};
               options.users.users = lib.mkOption {{
                 type = lib.types.attrsOf (lib.types.submodule {{
                   options.mail = lib.mkOption {{ default = \"\"; }};
                 }});
               }};
               config.users.users.ann.mail = \"ann@x\";
               config.lab = lib.mapAttrs' (name: user: {pair}) config.users.users;
             }}"
        )
    };
    for (pair, option) in [
        ("lib.nameValuePair name user.mail", "lab.ann"),
        ("lib.nameValuePair \"u-${name}\" user.mail", "lab.u-ann"),
        ("{ name = \"u-\" + name + \".x\"; value = user.mail; }", "lab.\"u-ann.x\""),
    ] {
        assert_eq!(config(&module(pair), option), "\"ann@x\"", "{pair}");
        let other = config(&module(pair), "lab.other");
        assert!(other.starts_with("«unknown: "), "{pair}: {other}");
    }
    for (pair, option) in [
        ("lib.nameValuePair \"one\" user.mail", "lab.one"),
        ("lib.nameValuePair user.mail user.mail", "lab.\"ann@x\""),
        ("lib.nameValuePair (if name == \"ann\" then \"b\" else name) user.mail", "lab.b"),
        ("lib.nameValuePair \"${name}${user.mail}\" user.mail", "lab.\"annann@x\""),
        ("lib.nameValuePair (lib.toLower name) user.mail", "lab.ann"),
    ] {
        let value = config(&module(pair), option);
        assert!(value.starts_with("«unknown: "), "{pair}: {value}");
    }
}
