//! Expressions and the values that real Nix gives them.

use bumpalo::Bump;
use nixpact_eval::{Evaluator, Limits, STACK_BYTES, Stop, print};
use nixpact_source::{FileId, Sources};

/// The printed value of `text` as the file `default.nix` beside `others`.
fn eval_with(text: &str, others: &[(&str, &str)]) -> String {
    let files = others.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    let files: Vec<_> = files.chain([("default.nix".to_owned(), text.to_owned())]).collect();
    let run = move || {
        let sources = Sources::from_memory(files);
        let asts: Vec<_> = (0u32..)
            .zip(sources.files())
            .map(|(id, file)| nixpact_syntax::parse(FileId::new(id), &file.text))
            .collect();
        let arena = Bump::new();
        let evaluator = Evaluator::new(&arena, &sources, &asts, &[], Limits::default());
        let file = sources.id("default.nix").unwrap();
        match print(&evaluator, evaluator.file(file)) {
            Ok(text) => text,
            Err(Stop::Error(error)) => format!("error: {}", error.message),
            Err(Stop::Unknown(unknown)) => format!("unknown: {}", unknown.reason),
        }
    };
    std::thread::Builder::new().stack_size(STACK_BYTES).spawn(run).unwrap().join().unwrap()
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
fn work_is_bounded() {
    assert!(eval("let f = x: f (x + 1); in f 0").contains("limit"));
    assert!(eval("let x = x + 1; in x").contains("itself"));
    assert!(eval("let f = s: f (s + s); in f \"ab\"").contains("limit"));
    let chain = "a ++ ".repeat(5_000);
    assert!(!eval(&format!("let a = []; in {chain} a")).is_empty());
}

#[test]
fn strings_and_lists_do_not_grow_without_bound() {
    let double = |what: &str, first: &str| {
        format!("let f = n: s: if n == 0 then s else f (n - 1) (s {what} s); in f 60 {first}")
    };
    assert!(eval(&double("+", "\"ab\"")).contains("limit"));
    assert!(eval(&double("++", "[ 1 2 ]")).contains("limit"));
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
