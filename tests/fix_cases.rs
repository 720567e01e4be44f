//! Which texts a fix changes, and which it leaves alone.

use std::collections::BTreeMap;

use nixpact_diagnostics::{Applicability, Diagnostic, Severity};
use nixpact_engine::{Config, Fixed, Options};
use nixpact_source::Sources;
use pretty_assertions::assert_eq;

const SCHEMA: &str = "modules/server/options.nix";

fn fix(files: &[(&str, &str)], least: Applicability) -> Fixed {
    fix_with(files, least, &Options::default())
}

fn fix_with(files: &[(&str, &str)], least: Applicability, options: &Options) -> Fixed {
    let mut all: BTreeMap<String, String> =
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let contract = include_str!("../lints/standard_contract.nix");
    all.entry(SCHEMA.to_owned()).or_insert_with(|| contract.to_owned());
    let sources = Sources::from_memory(all);
    Fixed::of(sources, &Config::default(), options, least, &|_, _| true).unwrap()
}

fn text<'f>(fixed: &'f Fixed, path: &str) -> &'f str {
    let sources = &fixed.analysis.sources;
    &sources.file(sources.id(path).unwrap()).text
}

const A: &str = "modules/server/a/default.nix";
const B: &str = "modules/server/b/default.nix";

/// A service that lacks nothing but what `fields` add to it.
fn service(name: &str, fields: &str) -> String {
    format!(
        "{{ lib, ... }}: {{\n  qgroget.serviceModules.{name} = {{\n    enable = true;\n    \
         persistedData = [ ];\n    backupDirectories = [ ];\n    {fields}\n  }};\n}}\n"
    )
}

/// What becomes of the fields of a service, and of how many findings.
fn one(fields: &str, least: Applicability) -> (String, usize) {
    let before = service("a", fields);
    let fixed = fix(&[(A, &before)], least);
    let after = text(&fixed, A);
    let (head, tail) = before.split_once(fields).unwrap();
    let fields = after.strip_prefix(head).and_then(|rest| rest.strip_suffix(tail));
    (fields.expect("what is around the fields stays").to_owned(), fixed.findings)
}

#[track_caller]
fn becomes(fields: &str, expected: &str) {
    assert_eq!(one(fields, Applicability::Unsafe).0, expected);
}

#[track_caller]
fn stays(fields: &str) {
    assert_eq!(one(fields, Applicability::Unsafe), (fields.to_owned(), 0));
}

fn places(findings: &[Diagnostic]) -> Vec<&str> {
    findings.iter().map(|finding| finding.lint).collect()
}

// --- wrong-field-type ------------------------------------------------------------------------------

#[test]
fn a_number_loses_its_quotes() {
    becomes("port = \"81\"; # the port", "port = 81; # the port");
    becomes("port = lib.mkForce (/* why */ \"81\");", "port = lib.mkForce (/* why */ 81);");
    becomes("port = 81; exposed = \"true\";", "port = 81; exposed = true;");
}

#[test]
fn what_is_no_number_of_nix_or_none_that_fits_stays() {
    stays("port = \"081\";");
    stays("port = \"+81\";");
    stays("port = \"99999\";");
    stays("port = \"8\" + \"1\";");
    stays("port = \"8${toString 1}\";");
}

#[test]
fn a_value_that_more_than_the_field_may_use_is_not_safe_to_change() {
    let safe = |fields: &str| one(fields, Applicability::Safe).1;
    assert_eq!(safe("port = \"81\";"), 1);
    assert_eq!(safe("port = lib.mkIf true (lib.mkForce \"81\");"), 1);
    assert_eq!(safe("port = (x: x) \"81\";"), 0);
    assert_eq!(safe("port = (rec { a = \"81\"; b = a + \"\"; }).a;"), 0);
    // The value of a variable is not changed at all.
    let variable =
        "{ ... }: let p = \"81\"; in { qgroget.serviceModules.a.port = p; u = \"x:\" + p; }";
    assert_eq!(fix(&[(A, variable)], Applicability::Unsafe).findings, 0);
    // The set is let-bound: there may be other uses of it.
    let set = "{ ... }: let s = { port = \"81\"; }; in { qgroget.serviceModules.a = s; }";
    assert_eq!(fix(&[(A, set)], Applicability::Safe).findings, 0);
    assert_eq!(fix(&[(A, set)], Applicability::Unsafe).findings, 1);
}

