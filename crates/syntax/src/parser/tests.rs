//! That the [parser](super) reads what rnix reads.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::sample::select;

use super::read;
use crate::line_ends;
use crate::tree::Tree;

/// Compares the two; whether the text is read.
fn is_read(text: &str) -> bool {
    let parse = rnix::Root::parse(&line_ends::ended(text));
    let Some(tree) = read(text, Tree::default()) else { return false };
    assert!(parse.errors().is_empty(), "{text:?}: {:?}", parse.errors());
    assert!(tree == Tree::from_rnix(&parse.syntax()), "another tree: {text:?}");
    true
}

fn is_right(text: &str) -> bool {
    rnix::Root::parse(&line_ends::ended(text)).errors().is_empty()
}

/// A line for each of the constructs, and for what their tokens can be taken for.
const TEXTS: &str = include_str!("texts.txt");

#[test]
fn every_construct() {
    let mut unread = Vec::new();
    for text in TEXTS.lines() {
        if !is_read(text) && is_right(text) {
            unread.push(text);
        }
    }
    // rnix takes anything for a closing parenthesis, and an interpolation or path behind a path for a part
    // of it.
    let odd = ["( a", "( a ]", "( a /* )", "[ ./a ${b} ]", "[ ./a${b}~/c ]"];
    unread.retain(|text| !odd.contains(text));
    assert!(unread.is_empty(), "{unread:#?}");
}

#[test]
fn line_ends_and_blanks() {
    for text in [
        "a\r\nb",
        "a\tb",
        "a # b\rc # d\r\n",
        "a # b\r\r\n#\rc",
        "# a\r\nb",
        "''\r\n a\r\n''",
        "a\u{b}b",
        "a\u{c}b",
        "\n\na\n\n",
    ] {
        assert!(is_read(text), "{text:?}");
    }
    for text in ["a\u{a0}b", "\u{feff}a", "a\0", "ä", "a/\u{2003}b"] {
        is_read(text);
    }
}

#[test]
fn depth() {
    for depth in [250, 509, 510, 511, 512, 513] {
        for (open, close) in [("(", ")"), ("{ a = ", "; }"), ("a: ", ""), ("\"${", "}\"")] {
            let text = open.repeat(depth) + "a" + &close.repeat(depth);
            assert_eq!(is_read(&text), is_right(&text), "{depth} {open:?}");
        }
    }
}

fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => files(&path, found),
            Ok(kind) if kind.is_file() && path.extension().is_some_and(|it| it == "nix") => {
                found.push(path);
            }
            _ => {}
        }
    }
}

fn fixtures() -> Vec<String> {
    let mut paths = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../test-flakes"), &mut paths);
    paths.sort();
    paths.iter().filter_map(|path| std::fs::read_to_string(path).ok()).collect()
}

#[test]
fn every_file_of_the_test_flakes() {
    let texts = fixtures();
    assert!(texts.len() > 50, "{}", texts.len());
    for text in texts {
        assert_eq!(is_read(&text), is_right(&text), "{text}");
    }
}

/// Repositories in the directory that `NIXPACT_TREES` names.
#[test]
fn every_file_of_more_repositories() {
    let Some(root) = std::env::var_os("NIXPACT_TREES") else { return };
    let mut paths = Vec::new();
    files(Path::new(&root), &mut paths);
    let mut unread = Vec::new();
    for path in &paths {
        let Ok(text) = std::fs::read_to_string(path) else { continue };
        if crate::guard::refused(nixpact_source::FileId::new(0), &text).is_some() {
            continue;
        }
        if !is_read(&text) && is_right(&text) {
            unread.push(path);
        }
    }
    assert!(!paths.is_empty());
    assert!(unread.is_empty(), "{unread:#?}");
}

