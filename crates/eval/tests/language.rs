//! Expressions and the values that real Nix gives them.

mod support;

use nixpact_eval::Limits;

/// The printed value of `text` as the file `default.nix` beside `others`.
fn eval_with(text: &str, others: &[(&str, &str)]) -> String {
    let files = others.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    let files = files.chain([("default.nix".to_owned(), text.to_owned())]).collect();
    support::printed(files, Limits::default())
}

fn eval(text: &str) -> String {
    eval_with(text, &[])
}

#[test]
fn variables_are_lexical_and_lazy() {
    assert_eq!(eval("let a = 1; f = x: x + a; in let a = 10; in f a"), "11");
    assert_eq!(eval("let a = 1; in with { a = 2; b = 3; }; [ a b ]"), "[ 1 3 ]");
    assert_eq!(eval("with { a = 1; }; with { a = 2; }; a"), "2");
    assert_eq!(eval("let x = throw \"no\"; in { a = 1; b = x; }.a"), "1");
    assert_eq!(eval("rec { a = b; b = 2; inherit (c) d; c.d = a; }.d"), "2");
    assert_eq!(eval("({ a, b ? a + 1, ... }@all: [ a b all.c ]) { a = 1; c = 3; }"), "[ 1 2 3 ]");
    assert_eq!(eval("let { x = 4; body = x; }"), "4");
    assert_eq!(eval("let a = { inherit (rec { x = 1; y = x; }) x y; }; in a.x + a.y"), "2");
}

#[test]
fn unknown_parts_stay_where_they_are() {
    let unknown = "builtins.currentTime";
    assert_eq!(eval(&format!("false && {unknown} == 1")), "false");
    assert_eq!(eval(&format!("{unknown} == 1 && false")), "false");
    assert_eq!(eval(&format!("{{ a = 1; b = {unknown}; }}.a")), "1");
    assert_eq!(eval(&format!("builtins.elem 2 [ {unknown} 2 ]")), "true");
    assert_eq!(eval(&format!("\"a${{toString {unknown}}}\" == \"b\"")), "false");
    assert!(eval(&format!("\"a${{toString {unknown}}}\" == \"ab\"")).starts_with("«unknown"));
    assert_eq!(eval(&format!("({unknown} // {{ a = 1; }}).a")), "1");
    assert!(eval(&format!("({{ a = 1; }} // {unknown}).a")).starts_with("«unknown"));
}

#[test]
fn a_set_that_may_have_more_may_be_a_path_or_a_function() {
    let open = "({ a = 1; ${toString builtins.currentTime} = 2; })";
    for used in [
        format!("import {open}"),
        format!("builtins.readFile {open}"),
        format!("builtins.map {open} [ 1 ]"),
        format!("builtins.filter {open} [ 1 ]"),
        format!("builtins.foldl' {open} 1 [ 1 ]"),
        format!("{open} 1"),
        format!("\"${{{open}}}\""),
    ] {
        assert!(!eval(&used).contains("error"), "{used}: {}", eval(&used));
    }
    assert!(eval("import { a = 1; }").contains("error"));
    assert!(eval("builtins.filter { a = 1; } [ 1 ]").contains("error"));
}

#[test]
fn what_only_a_condition_decides_is_of_a_known_name() {
    let unknown = "builtins.currentTime == 1";
    for maybe in [
        format!("lib.optionalAttrs ({unknown}) {{ b = 2; }}"),
        format!("lib.filterAttrs (name: _: {unknown}) {{ b = 2; }}"),
        format!("lib.genAttrs (lib.optional ({unknown}) \"b\") (_: 2)"),
        format!(
            "builtins.listToAttrs (lib.flatten (lib.mapAttrsToList
              (name: value: lib.optional ({unknown}) {{ inherit name value; }}) {{ b = 2; }}))"
        ),
    ] {
        let whole = format!("({{ a = 1; b = 1; }} // {maybe})");
        let lib = "with import <nixpkgs/lib>; let lib = import <nixpkgs/lib>; in";
        assert_eq!(eval(&format!("{lib} {whole}.a")), "1", "{maybe}");
        assert_eq!(eval(&format!("{lib} {whole} ? c")), "false", "{maybe}");
        assert_eq!(eval(&format!("{lib} {whole}.c or 3")), "3", "{maybe}");
        assert!(eval(&format!("{lib} {whole}.b")).starts_with("«unknown"), "{maybe}");
        assert!(eval(&format!("{lib} ({maybe}) ? b")).starts_with("«unknown"), "{maybe}");
    }
}

#[test]
fn what_no_version_of_nix_has_built_in_is_of_the_scope_around() {
    assert_eq!(
        eval("with { mkIf = 1; head = 2; }; with builtins; [ mkIf (head [ 3 ]) ]"),
        "[ 1 3 ]"
    );
    // Some versions have these.
    let known = "«unknown: builtins.currentSystem is not known before the build»";
    assert_eq!(eval("with { currentSystem = 1; }; with builtins; currentSystem"), known);
    assert!(eval("with { outputOf = 1; }; with builtins; outputOf").starts_with("«unknown"));
    assert!(eval("with builtins; mkIf").starts_with("«unknown"));
    assert!(eval("builtins.mkIf or 1").starts_with("«unknown"));
}

