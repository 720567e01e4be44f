//! The ways in which repositories make their hosts.

#[path = "support/hosts.rs"]
mod support;

use nixpact_diagnostics::Severity;
use pretty_assertions::assert_eq;

use support::{CONTRACT, analyse, service, summary};

#[test]
fn nixos_takes_modules_and_arguments_by_older_names_too() {
    let flake = "{ outputs = { nixpkgs, ... }: {
        nixosConfigurations.a = nixpkgs.lib.nixosSystem {
          extraModules = [ ./options.nix { options.lab.own = nixpkgs.lib.mkOption { }; } ];
          extraArgs.port = 7;
          modules = [ ./host.nix ];
        };
      }; }";
    let host = "{ port, ... }: {
        qgroget.serviceModules.jellyfin = {
          enable = true; inherit port; persistedData = [ ]; backupDirectories = [ ];
        };
        lab.own = 1;
        lab.other = 2;
      }";
    let (hosts, findings) =
        summary(&[("flake.nix", flake), ("options.nix", CONTRACT), ("host.nix", host)]);
    assert_eq!(hosts, ["a: jellyfin=7"]);
    assert_eq!(findings, ["Option 'lab.other' does not exist"]);
}

#[test]
fn files_are_chosen_by_their_paths_in_the_store() {
    let flake = |choice: &str| {
        format!(
            "{{ outputs = {{ nixpkgs, ... }}: let inherit (nixpkgs) lib; in {{
              nixosConfigurations.a = lib.nixosSystem {{
                modules = [ ./options.nix ] ++ lib.filter (path: {choice}) (lib.filesystem.listFilesRecursive ./parts);
              }}; }}; }}"
        )
    };
    let (jellyfin, sonarr) = (service("jellyfin", 7), service("sonarr", 8));
    for choice in [
        "!lib.hasInfix \"/_\" (toString path)",
        "builtins.match \".*/parts/[a-z]+/default[.]nix\" (toString path) != null",
        "builtins.match \".*/_.*\" (toString path) == null",
        "builtins.elemAt (builtins.split \"/parts/\" (toString path)) 2 == \"media/default.nix\"",
        "lib.elemAt (lib.splitString \"/\" (toString path)) 5 == \"media\"",
        "!lib.any (lib.hasPrefix \"_\") (lib.sublist 4 9 (lib.splitString \"/\" (toString path)))",
    ] {
        let files = [
            ("flake.nix", &*flake(choice)),
            ("options.nix", CONTRACT),
            ("parts/media/default.nix", &jellyfin),
            ("parts/_old/default.nix", &sonarr),
        ];
        assert_eq!(summary(&files).0, ["a: jellyfin=7"], "{choice}");
    }
    // A hash may have these.
    let files = [
        ("flake.nix", &*flake("lib.hasInfix \"ab\" (toString path)")),
        ("options.nix", CONTRACT),
        ("parts/a.nix", &jellyfin),
    ];
    assert_eq!(summary(&files).0, ["a: "]);
}

#[test]
fn a_module_is_given_the_path_of_the_others() {
    let flake = "{ outputs = { nixpkgs, ... }: {
        nixosConfigurations.a = nixpkgs.lib.nixosSystem {
          modules = [
            ./options.nix
            (args@{ config, ... }: (import ./host.nix) (args // { port = 7; }))
            (args: { qgroget.serviceModules.jellyfin.enable = args ? modulesPath; })
          ];
        };
      }; }";
    let host = "{ port, modulesPath, ... }: {
        qgroget.serviceModules.jellyfin = {
          inherit port; persistedData = [ ]; backupDirectories = [ ];
        };
      }";
    let (hosts, findings) =
        summary(&[("flake.nix", flake), ("options.nix", CONTRACT), ("host.nix", host)]);
    assert_eq!(hosts, ["a: jellyfin=7"]);
    assert_eq!(findings, [""; 0]);
}