const WORDS: &[&str] = &[
    "a",
    "b",
    "or",
    "rec",
    "let",
    "in",
    "if",
    "then",
    "else",
    "with",
    "assert",
    "inherit",
    "...",
    ".",
    "..",
    "/",
    "//",
    "./",
    "../",
    "~/",
    "~",
    "<",
    ">",
    "<=",
    ">=",
    "<|",
    "|>",
    "|",
    "||",
    "&&",
    "&",
    "==",
    "=",
    "!=",
    "!",
    "+",
    "++",
    "-",
    "->",
    "*",
    "?",
    "@",
    ":",
    ";",
    ",",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "${",
    "$",
    "$$",
    "\"",
    "''",
    "'",
    "\\",
    "#",
    "/*",
    "*/",
    "\n",
    " ",
    "\t",
    "\r\n",
    "\r",
    "0",
    "1",
    "01",
    "1.",
    ".5",
    "e5",
    "1.5e-3",
    "_",
    "a_b",
    "a-b",
    "a'b",
    "http://x",
    "x:y",
    "./a",
    "/a",
    "a/b",
    "<a>",
    "<a/b>",
    "__curPos",
    "ä",
    "\u{a0}",
    "{ }:",
    "{ a }:",
    "a:",
    "a@{",
    "}@a:",
    "{ a = 1; }",
    "a.b",
    "a.b or",
    "\"a\"",
    "''a''",
    "\"${a}\"",
    "let a = 1; in",
    "with a;",
    "inherit (a) b;",
    "a = 1;",
    "{ ... }:",
];

/// Texts that are right, by and large: an expression of the constructs.
fn expression() -> impl Strategy<Value = String> {
    let leaf = select(
        &[
            "a",
            "b.c",
            "1",
            "1.5",
            "\"s\"",
            "''t''",
            "./p",
            "/p/q",
            "~/p",
            "<n>",
            "h:p",
            "[ ]",
            "{ }",
            "rec { }",
            "__curPos",
            "\"${a}b\"",
            "''\n  a ${b}\n''",
            "./${a}/b",
            "a/b",
            ".5",
            "or",
        ][..],
    )
    .prop_map(str::to_owned);
    leaf.prop_recursive(5, 40, 3, |inner| {
        let operators = select(
            &[
                "+", "-", "*", "/", "++", "//", "==", "!=", "<", ">", "<=", ">=", "&&", "||", "->",
                "|>", "<|", "", " ", ".", "?", " or ", ". a or ", "\n", " # c\n", "/* c */", "@",
                ":",
            ][..],
        );
        let frames = select(
            &[
                ("(", ")"),
                ("!", ""),
                ("-", ""),
                ("[ ", " ]"),
                ("{ a = ", "; }"),
                ("a: ", ""),
                ("a:", ""),
                ("{ a, b ? ", " }: a"),
                ("{ a ? ", ", ... }@b: a"),
                ("\"x${", "}y\""),
                ("''x${", "}y''"),
                ("let a = ", "; in a"),
                ("with ", "; a"),
                ("assert ", "; a"),
                ("if ", " then a else b"),
                ("if a then b else ", ""),
                ("{ inherit (", ") a b; }"),
                ("rec { a.\"b\".${", "}.c = d; }"),
                ("./a/${", "}"),
                ("a.${", "}"),
                ("a.b or ", ""),
                ("let { body = ", "; }"),
                ("f ", " x"),
                ("x @ { y ? ", "}: z"),
            ][..],
        );
        prop_oneof![
            (inner.clone(), operators, inner.clone()).prop_map(|(a, op, b)| a + op + &b),
            (frames, inner).prop_map(|((open, close), inner)| format!("{open}{inner}{close}")),
        ]
    })
}

fn config() -> ProptestConfig {
    let given = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok());
    ProptestConfig { cases: given.unwrap_or(4_000), ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn whatever_tokens(words in prop::collection::vec(select(WORDS), 0..14)) {
        is_read(&words.concat());
        is_read(&words.join(" "));
    }

    #[test]
    fn expressions(text in expression()) {
        let is_odd = text.contains("~/p") || text.contains("./${") || text.contains("./a/${");
        prop_assert!(is_read(&text) || is_odd || !is_right(&text), "not read: {text:?}");
    }
}

#[test]
fn damaged_files() {
    let mut runner = proptest::test_runner::TestRunner::new(config());
    let texts = fixtures();
    let cases = (0..texts.len(), any::<prop::sample::Index>(), 0..12_usize, select(WORDS));
    let damage = |(file, at, length, word): (usize, prop::sample::Index, usize, &str)| {
        let text: &str = &texts[file];
        let at = text.floor_char_boundary(at.index(text.len() + 1));
        let end = text.ceil_char_boundary(at + length).min(text.len());
        is_read(&[&text[..at], word, &text[end..]].concat());
        Ok(())
    };
    runner.run(&cases, damage).unwrap();
}