#[test]
fn a_word_that_is_no_member_becomes_the_nearest_one() {
    becomes("port = 81; type = \"publik\";", "port = 81; type = \"public\";");
    assert_eq!(one("port = 81; type = \"publik\";", Applicability::Safe).1, 0);
    stays("port = 81; type = \"something\";");
    stays("port = 81; type = ''publik'';");
}

// --- unknown-field ---------------------------------------------------------------------------------

#[test]
fn a_field_is_renamed_wherever_it_is_written() {
    becomes("prt = 81;", "port = 81;");
    becomes("\"prt\" = 81;", "port = 81;");
    becomes("prt /* a */ # b\n = 81;", "port /* a */ # b\n = 81;");
    becomes(
        "port = 81; environmnt.a = \"1\"; environmnt.\"b c\" = \"2\";",
        "port = 81; environment.a = \"1\"; environment.\"b c\" = \"2\";",
    );
    becomes(
        "port = 81; environmnt = { a = \"1\"; }; environmnt.b = \"2\";",
        "port = 81; environment = { a = \"1\"; }; environment.b = \"2\";",
    );
}

#[test]
fn a_field_that_is_there_already_is_not_defined_twice() {
    stays("port = 81; prt = 82;");
}

#[test]
fn names_that_mean_something_else_too_stay() {
    let inherited = "{ ... }: let prt = 81; in { qgroget.serviceModules.a = { inherit prt; }; }";
    assert_eq!(fix(&[(A, inherited)], Applicability::Unsafe).findings, 0);
    let recursive = "{ ... }: { qgroget.serviceModules.a = rec { prt = 81; subdomain = \"x${toString prt}\"; }; }";
    assert_eq!(fix(&[(A, recursive)], Applicability::Unsafe).findings, 0);
    let computed = "{ ... }: { qgroget.serviceModules.a = builtins.listToAttrs [ { name = \"prt\"; value = 81; } ]; }";
    assert_eq!(fix(&[(A, computed)], Applicability::Unsafe).findings, 0);
}

#[test]
fn a_fix_after_which_another_error_comes_is_taken_back() {
    // Under its right name the value is of the wrong type.
    stays("port = 81; subdomai = 5;");
    // The other one is right all the same.
    becomes("port = 81; subdomai = 5; expsed = true;", "port = 81; subdomai = 5; exposed = true;");
}

// --- duplicate-port --------------------------------------------------------------------------------

#[test]
fn each_of_many_claimants_gets_a_port_of_its_own() {
    let files: Vec<(String, String)> = ["a", "b", "c", "d"]
        .map(|name| (format!("modules/server/{name}/default.nix"), service(name, "port = 80;")))
        .to_vec();
    let off = service("e", "port = 81;").replace("enable = true", "enable = false");
    let mut given: Vec<(&str, &str)> =
        files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    given.push(("modules/server/e/default.nix", &off));
    let fixed = fix(&given, Applicability::Unsafe);
    let ports: Vec<&str> = files
        .iter()
        .map(|(path, _)| {
            text(&fixed, path).split("port = ").nth(1).unwrap().split(';').next().unwrap()
        })
        .collect();
    assert_eq!(ports, ["80", "82", "83", "84"]);
    assert_eq!((fixed.findings, fixed.analysis.diagnostics.len()), (3, 0));
}