#[test]
fn sources_that_are_fetched_make_hosts() {
    let source = |address: &str| format!("builtins.fetchTarball {{ url = \"{address}\"; }}");
    let flake = |system: &str| {
        format!(
            "{{ outputs = _: {{ nixosConfigurations.a = {system} {{ modules = [ ./options.nix ./host.nix ]; }}; }}; }}"
        )
    };
    let nixpkgs = source("https://channels.nixos.org/nixos-25.05/nixexprs.tar.xz");
    let host = format!(
        "{{ imports = [ \"${{{}}}/nixos\" ]; {} other.option = 1; }}",
        source("https://github.com/nix-community/impermanence/archive/master.tar.gz"),
        "qgroget.serviceModules.jellyfin = {
          enable = true; port = 7; persistedData = [ ]; backupDirectories = [ ];
        };"
    );
    let overridden = format!(
        "let mayBe = path: let other = builtins.getEnv \"NPINS_OVERRIDE_nixpkgs\"; in
           if other == \"\" then path else other; in import (mayBe ({nixpkgs}) + \"/nixos/lib/eval-config.nix\")"
    );
    for system in [
        "import ((builtins.fetchTree { type = \"github\"; owner = \"NixOS\"; repo = \"nixpkgs\"; }) + \"/nixos/lib/eval-config.nix\")"
            .to_owned(),
        format!("import \"${{{nixpkgs}}}/nixos/lib/eval-config.nix\""),
        "(builtins.getFlake \"github:NixOS/nixpkgs\").lib.nixosSystem".to_owned(),
        overridden,
    ] {
        let (hosts, findings) = summary(&[
            ("flake.nix", &flake(&system)),
            ("options.nix", CONTRACT),
            ("host.nix", &host),
        ]);
        assert_eq!(hosts, ["a: jellyfin=7"], "{system}");
        assert_eq!(findings, [""; 0], "{system}");
    }
}

#[test]
fn a_module_of_another_flake_declares_what_it_is_named_for() {
    let flake = "{ outputs = { nixpkgs, theirs, ... }: {
        nixosConfigurations.a = nixpkgs.lib.nixosSystem {
          modules = [ theirs.nixosModules.qemu-user ./host.nix ];
        };
      }; }";
    let host = "{ lib, ... }: {
        options.lab = lib.genAttrs [ \"a\" \"b\" \"c\" ] (_: lib.mkOption { });
        config.lab = { qemu-user.enable = true; other = 2; };
      }";
    let (_, findings) = summary(&[("flake.nix", flake), ("host.nix", host)]);
    let undeclared: Vec<_> = findings.iter().filter(|it| it.contains("does not exist")).collect();
    assert_eq!(undeclared, ["Option 'lab.other' does not exist"]);
}

#[test]
fn a_helper_of_the_flake_makes_them() {
    let flake = "{ outputs = { self, nixpkgs, ... }@inputs: let
        mk = name: more: nixpkgs.lib.nixosSystem {
          specialArgs = { inherit inputs name; };
          modules = [ ./options.nix (./hosts + \"/${name}.nix\") ] ++ more;
        };
      in { nixosConfigurations = nixpkgs.lib.genAttrs [ \"b\" \"a\" ] (name: mk name [ ]); }; }";
    let (a, b) = (service("jellyfin", 1), service("sonarr", 1));
    let files =
        [("flake.nix", flake), ("options.nix", CONTRACT), ("hosts/a.nix", &a), ("hosts/b.nix", &b)];
    let (hosts, findings) = summary(&files);
    assert_eq!(hosts, ["a: jellyfin=1", "b: sonarr=1"]);
    // One port on two machines is no conflict.
    assert_eq!(findings, [] as [&str; 0]);
}

/// `nixos-rebuild` builds them, as Nix looks among the packages of a system first.
#[test]
fn hosts_may_stand_among_the_packages_of_a_system() {
    let flake = "{ inputs.utils.url = \"github:numtide/flake-utils\";
      outputs = { self, nixpkgs, utils }: utils.lib.eachDefaultSystem (system: let
        mk = file: nixpkgs.lib.nixosSystem { inherit system; modules = [ ./options.nix file ]; };
      in {
        packages.hello = nixpkgs.legacyPackages.${system}.hello;
        packages.nixosConfigurations = { a = mk ./hosts/a.nix; b = mk ./hosts/b.nix; };
        legacyPackages.nixosConfigurations.b = mk ./hosts/a.nix;
      }) // OTHERS; }";
    let (a, b) = (service("jellyfin", 1), service("sonarr", 2));
    let hosts = |others: &str| {
        let flake = flake.replace("OTHERS", others);
        let files = [("flake.nix", &*flake), ("options.nix", CONTRACT)];
        summary(&[&files[..], &[("hosts/a.nix", &a), ("hosts/b.nix", &b)]].concat()).0
    };
    assert_eq!(hosts("{ }"), ["a: jellyfin=1", "b: sonarr=2"]);
    let others = "{ nixosConfigurations.a = nixpkgs.lib.nixosSystem { modules = [ ./options.nix ./hosts/b.nix ]; }; }";
    assert_eq!(hosts(others), ["a: sonarr=2"]);
}

#[test]
fn directories_are_read_and_the_flake_refers_to_itself() {
    let flake = "{ outputs = { self, nixpkgs }: let inherit (nixpkgs) lib; in {
        nixosModules.contract = import ./options.nix;
        nixosConfigurations = lib.mapAttrs' (file: _: {
          name = lib.removeSuffix \".nix\" file;
          value = lib.nixosSystem {
            modules = [ self.nixosModules.contract \"${self}/hosts/${file}\" ];
          };
        }) (builtins.readDir ./hosts);
      }; }";
    let host = service("jellyfin", 8096);
    let files = [("flake.nix", flake), ("options.nix", CONTRACT), ("hosts/nuc.nix", &host)];
    assert_eq!(summary(&files).0, ["nuc: jellyfin=8096"]);
}

#[test]
fn what_nix_cannot_evaluate_is_no_host_without_a_word() {
    let flake = "{ outputs = { nixpkgs, ... }: {
        nixosConfigurations.a = nixpkgs.lib.nixosSystem {
          modules = nixpkgs.lib.optionals { } [ ] ++ [ ./options.nix ];
        };
      }; }";
    let (hosts, findings) = summary(&[("flake.nix", flake), ("options.nix", CONTRACT)]);
    assert_eq!(hosts, [] as [&str; 0]);
    assert!(
        findings.iter().any(|it| it.contains("a set while a Boolean was expected")),
        "{findings:?}"
    );
}