#[test]
fn files_are_read_within_the_repository() {
    let others = [("lib/x.nix", "{ y = ../z; }"), ("z/default.nix", "{ v = 7; }")];
    assert_eq!(eval_with("(import (import ./lib/x.nix).y).v", &others), "7");
    assert_eq!(
        eval_with("builtins.attrNames (builtins.readDir ./.)", &others),
        "[ \"default.nix\" \"lib\" \"z\" ]"
    );
    assert!(eval_with("import ../outside.nix", &others).starts_with("«unknown"));
    assert!(eval_with("import ./none.nix", &others).starts_with("«unknown"));
}

#[test]
fn a_value_that_needs_itself_is_an_error() {
    let infinite = "error: infinite recursion encountered";
    assert_eq!(eval("let x = x + 1; in x"), infinite);
    assert_eq!(eval("rec { a = b; b = a; }"), infinite);
    assert_eq!(eval("({ x ? y, y ? x }: x) { }"), infinite);
    assert_eq!(eval("let a = { } // a; in a.foo"), infinite);
    assert_eq!(eval("let x = with x; y; in x"), infinite);
    assert_eq!(eval("(builtins.tryEval (let x = x; in x)).success"), infinite);
    // It would not be one if the unknown part were false, or of another length.
    let unknown = "builtins.currentTime";
    assert!(eval(&format!("let x = {unknown} == 1 && x; in x")).contains("unknown"));
    let lists = format!("let x = [ {unknown} x ] == [ 1 2 ]; in x");
    assert!(eval(&lists).contains("unknown"));
    // A function of `lib` may ask for more than that of nixpkgs would.
    assert!(!eval("let x = builtins.foldl' (a: b: x) 0 [ 1 ]; in x").contains("error"));
}

#[test]
fn hashes_are_converted() {
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let sri = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    let convert = |hash: &str, format: &str| {
        eval(&format!("builtins.convertHash {{ hash = \"{hash}\"; toHashFormat = \"{format}\"; }}"))
    };
    assert_eq!(convert(sri, "base16"), format!("\"{empty}\""));
    assert_eq!(convert(&format!("sha256:{empty}"), "sri"), format!("\"{sri}\""));
    let nix32 = "\"0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73\"";
    assert_eq!(convert(sri, "nix32"), nix32);
    assert_eq!(
        convert(nix32.trim_matches('"'), "base16"),
        "error: convertHash: the hash does not say its algorithm"
    );
}

#[test]
fn a_scoped_import_has_other_names() {
    let others = [("x.nix", "[ (map 1) y (with { y = 3; }; y) (let y = 4; in y) ]")];
    let scope = "{ map = x: x + 1; y = 2; }";
    assert_eq!(eval_with(&format!("scopedImport {scope} ./x.nix"), &others), "[ 2 2 2 4 ]");
}

#[test]
fn pipes_are_calls() {
    assert_eq!(eval("[ 1 2 ] |> map (x: x + 1) |> builtins.length"), "2");
    assert_eq!(eval("(x: x + 1) <| (x: x * 2) <| 3"), "7");
    assert_eq!(eval("throw \"not needed\" |> (x: 1)"), "1");
    assert_eq!(eval("1 + 1 |> (x: x * 10)"), "20");
    let refused = vec![("default.nix".to_owned(), "1 |> (x: x)".to_owned())];
    let message = support::with_value(refused, Limits::default(), |ev, value| {
        ev.set_pipe_operators(false);
        format!("{:?}", ev.force(value).err())
    });
    assert!(message.contains("pipe-operators"), "{message}");
}

#[test]
fn a_package_set_calls_functions_that_give_no_package() {
    let others = [
        (
            "lib.nix",
            "{ lib, hello, five ? 5, six ? 6 }: { a = lib.concatStrings [ \"x\" \"y\" ]; inherit five hello six; }",
        ),
        ("package.nix", "{ stdenv }: stdenv.mkDerivation { name = \"x\"; }"),
        ("part.nix", "{ stdenv }: stdenv.mkDerivation { name = \"x\"; } // { a = 1; }"),
        ("path.nix", "{ }: ./lib.nix"),
    ];
    let eval = |text: &str| eval_with(&format!("with import <nixpkgs> {{ }}; {text}"), &others);
    assert_eq!(eval("(callPackage ./lib.nix { }).a"), "\"xy\"");
    assert_eq!(eval("(pkgs.callPackage (import ./lib.nix) { six = 7; }).six"), "7");
    assert_eq!(
        eval("builtins.attrNames (callPackage ./lib.nix { })"),
        "[ \"a\" \"five\" \"hello\" \"override\" \"overrideDerivation\" \"six\" ]"
    );
    assert_eq!(eval("((callPackage ./lib.nix { }).override { five = 1; }).five"), "1");
    // Whether there is such a package is not known.
    assert!(eval("(callPackage ./lib.nix { }).five").starts_with("«unknown: <nixpkgs>.five"));
    assert!(eval("(callPackage ./lib.nix { }).hello").starts_with("«unknown: <nixpkgs>.hello"));
    assert_eq!(eval("callPackage ./path.nix { }"), "«repository»/lib.nix");
    // With more overlays it is a package set, too.
    assert_eq!(eval("((pkgs.extend (final: prev: { })).callPackage ./lib.nix { }).a"), "\"xy\"");
    assert_eq!(eval("((pkgs.appendOverlays [ ]).callPackage ./lib.nix { }).a"), "\"xy\"");
    assert!(eval("(pkgs.appendOverlays [ ]).hello").starts_with("«unknown: <nixpkgs>.hello"));
    for package in ["package", "part", "absent"] {
        let value = eval(&format!("callPackage ./{package}.nix {{ }}"));
        assert!(value.starts_with("«unknown: <nixpkgs>.callPackage comes from"), "{value}");
    }
}