#[test]
fn a_number_that_is_not_the_port_of_one_service_alone_stays() {
    let both = "{ ... }: let port = 80; common = { enable = true; inherit port; persistedData = [ ]; \
                backupDirectories = [ ]; }; in { qgroget.serviceModules = { a = common; b = common; }; }";
    let fixed = fix(&[(A, both)], Applicability::Unsafe);
    assert_eq!((fixed.findings, places(&fixed.analysis.diagnostics)), (0, vec!["duplicate-port"]));
    let sum = fix(
        &[(A, &service("a", "port = 80;")), (B, &service("b", "port = 79 + 1;"))],
        Applicability::Unsafe,
    );
    assert_eq!((sum.findings, places(&sum.analysis.diagnostics)), (0, vec!["duplicate-port"]));
}

#[test]
fn there_is_no_port_after_the_last_one() {
    let fixed = fix(
        &[(A, &service("a", "port = 65535;")), (B, &service("b", "port = 65535;"))],
        Applicability::Unsafe,
    );
    assert_eq!(fixed.findings, 0);
}

#[test]
fn a_port_is_free_on_every_host_that_has_the_service() {
    let flake = "{ outputs = { nixpkgs, ... }: { nixosConfigurations = {
        one = nixpkgs.lib.nixosSystem { modules = [ ./modules/server/options.nix ./a.nix ./b.nix ]; };
        two = nixpkgs.lib.nixosSystem { modules = [ ./modules/server/options.nix ./a.nix ./b.nix ./c.nix ]; };
    }; }; }";
    let (a, b, c) =
        (service("a", "port = 80;"), service("b", "port = 80;"), service("c", "port = 81;"));
    let files = [("flake.nix", flake), ("a.nix", &*a), ("b.nix", &*b), ("c.nix", &*c)];
    let fixed = fix(&files, Applicability::Unsafe);
    assert!(text(&fixed, "b.nix").contains("port = 82;"), "{}", text(&fixed, "b.nix"));
    assert!(fixed.analysis.diagnostics.is_empty(), "{:?}", fixed.analysis.diagnostics);
    // Where only one host is looked at, the other one must not be broken.
    let options = Options { host: Some("one".to_owned()), ..Options::default() };
    let fixed = fix_with(&files, Applicability::Unsafe, &options);
    assert_eq!((fixed.findings, text(&fixed, "b.nix")), (0, &*b));
}

// --- unknown-middleware, undeclared-option and invalid-option ------------------------------------------------------

const MIDDLEWARES: (&str, &str) =
    ("modules/server/t/default.nix", "{ qgroget.traefik.middlewares.rate-limit = { }; }");

#[test]
fn a_middleware_becomes_the_nearest_one() {
    let before = service("a", "port = 80; middlewares = [ \"rate-limt\" \"x@file\" ];");
    let fixed = fix(&[(A, &before), MIDDLEWARES], Applicability::Unsafe);
    assert_eq!(text(&fixed, A), before.replace("\"rate-limt\"", "\"rate-limit\""));
    assert_eq!(fix(&[(A, &before), MIDDLEWARES], Applicability::Safe).findings, 0);
    let computed = service("a", "port = 80; middlewares = map (n: \"rate-\" + n) [ \"limt\" ];");
    let fixed = fix(&[(A, &computed), MIDDLEWARES], Applicability::Unsafe);
    let errors = fixed.analysis.diagnostics.iter().filter(|it| it.severity == Severity::Error);
    assert_eq!((fixed.findings, errors.count()), (0, 1));
}

#[test]
fn an_option_is_renamed_wherever_it_is_written() {
    let wrong =
        "{\n  qgroget.trefik.middlewares.a = { };\n  qgroget.\"trefik\".middlewares.b = { };\n}\n";
    let flake =
        "{ outputs = { nixpkgs, ... }: { nixosConfigurations.one = nixpkgs.lib.nixosSystem {
        modules = [ ./modules/server/options.nix ./modules/server/a ];
    }; }; }";
    let fixed = fix(&[("flake.nix", flake), (A, wrong)], Applicability::Unsafe);
    assert_eq!(
        text(&fixed, A),
        wrong.replace("\"trefik\"", "traefik").replace("trefik", "traefik")
    );
    assert!(fixed.analysis.diagnostics.is_empty(), "{:?}", fixed.analysis.diagnostics);
}