#[test]
fn all_files_below_a_directory_of_the_flake_are_modules() {
    let flake = "{ outputs = { self, nixpkgs }: let inherit (nixpkgs) lib; in {
        nixosConfigurations.nuc = lib.nixosSystem {
          modules = lib.filter (lib.hasSuffix \".nix\") (lib.filesystem.listFilesRecursive \"${self}/modules\");
        };
      }; }";
    let jellyfin = service("jellyfin", 8096);
    let files = [
        ("flake.nix", flake),
        ("modules/options.nix", CONTRACT),
        ("modules/media/jellyfin.nix", &jellyfin),
    ];
    assert_eq!(summary(&files).0, ["nuc: jellyfin=8096"]);
}

#[test]
fn hosts_are_made_by_an_evaluation_with_assertions_of_its_own() {
    let hosts = |modules: &str| {
        let flake = format!(
            "{{ outputs = {{ nixpkgs, ... }}: let
                inherit (nixpkgs) lib;
                fleet = lib.evalModules {{ modules = [ {modules}
                  ({{ config, ... }}: {{
                    options.machines = lib.mkOption {{ type = lib.types.attrsOf lib.types.raw; }};
                    config.warnings = [ \"old\" ];
                    config.machines = lib.mkIf (config.warnings == [ \"old\" ] && config.assertions == [ ]) {{
                      a = lib.nixosSystem {{ modules = [ ./options.nix ./jellyfin.nix ]; }};
                    }};
                  }})
                ]; }};
              in {{ nixosConfigurations = fleet.config.machines; }}; }}"
        );
        let jellyfin = service("jellyfin", 8096);
        summary(&[("flake.nix", &flake), ("options.nix", CONTRACT), ("jellyfin.nix", &jellyfin)]).0
    };
    let known = ["a: jellyfin=8096"];
    assert_eq!(hosts("\"${nixpkgs}/nixos/modules/misc/assertions.nix\""), known);
    let twice = "(nixpkgs + \"/nixos/modules/misc/assertions.nix\")
        { imports = [ \"${nixpkgs}/nixos/modules/misc/assertions.nix\" ]; }";
    assert_eq!(hosts(twice), known);
    let lacking: [&str; 0] = [];
    assert_eq!(hosts("\"${nixpkgs}/nixos/modules/misc/meta.nix\""), lacking);
}

#[test]
fn hosts_that_are_not_known_make_no_finding_about_them() {
    let flake = "{ inputs.framework.url = \"github:x/framework\";
        outputs = inputs: inputs.framework.lib.mkHosts ./hosts; }";
    let (a, b) = (service("jellyfin", 1), service("sonarr", 1));
    let files =
        [("flake.nix", flake), ("options.nix", CONTRACT), ("hosts/a.nix", &a), ("hosts/b.nix", &b)];
    let analysis = analyse(&files);
    assert!(analysis.model.hosts.is_empty());
    let reason = &analysis.model.hosts_unknown.as_ref().unwrap().why.reason;
    assert!(reason.contains("framework.lib.mkHosts"), "{reason}");
    assert!(analysis.diagnostics.iter().all(|finding| finding.lint == "no-contract"));
}

