//! `nixpact config` and `nixpact eval`, as a person runs them.
#![allow(clippy::disallowed_methods, reason = "the tests run the program")]

use std::path::Path;
use std::process::{Command, Output};

use pretty_assertions::assert_eq;
use serde_json::{Value, json};

const HOMELAB: &str = "test-flakes/homelab";

fn nixpact(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nixpact"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .output()
        .unwrap()
}

/// Standard output of a run that must succeed.
fn stdout(arguments: &[&str]) -> String {
    let output = nixpact(arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// Exit status and standard error of a run that must fail.
fn failure(arguments: &[&str]) -> (Option<i32>, String) {
    let output = nixpact(arguments);
    assert!(output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stdout));
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

fn expected(option: &str) -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(HOMELAB);
    let path = root.join(format!("expected/{option}.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn an_option_is_computed_through_the_repositorys_own_collector() {
    for option in ["qgroget.databaseConfig", "qgroget.server"] {
        let text = stdout(&["config", option, "--root", HOMELAB, "--format", "json"]);
        let document: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(document["hosts"][0]["host"], json!("Server"));
        assert_eq!(document["hosts"][0]["value"], expected(option), "{option}");
    }
}

#[test]
fn a_trace_says_which_definition_won() {
    let option = "qgroget.serviceModules.qbittorrent.port";
    let text = stdout(&["config", option, "--root", HOMELAB, "--trace"]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "8090");
    assert!(lines[1].starts_with("hosts/Server/settings.nix:"), "{text}");
    assert!(lines[1].ends_with("priority 50, counts: 8090"), "{text}");
    assert!(lines[2].ends_with("priority 100, overridden: 8080"), "{text}");
    assert_eq!(lines.len(), 3);
}

#[test]
fn a_quoted_segment_is_one_name() {
    let option = "environment.persistence.\"/persist\".hideMounts";
    let (code, stderr) = failure(&["config", option, "--root", HOMELAB, "--host", "Nobody"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("there is no host 'Nobody'; the hosts are Server"), "{stderr}");
    let text = stdout(&["config", "environment.persistence.\"/persist\"", "--root", HOMELAB]);
    assert!(text.contains("directories = ["), "{text}");
}

#[test]
fn without_hosts_it_says_why_there_are_none() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().to_str().unwrap();
    let flake = directory.path().join("flake.nix");
    for (outputs, reason) in [
        ("fleet.lib.mkHosts { }", "the hosts are not known: fleet.lib.mkHosts comes from outside"),
        ("{ }", "the repository has no host whose options could be read"),
    ] {
        std::fs::write(&flake, format!("{{ outputs = {{ fleet, ... }}: {outputs}; }}")).unwrap();
        let (code, stderr) = failure(&["config", "services", "--root", root]);
        assert_eq!(code, Some(2), "{stderr}");
        assert!(stderr.contains(reason) && stderr.contains("under [hosts.NAME]"), "{stderr}");
        assert_eq!(stderr.contains("--input lock"), outputs != "{ }", "{stderr}");
        // Where they are read already it would tell nothing more.
        let lock = r#"{ "nodes": { "root": { } }, "root": "root", "version": 7 }"#;
        std::fs::write(directory.path().join("flake.lock"), lock).unwrap();
        let (_, stderr) = failure(&["config", "services", "--root", root, "--input", "lock"]);
        assert!(stderr.contains(reason) && !stderr.contains("--input lock"), "{stderr}");
        assert!(!stdout(&["check", root, "--input", "lock"]).contains("--input lock"));
    }
}

#[test]
fn where_the_root_has_no_flake_it_names_those_below() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().to_str().unwrap();
    let hosts = "{ outputs = { nixpkgs, ... }: { nixosConfigurations.one = nixpkgs.lib.nixosSystem { }; }; }";
    for (path, text) in [("nix/flake.nix", hosts), ("shell/flake.nix", "{ outputs = _: { }; }")] {
        let path = directory.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let (code, stderr) = failure(&["config", "services", "--root", root]);
    assert_eq!(code, Some(2), "{stderr}");
    assert!(stderr.contains("the flake in nix has hosts: name it with --root"), "{stderr}");
    let text = stdout(&["check", root]);
    let note = "a flake with hosts is in nix: check that directory";
    assert!(text.contains(note) && !text.contains("shell"), "{text}");
    // The root's own says what the hosts are.
    std::fs::write(directory.path().join("flake.nix"), "{ outputs = _: { }; }").unwrap();
    assert!(!stdout(&["check", root]).contains("a flake with hosts"));
    assert!(failure(&["config", "services", "--root", root]).1.contains("no host whose options"));
}

#[test]
fn what_is_no_option_is_an_error() {
    let (code, stderr) = failure(&["config", "qgroget.serviceModule", "--root", HOMELAB]);
    assert_eq!(code, Some(1));
    assert!(stderr.contains("'qgroget.serviceModule' is neither declared nor defined"), "{stderr}");
    let (code, stderr) = failure(&["config", "a b", "--root", HOMELAB]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("'a b' is no attribute path"), "{stderr}");
}

#[test]
fn values_are_printed_as_nix_prints_them() {
    let eval = |expr: &str| stdout(&["eval", "--expr", expr, "--root", HOMELAB]);
    assert_eq!(eval("{ b = 1.5; a = [ \"x\" null ]; }"), "{ a = [ \"x\" null ]; b = 1.5; }\n");
    assert_eq!(eval("x: x"), "<LAMBDA>\n");
    assert_eq!(
        eval("[ 1 builtins.currentTime ]"),
        "[ 1 «unknown: builtins.currentTime is not known before the build» ]\n"
    );
    assert_eq!(eval("(import ./flake.nix).inputs.disko.url"), "\"github:nix-community/disko\"\n");
}

#[test]
fn files_arguments_and_attributes_are_chosen() {
    let attr = ["eval", "flake.nix", "--attr", "inputs.disko.url", "--root", HOMELAB];
    assert_eq!(stdout(&attr), "\"github:nix-community/disko\"\n");
    let attr = ["eval", "./modules/server/_template/", "--attr", "a", "--root", HOMELAB];
    assert_eq!(failure(&attr).0, Some(1));
    let place = ["config", "qgroget.backups.bazarr.paths.1", "--root", HOMELAB];
    assert_eq!(stdout(&place), "\"/var/lib/containers/data/bazarr/config\"\n");
    let inner = ["eval", "--expr", "{ f = { b ? 1 }: [ b { c = 2; } ]; }", "--attr"];
    assert_eq!(stdout(&[&inner[..], &["f.1.c"]].concat()), "2\n");
    assert_eq!(stdout(&[&inner[..], &["f.0", "--arg", "b", "3"]].concat()), "3\n");
    assert_eq!(stdout(&[&inner[..], &["f.0", "--arg", "c", "3"]].concat()), "1\n");
    let (code, stderr) = failure(&[&inner[..], &["f.2"]].concat());
    assert_eq!(code, Some(1));
    assert!(stderr.contains("list index 2 is out of range"), "{stderr}");
    let call = ["eval", "--expr", "{ a, b ? a }: a + b", "--arg", "a", "20 + 1"];
    assert_eq!(stdout(&call), "42\n");
    assert_eq!(stdout(&["eval", "--expr", "-1 + 2"]), "1\n");
    assert_eq!(stdout(&["eval", "--expr", "{ a }: a", "--arg", "a", "-3"]), "-3\n");
    let json = ["eval", "--expr", "[ 1 builtins.currentTime ]", "--format", "json"];
    let value: Value = serde_json::from_str(&stdout(&json)).unwrap();
    assert_eq!(value[0], json!(1));
    assert_eq!(value[1]["$unknown"], json!("builtins.currentTime is not known before the build"));
}

#[test]
fn json_is_what_nix_makes_of_a_value() {
    let eval = |expr: &str| -> Value {
        let text = stdout(&["eval", "--expr", expr, "--format", "json", "--root", HOMELAB]);
        serde_json::from_str(&text).unwrap()
    };
    let long = eval("builtins.genList (x: x) 5000");
    assert_eq!(long.as_array().map(Vec::len), Some(5000));
    assert_eq!(long[4999], json!(4999));
    let deep = eval("let f = n: if n == 0 then [ ] else { a = f (n - 1); }; in f 60");
    assert_eq!(deep.pointer(&"/a".repeat(60)), Some(&json!([])));
    assert_eq!(eval("{ a.outPath = \"/x\"; a.b = 1; }"), json!({ "a": "/x" }));
    // Whatever else it has is not looked at.
    let open = "{ outPath = \"/x\"; b = throw \"no\"; ${(import <nixpkgs> { }).name} = 1; }";
    assert!(eval(open)["$unknown"].is_string());
    assert_eq!(eval("{ __toString = self: \"a${self.b}\"; b = \"c\"; }"), json!("ac"));
    assert_eq!(eval("let a.b = a; in a"), json!({ "b": { "$unknown": "the value holds itself" } }));
    assert_eq!(eval("[ ./flake.nix (x: x) ]"), json!(["flake.nix", { "$function": true }]));
}

#[test]
fn services_and_config_write_the_same_values() {
    let read = |arguments: &[&str]| -> Value {
        let rest = ["--format", "json", "--root", HOMELAB];
        serde_json::from_str(&stdout(&[arguments, &rest].concat())).unwrap()
    };
    let config = read(&["config", "qgroget.serviceModules"]);
    let services = read(&["services"]);
    let mut compared = 0;
    for service in services["services"].as_array().unwrap() {
        let name = service["service"].as_str().unwrap();
        let own = &config["hosts"][0]["value"][name];
        for (field, found) in service["fields"].as_object().unwrap() {
            // A field without a value has none in the set, or none that is known.
            if let (Some(own), false) = (own.get(field), found["value"].is_null()) {
                assert_eq!(found["value"], *own, "{name}.{field}");
                compared += 1;
            }
        }
    }
    assert!(compared > 200, "{compared}");
}

#[test]
fn a_value_that_repeats_its_parts_is_cut() {
    let doubled = "let d = n: x: if n == 0 then x else d (n - 1) [ x x ]; in d 60 1";
    let text = stdout(&["eval", "--expr", doubled, "--format", "json"]);
    assert!(text.len() < 16 << 20, "{}", text.len());
    assert!(text.contains("the value is too long"));
    // A long name counts wherever it stands.
    let named = "let n = lib.concatStrings (lib.replicate 100000 \"0123456789\"); s.${n} = 1; \
                 lib = import <nixpkgs/lib>; in lib.replicate 100 s";
    let text = stdout(&["eval", "--expr", named, "--format", "json"]);
    assert!(text.len() < 20 << 20, "{}", text.len());
}

#[test]
fn arguments_of_an_evaluation_that_are_of_another_type_are_an_error() {
    let evaluated = |arguments: &str| {
        failure(&[
            "eval",
            "--expr",
            &format!("((import <nixpkgs/lib>).evalModules {arguments}).config"),
        ])
    };
    let (code, stderr) = evaluated("{ modules = \"a\"; }");
    assert_eq!(code, Some(1));
    assert!(stderr.contains("value is a string while a list was expected"), "{stderr}");
    let (code, stderr) = evaluated("{ modules = [ ]; specialArgs = [ ]; }");
    assert_eq!(code, Some(1));
    assert!(stderr.contains("value is a list while a set was expected"), "{stderr}");
}

#[test]
fn an_error_of_nix_has_a_place_and_a_status() {
    let (code, stderr) = failure(&["eval", "--expr", "{ a = throw \"no\"; }.a"]);
    assert_eq!(code, Some(1));
    let lines: Vec<&str> = stderr.lines().map(str::trim_start).collect();
    let throw = ["while calling the 'throw' builtin", "at «expression»:1:7"];
    let attribute = ["while evaluating the attribute 'a'", "at «expression»:1:1"];
    let first = ["error: no", "at «expression»:1:7"];
    assert_eq!(lines, [first, throw, attribute].concat());
    let (code, stderr) = failure(&["eval", "--expr", "{ a = ; }"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("«expression»: syntax error"), "{stderr}");
    for (text, refused) in [
        (
            "{ a = 1; b = 2; a = 3; }",
            "error: attribute 'a' already defined\n  at «expression»:1:17\n",
        ),
        ("{ x, x }: 1", "error: duplicate formal function argument 'x'\n  at «expression»:1:6\n"),
        ("x: y", "error: undefined variable 'y'\n  at «expression»:1:4\n"),
    ] {
        assert_eq!(failure(&["eval", "--expr", text]), (Some(1), refused.to_owned()));
    }
    let (code, stderr) = failure(&["eval", "none.nix"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("none.nix: no such .nix file"), "{stderr}");
}

#[test]
fn what_is_not_known_is_followed_to_its_first_cause() {
    let text = "let f = x: { a = [ 1 (x + builtins.currentTime) ]; }; in f 2";
    let output = nixpact(&["eval", "--expr", text, "--explain-unknown"]);
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "the value.a[1] is not known\n  \
         «expression»:1:23: it is `x + builtins.currentTime`\n  \
         «expression»:1:27: because builtins.currentTime is not known before the build\n"
    );
    let option = "qgroget.serviceModules.jellyfin.persistedData";
    let root = ["--root", "test-flakes/homelab"];
    let output = nixpact(&[&["config", option, "--explain-unknown"], &root[..]].concat());
    let text = String::from_utf8(output.stderr).unwrap();
    let jellyfin = "modules/server/media/jellyfin/default.nix";
    assert_eq!(
        text,
        format!(
            "{option}[0].directory on Server is not known\n  \
             {jellyfin}:23:25: it is `dataDir`\n  \
             {jellyfin}:8:38: because the option services.jellyfin.dataDir is declared outside of \
             the repository\n"
        )
    );
    let report = stdout(&["check", "test-flakes/homelab", "--explain-unknown"]);
    assert!(report.contains(&text), "{report}");
}

#[test]
fn services_are_those_of_the_whole_repository() {
    let (code, stderr) = failure(&["services", "--root", HOMELAB, "test-flakes/homelab/modules"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("leave out PATH beside --root"), "{stderr}");
}

#[test]
fn limits_can_be_chosen() {
    let directory = tempfile::tempdir().unwrap();
    let text = "[limits]\nsteps = 200\nstring = 10\nlist = 5\ndepth = 30\n";
    std::fs::write(directory.path().join("nixpact.toml"), text).unwrap();
    std::fs::write(directory.path().join("default.nix"), "1").unwrap();
    let root = directory.path().to_str().unwrap();
    let value = |expression: &str| stdout(&["eval", "--root", root, "--expr", expression]);
    assert_eq!(value("1 + 1"), "2\n");
    for (expression, reason) in [
        ("builtins.foldl' builtins.add 0 (builtins.genList (x: x) 4)", "6"),
        ("builtins.length (builtins.genList (x: x) 6)", "memory"),
        ("\"123456\" + \"123456\"", "memory"),
        ("let f = n: if n == 0 then 0 else 1 + f (n - 1); in f 100", "depth"),
        ("let f = n: if n == 0 then 0 else f (n - 1); in f 100000", "the limit on"),
    ] {
        assert!(value(expression).contains(reason), "{expression}: {}", value(expression));
    }
}

/// In a namespace an option is there whatever its conditions.
#[test]
fn a_member_of_a_set_of_nixos_is_there_when_a_definition_counts() {
    let host = "{ config, lib, pkgs, ... }: {
        environment.etc = {
          no = lib.mkIf false { text = \"a\"; };
          none = lib.mkMerge [ ];
          perhaps = lib.mkIf pkgs.lab { text = \"a\"; };
          yes = lib.mkMerge [ (lib.mkIf false { }) (lib.mkIf true { text = \"a\"; }) ];
        };
        environment.memoryAllocator = lib.mkIf false { provider = \"libc\"; };
        system.found = lib.attrNames config.environment.etc;
        system.options = config.environment ? memoryAllocator;
      }";
    let reason = "the option system.found is declared outside of the repository";
    assert_eq!(of_host(host, "system.found"), json!(["yes", { "$unknown": reason }]));
    assert_eq!(of_host(host, "system.options"), json!(true));
}

/// A flake with one host of one module, and the value of one of its options.
fn of_host(module: &str, option: &str) -> Value {
    let flake = "{ outputs = { nixpkgs, ... }: {
        nixosConfigurations.a = nixpkgs.lib.nixosSystem { modules = [ ./host.nix ]; }; }; }";
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in [("flake.nix", flake), ("host.nix", module)] {
        std::fs::write(directory.path().join(name), text).unwrap();
    }
    let root = directory.path().to_str().unwrap();
    let found = stdout(&["config", option, "--root", root, "--format", "json"]);
    let found: Value = serde_json::from_str(&found).unwrap();
    found["hosts"][0]["value"].clone()
}

#[test]
fn one_option_of_a_namespace_of_nixos_may_decide_about_another() {
    let module = "{ config, lib, ... }: {
        options.lab.word = lib.mkOption { default = \"none\"; };
        config = lib.mkMerge [
          { networking.hostName = \"a\"; }
          (lib.mkIf (config.networking.hostName == \"a\") {
            networking.domain = \"example.org\";
            lab.word = config.networking.domain;
          })
          { networking = lib.mkIf (config.networking.hostName == \"b\") { useDHCP = false; }; }
        ];
      }";
    assert_eq!(of_host(module, "lab.word"), json!("example.org"));
}

#[test]
fn an_apply_alone_is_added_to_an_option_of_nixos() {
    let module = |more: &str| {
        format!(
            "{{ lib, ... }}: {{
              options.warnings = lib.mkOption {{ apply = lib.filter (it: it != \"a\"); {more} }};
              config.warnings = [ \"a\" \"b\" ];
            }}"
        )
    };
    let reason = "the option warnings is declared outside of the repository";
    let found = of_host(&module(""), "warnings");
    assert_eq!(found, json!(["b", { "$unknown": reason }]));
    let whole = "type = lib.types.listOf lib.types.str; description = \"Warnings.\";";
    assert_eq!(of_host(&module(whole), "warnings"), json!(["b"]));
}

/// It stands for what the flake's input nixpkgs does: the native `lib`, and packages of which little is known.
#[test]
fn nixpkgs_of_the_search_path_has_the_native_lib() {
    let eval = |expression| {
        stdout(&["eval", "--root", HOMELAB, "--expr", expression]).trim_end().to_owned()
    };
    assert_eq!(eval("with import <nixpkgs/lib>; concatStrings [ \"a\" \"b\" ]"), "\"ab\"");
    assert_eq!(eval("(import <nixpkgs> { }).lib.toUpper \"a\""), "\"A\"");
    assert_eq!(
        eval("[ (import <nixpkgs> { }).hello <nixpkgs/lib> (import <nixpkgs/nixos> { }) ]"),
        "[ «unknown: <nixpkgs>.hello comes from outside of the repository» \
         «unknown: <nixpkgs/lib> comes from outside of the repository» \
         «unknown: <nixpkgs>/nixos/default.nix comes from outside of the repository» ]"
    );
}

#[test]
fn names_of_lib_come_from_around_a_group_of_it() {
    let eval = |groups: &str, expression: &str| {
        let expression =
            format!("let lib = import <nixpkgs/lib>; in with lib; {groups} {expression}");
        stdout(&["eval", "--expr", &expression])
    };
    let groups = "with lib.attrsets; with lib.strings; with lib.options; with lib.trivial;";
    assert_eq!(eval(groups, "(mkIf true 1).content + length (optional true 2)"), "2\n");
    // No version has a type of that name.
    assert_eq!(eval("with { mkPort = 3; }; with lib; with types;", "mkPort"), "3\n");
    assert!(eval("with { fileset = 3; }; with lib.types;", "fileset").starts_with("«unknown"));
    // Which may have its own by that name.
    assert_eq!(eval("with lib.path;", "hasPrefix /a /a/b"), "true\n");
    assert!(eval("with lib.fileset;", "unionAll").starts_with("«unknown"));
    assert!(eval("with lib.options;", "mkIfEver").starts_with("«unknown"));
}

#[test]
fn the_beginning_of_a_version_may_decide() {
    let eval = |expression: &str| {
        let expression = format!(
            "let inherit (import <nixpkgs/lib>) versionAtLeast versionOlder; v = x: x + builtins.currentSystem;
            in {expression}"
        );
        stdout(&["eval", "--expr", &expression])
    };
    for known in [
        "versionAtLeast (v \"26.05\") \"25.11\"",
        "versionOlder (v \"25.11\") \"26.05\"",
        "versionOlder \"25.11\" (v \"26.\")",
        "builtins.compareVersions (v \"1.2-\") \"1.1\" == 1",
        "builtins.compareVersions (v \"1.pre.\") \"1.0\" == -1",
    ] {
        assert_eq!(eval(known), "true\n", "{known}");
    }
    for unknown in [
        "versionAtLeast (v \"26.05\") \"26.05\"",
        "versionAtLeast (v \"26.05\") \"26.11\"",
        "versionAtLeast (v \"26.05.\") \"26.05\"",
        "versionOlder (v \"\") \"1\"",
    ] {
        assert!(eval(unknown).starts_with("«unknown"), "{unknown}");
    }
}

#[test]
fn the_name_of_the_repositorys_own_copy_is_not_known() {
    let eval = |expression: &str| {
        let expression = format!("with import <nixpkgs/lib>; {expression}");
        stdout(&["eval", "--root", HOMELAB, "--expr", &expression])
    };
    assert_eq!(eval("hasSuffix \"-server\" \"${./modules/server}\""), "true\n");
    for suffix in ["-", "x"] {
        let ends = eval(&format!("hasSuffix \"{suffix}\" \"${{./.}}\""));
        assert!(ends.starts_with("«unknown"), "{ends}");
    }
}

#[test]
fn a_path_that_is_not_there_is_not_copied() {
    let eval = |expression: &str| stdout(&["eval", "--root", HOMELAB, "--expr", expression]);
    assert_eq!(eval("\"${./flake.nix}\""), "\"«repository»/flake.nix\"\n");
    assert_eq!(eval("toString ./nowhere.nix"), "\"«repository»/nowhere.nix\"\n");
    let missing = "«unknown: nowhere.nix is no file of the repository»";
    assert_eq!(eval("\"${./nowhere.nix}\""), format!("\"{missing}\"\n"));
    assert_eq!(eval("import \"${./nowhere.nix}\""), format!("{missing}\n"));
}