#[test]
fn an_argument_of_mk_option_is_spelled_as_it_is() {
    let option = |arguments: &str| {
        format!("{{ lib, ... }}: {{ options.qgroget.site = lib.mkOption {{ {arguments} }}; }}")
    };
    for (wrong, right) in [
        ("defalt = 1; example = 2;", "default = 1; example = 2;"),
        ("default = 1; \"typ\" = lib.types.int;", "default = 1; type = lib.types.int;"),
        ("default = 1; apply_ = x: x;", "default = 1; apply = x: x;"),
    ] {
        let fixed = fix(&[(A, &option(wrong))], Applicability::Unsafe);
        assert_eq!((text(&fixed, A), fixed.findings), (&*option(right), 1));
        assert_eq!(fix(&[(A, &option(wrong))], Applicability::Safe).findings, 0);
    }
    // The nearest one is there already; nothing is near.
    for wrong in ["default = 1; defaul = 2;", "default = 1; required = true;"] {
        assert_eq!(fix(&[(A, &option(wrong))], Applicability::Unsafe).findings, 0);
    }
}

// --- all of them -----------------------------------------------------------------------------------

#[test]
fn one_text_of_several_services_is_fixed_once() {
    let helper = "{ ... }: let mk = port: { enable = true; inherit port; persistedData = [ ]; \
                  backupDirectores = [ ]; }; in { qgroget.serviceModules = { a = mk 80; b = mk 81; }; }";
    let fixed = fix(&[(A, helper)], Applicability::Unsafe);
    assert_eq!(text(&fixed, A), helper.replace("backupDirectores", "backupDirectories"));
    assert_eq!((fixed.findings, fixed.analysis.diagnostics.len()), (2, 0));
}

#[test]
fn a_suppression_that_nothing_needs_is_removed() {
    let before = service(
        "a",
        "# nixpact: allow(unknown-field) -- old\n    port = \"80\"; # nixpact: allow(wrong-field-type, duplicate-port) -- later",
    );
    let fixed = fix(&[(A, &before)], Applicability::Safe);
    // The finding is suppressed, and so not fixed.
    let expected = before
        .replace("# nixpact: allow(unknown-field) -- old\n    ", "")
        .replace(", duplicate-port", "");
    assert_eq!(text(&fixed, A), expected);
    assert_eq!(places(&fixed.analysis.diagnostics), Vec::<&str>::new());
    assert_eq!(places(&fixed.analysis.suppressed), ["wrong-field-type"]);
}

#[test]
fn files_that_do_not_parse_are_left_alone() {
    let broken = service("b", "port = 80; prt = ;");
    let fixed = fix(&[(A, &service("a", "port = \"80\";")), (B, &broken)], Applicability::Unsafe);
    assert_eq!(text(&fixed, B), broken);
    assert_eq!(fixed.findings, 1);
}

#[test]
fn a_missing_field_is_shown_where_it_could_stand() {
    let text = "{\r\n  qgroget.serviceModules.a = {\r\n    enable = true;\r\n    port = 80;\r\n  };\r\n}\r\n";
    let fixed = fix(&[(A, text)], Applicability::DisplayOnly);
    assert_eq!(
        (fixed.findings, text_of_first_fix(&fixed)),
        (0, text.replace("    port", "    backupDirectories = [ \"…\" ];\r\n    port",))
    );
    // There is no line for another binding.
    let dotted = "{ qgroget.serviceModules.a.enable = true; qgroget.serviceModules.a.port = 80; }";
    let fixed = fix(&[(A, dotted)], Applicability::DisplayOnly);
    assert!(fixed.analysis.diagnostics.iter().all(|finding| finding.fix.is_none()));
}

/// The file of the first finding, as its fix would have it.
fn text_of_first_fix(fixed: &Fixed) -> String {
    let [edit] = &fixed.analysis.diagnostics[0].fix.as_ref().unwrap().edits[..] else { panic!() };
    let text = &fixed.analysis.sources.file(edit.span.file).text;
    let (before, after) = (&text[..edit.span.start as usize], &text[edit.span.end as usize..]);
    [before, &edit.text, after].concat()
}