#[test]
fn files_are_chosen_by_the_ends_of_their_paths() {
    let (a, b) = (service("jellyfin", 1), service("sonarr", 2));
    for is_module in [
        "hasSuffix \".nix\"",
        "(file: hasSuffix \"y.nix\" file || hasInfix \"sonarr.n\" (toString file))",
        "(file: hasSuffix \".nix\" \"${file}\" && !hasPrefix \"_\" (baseNameOf file))",
        "(file: !hasPrefix \"modules\" file && !hasSuffix \".md\" (toString file))",
    ] {
        let flake = format!(
            "{{ outputs = {{ self, nixpkgs }}: with nixpkgs.lib; {{ nixosConfigurations.a = nixosSystem {{
              modules = [ ./options.nix ]
                ++ filter ({is_module}) (filesystem.listFilesRecursive ./modules);
            }}; }}; }}"
        );
        let files = [
            ("flake.nix", &*flake),
            ("options.nix", CONTRACT),
            ("modules/jellyfin/jelly.nix", &a),
            ("modules/sonarr.nix", &b),
        ];
        let (hosts, _) = summary(&files);
        assert_eq!(hosts, ["a: jellyfin=1 sonarr=2"], "{is_module}");
    }
}

#[test]
fn the_lib_of_a_function_is_that_of_the_modules() {
    let flake = "{ outputs = { self, nixpkgs }: let
        lib = nixpkgs.lib.extend (final: prev: { my.port = 8096; });
        more = lib.extend (final: prev: { my.port = prev.my.port + 1; });
        modules = [ ./options.nix ({ lib, ... }: {
          qgroget.serviceModules.jellyfin = { enable = true; port = lib.my.port; };
        }) ];
      in { nixosConfigurations = {
        a = lib.nixosSystem { inherit modules; };
        b = nixpkgs.lib.nixosSystem { inherit lib modules; };
        c = nixpkgs.lib.nixosSystem { inherit modules; specialArgs = { inherit lib; }; };
        d = more.nixosSystem { inherit modules; };
      }; }; }";
    let (hosts, _) = summary(&[("flake.nix", flake), ("options.nix", CONTRACT)]);
    let ports = ["a: jellyfin=8096", "b: jellyfin=8096", "c: jellyfin=8096", "d: jellyfin=8097"];
    assert_eq!(hosts, ports);
}

#[test]
fn a_file_of_comments_is_an_error_where_a_host_reads_it() {
    let severity = |modules: &str| {
        let flake = format!(
            "{{ outputs = {{ nixpkgs, ... }}: {{
               nixosConfigurations.a = nixpkgs.lib.nixosSystem {{ modules = [ {modules} ]; }};
             }}; }}"
        );
        let blank = "# Later.\n/* { } */\n";
        let analysis = analyse(&[("flake.nix", &flake), ("later.nix", blank), ("b.nix", "{ }")]);
        let findings = analysis.diagnostics.iter().filter(|it| it.lint == "syntax-error");
        findings.map(|finding| finding.severity).collect::<Vec<_>>()
    };
    assert_eq!(severity("./b.nix"), [Severity::Warning]);
    assert_eq!(severity("./b.nix ./later.nix"), [Severity::Error]);
}

#[test]
fn one_mistake_on_several_hosts_is_one_finding() {
    let flake = "{ outputs = { nixpkgs, ... }: {
        nixosConfigurations = nixpkgs.lib.genAttrs [ \"a\" \"b\" \"c\" ] (_:
          nixpkgs.lib.nixosSystem { modules = [ ./options.nix ./jellyfin.nix ]; });
      }; }";
    let module = "{ qgroget.serviceModules.jellyfin = { enable = false; port = true; }; }";
    let files = [("flake.nix", flake), ("options.nix", CONTRACT), ("jellyfin.nix", module)];
    let analysis = analyse(&files);
    let [finding] = &analysis.diagnostics[..] else { panic!("{:#?}", analysis.diagnostics) };
    assert_eq!(finding.lint, "wrong-field-type");
    assert_eq!(finding.host.as_deref(), Some("a"));
    assert!(finding.notes.contains(&"Also on b, c".to_owned()), "{:?}", finding.notes);
}

/// The messages of what is found where a host imports these, and defines an option that `a.nix` declares.
fn importing(imports: &str) -> Vec<String> {
    let flake = "{ inputs.x.url = \"github:x/x\"; inputs.y.url = \"github:x/y\"; outputs = { nixpkgs, ... }@inputs: { nixosConfigurations.a =
        nixpkgs.lib.nixosSystem { specialArgs = { inherit inputs; }; modules = [ ./m.nix ]; }; }; }";
    let declares = |name: &str| format!("options.lab.{name} = lib.mkOption {{ default = 1; }};");
    let main = format!(
        "{{ lib, inputs, modulesPath, ... }}: {{ imports = {imports}; {}{} config.lab.own = 3; }}",
        declares("first"),
        declares("second"),
    );
    let own = format!("{{ lib, ... }}: {{ {} }}", declares("own"));
    let files = [("flake.nix", flake), ("m.nix", &*main), ("a.nix", &*own), ("b.nix", "{ }")];
    summary(&files).1.into_iter().filter(|message| message.contains("lab.own")).collect()
}

#[test]
fn a_module_of_the_repository_that_may_be_imported_may_declare_anything() {
    for imports in [
        "if inputs.x.y then [ ./a.nix ] else [ ]",
        "[ (if inputs.x.y then ./a.nix else ./b.nix) ]",
        "let some = if inputs.x.y then [ ./a.nix ] else [ ]; in some",
        "[ ] ++ (if inputs.x.y then [ ./a.nix ] else [ ])",
        "assert inputs.x.y; [ ./a.nix ]",
        "lib.unique [ inputs.x.y ./a.nix ]",
        "lib.optional inputs.x.y ./a.nix",
        "lib.remove inputs.x.y [ ./a.nix ]",
        "(lib.partition (it: inputs.x.y) [ ./a.nix ]).right",
        "builtins.filter (it: it != inputs.x.y) [ ./a.nix ]",
        "map (it: if inputs.x.y it then ./a.nix else ./b.nix) [ 1 ]",
        "lib.attrValues (lib.filterAttrs (_: it: inputs.x.y) { a = ./a.nix; })",
        "lib.take inputs.x.y [ ./a.nix ]",
        "[ (builtins.elemAt [ ./a.nix ] inputs.x.y) ]",
        "[ { a = ./a.nix; }.${inputs.x.y} ]",
        "[ (./. + \"/${inputs.x.y}.nix\") ]",
        "let it = import ./b.nix // { found = ./a.nix; }; in [ (inputs.x.wrap { imports = [ it.found ]; }) ]",
        "[ ({ ... }: if inputs.x.y then { imports = [ ./a.nix ]; } else { }) ]",
        "[ ({ ... }@args: (if inputs.x.y then import ./a.nix else import ./b.nix) args) ]",
        "[ (lib.mkRenamedOptionModule inputs.x.y [ \"lab\" \"first\" ]) ]",
        "lib.foldl (all: it: if inputs.x.y then all ++ [ it ] else all) [ ] [ ./a.nix ]",
    ] {
        assert_eq!(importing(imports), [] as [&str; 0], "{imports}");
    }
}

#[test]
fn a_module_that_is_not_known_whole_may_import_more() {
    let flake = "{ outputs = { nixpkgs, ... }@inputs: { nixosConfigurations.a =
        nixpkgs.lib.nixosSystem { specialArgs = { inherit inputs; }; modules = [ ./m.nix ]; }; }; }";
    let main = "{ lib, inputs, ... }: {
        options.lab.first = lib.mkOption { default = 1; };
        config.lab.own = 3;
      } // lib.optionalAttrs inputs.x.y { imports = [ ./a.nix ]; }";
    let own = "{ lib, ... }: { options.lab.own = lib.mkOption { default = 1; }; }";
    let (_, findings) = summary(&[("flake.nix", flake), ("m.nix", main), ("a.nix", own)]);
    assert!(!findings.iter().any(|message| message.contains("lab.own")), "{findings:?}");
}

#[test]
fn a_module_from_outside_declares_options_of_its_own() {
    for imports in [
        "[ inputs.x.y ./b.nix ]",
        "[ (inputs.x + \"/y.nix\") ]",
        "[ \"${modulesPath}/y.nix\" ]",
        "[ (import inputs.x) (import (inputs.x + \"/y.nix\") { }) ]",
        "map (name: inputs.${name}.nixosModules.default) [ \"x\" \"y\" ]",
        "[ ./b.nix ] ++ inputs.x.modules",
        "builtins.attrValues { inherit (inputs.x.modules) y; }",
        "[ ({ ... }: inputs.x.y) ({ config, ... }: inputs.x.make config) ]",
        "let y = inputs.x.${\"y\"}; in [ y (inputs.x.make { }) (inputs.x.z or { }) ]",
    ] {
        assert_eq!(importing(imports).len(), 1, "{imports}");
    }
}

#[test]
fn a_flake_has_the_inputs_that_it_declares_and_names() {
    let unknown = |outputs: &str| {
        let flake = format!("{{ inputs.other.url = \"x\"; outputs = {outputs}; }}");
        let analysis = analyse(&[("flake.nix", &flake), ("options.nix", CONTRACT)]);
        format!("{:?}", analysis.model.hosts_unknown)
    };
    // A pattern without an ellipsis takes what there is, and a name that is not declared adds an input.
    for outputs in [
        "{ self, other }: { nixosConfigurations = { }; }",
        "{ self, other, nixpkgs, more }: { nixosConfigurations = { }; }",
        "inputs: assert builtins.attrNames inputs == [ \"other\" \"self\" ]; { nixosConfigurations = { }; }",
        "inputs: assert inputs ? self && builtins.attrNames inputs.self.inputs == [ \"other\" ]; { }",
        "{ nixpkgs, ... }@inputs: assert inputs ? nixpkgs && !(inputs ? home-manager); { }",
    ] {
        assert_eq!(unknown(outputs), "None", "{outputs}");
    }
    for (outputs, problem) in [
        ("{ self }: { }", "called with unexpected argument 'other'"),
        ("inputs: { nixosConfigurations = inputs.nixpkgs.lib; }", "attribute 'nixpkgs' missing"),
    ] {
        assert!(unknown(outputs).contains(problem), "{outputs}");
    }
}

#[test]
fn without_a_flake_each_configuration_is_a_host() {
    let jellyfin = service("jellyfin", 8096);
    let nuc = "{ imports = [ ../common ./parts/configuration.nix ]; lab.other = 1; }";
    let files = [
        ("nuc/configuration.nix", nuc),
        ("nuc/parts/configuration.nix", "{ networking.hostName = \"nuc\"; }"),
        ("hosts/pi/configuration.nix", "{ imports = [ ./disk.nix ]; }"),
        ("common/default.nix", "{ lib, ... }: { options.lab.own = lib.mkEnableOption \"it\"; }"),
    ];
    let hosts = |files: &[(&str, &str)]| {
        let analysis = analyse(files);
        let hosts =
            analysis.model.hosts.iter().map(|host| host.name.as_deref().unwrap_or("-").to_owned());
        let findings = analysis.diagnostics.iter().map(|finding| finding.message.clone());
        (
            hosts.collect::<Vec<_>>(),
            findings.filter(|it| !it.contains("contract")).collect::<Vec<_>>(),
        )
    };
    let (found, findings) = hosts(&files);
    assert_eq!(found, ["hosts/pi", "nuc"]);
    let missing = "'hosts/pi/disk.nix' is imported, and does not exist";
    assert_eq!(findings, [missing, "Option 'lab.other' does not exist"]);
    assert_eq!(hosts(&[("configuration.nix", "{ }")]).0, ["-"]);
    // The flake says which hosts there are, as do the tables, and a contract.
    let flake = ("nuc/flake.nix", "{ outputs = _: { nixosConfigurations = { }; }; }");
    assert_eq!(hosts(&[files[0], files[1], flake]).0, [] as [&str; 0]);
    assert_eq!(hosts(&[files[0], ("flake.nix", "{ outputs = _: { }; }")]).0, [] as [&str; 0]);
    let contract = [
        files[2],
        ("a/configuration.nix", "{ imports = [ ../options.nix ../b.nix ]; }"),
        ("options.nix", CONTRACT),
        ("b.nix", &jellyfin),
    ];
    assert_eq!(summary(&contract).0, ["-: jellyfin=8096"]);
}
