//! Whatever the input, the work is bounded, and what would exceed a limit is unknown.

mod support;

use std::fmt::Write as _;

use nixpact_eval::Limits;

fn eval(text: &str) -> String {
    few(Limits::default(), text)
}

fn few(limits: Limits, text: &str) -> String {
    support::printed(vec![("default.nix".to_owned(), text.to_owned())], limits)
}

#[test]
fn each_limit_can_be_chosen() {
    let limits = Limits::default();
    let count = "builtins.foldl' (a: b: a + b) 0 (builtins.genList (x: x) 1000)";
    assert_eq!(few(limits, count), "499500");
    assert!(few(Limits { steps: 1_000, ..limits }, count).contains("evaluation steps"));
    assert!(few(Limits { list: 999, ..limits }, count).contains("memory"));
    let nested = "let f = n: if n == 0 then 0 else 1 + f (n - 1); in f 50";
    assert_eq!(few(limits, nested), "50");
    assert!(few(Limits { depth: 100, ..limits }, nested).contains("evaluation depth"));
    let text = "let s = \"0123456789\"; in \"${s}${s}\"";
    assert_eq!(few(limits, text), "\"01234567890123456789\"");
    assert!(few(Limits { string: 15, ..limits }, text).contains("memory"));
    assert!(few(Limits { list: 3, ..limits }, "[ 1 2 ] ++ [ 3 4 ]").contains("memory"));
    let many = "let f = n: if n == 0 then [ ] else [ n ] ++ f (n - 1); in f 5000";
    assert!(few(Limits { memory: 1 << 20, ..limits }, many).contains("memory"));
}

#[test]
fn endless_calls_end() {
    assert!(eval("let f = x: f x; in f 1").contains("limit"));
    assert!(eval("let f = x: f (x + 1); in f 0").contains("limit"));
    assert!(eval("let f = x: [ (f x) ]; in f 1").contains('…'));
    assert!(
        eval("let f = n: { a = f (n + 1); b = f (n + 2); }; in builtins.deepSeq (f 0) 1")
            .contains("limit")
    );
}

#[test]
fn what_nix_may_refuse_decides_nothing() {
    for refused in ["(let f = x: f x; in f 1)", "(let b = builtins.seq 1 b; in b)"] {
        assert!(eval(&format!("{refused} -> true")).contains("unknown"), "{refused}");
        assert!(eval(&format!("{refused} || true")).contains("unknown"), "{refused}");
        assert!(eval(&format!("{refused} && false")).contains("unknown"), "{refused}");
    }
    assert_eq!(eval("builtins.pathExists /nowhere -> true"), "true");
}

#[test]
fn what_doubles_ends() {
    let double = |what: &str, first: &str| {
        format!("let f = n: s: if n == 0 then s else f (n - 1) (s {what} s); in f 60 {first}")
    };
    assert!(eval(&double("+", "\"ab\"")).contains("limit"));
    assert!(eval(&double("++", "[ 1 2 ]")).contains("limit"));
    assert!(eval("let f = s: f (s + s); in f \"ab\"").contains("limit"));
    let names = |n: i32| format!("a{} = \"${{a{n}}}${{a{n}}}\";", n + 1);
    let names: String = (0..60).map(names).collect();
    let text = eval(&format!("let a0 = \"x\"; {names} in a60"));
    assert!(text.contains("limit") && text.len() < 1 << 20);
    let pairs = "let f = n: if n == 0 then 1 else let x = f (n - 1); in [ x x ]; in f 60";
    assert!(few(Limits { string: 1 << 16, ..Limits::default() }, pairs).contains('…'));
    let json = format!("builtins.toJSON ({pairs})");
    assert!(few(Limits { string: 1 << 16, ..Limits::default() }, &json).contains("limit"));
    let xml = format!("builtins.toXML ({pairs})");
    assert!(few(Limits { string: 1 << 16, ..Limits::default() }, &xml).contains("limit"));
}

#[test]
fn a_large_file_is_evaluated() {
    let mut text = "[\n".to_owned();
    while text.len() < 10 << 20 {
        text.push_str("  { name = \"some name\"; value = [ 1 2 3 ]; }\n");
    }
    let count = text.lines().count() - 1;
    let files = vec![
        ("data.nix".to_owned(), text + "]\n"),
        ("default.nix".to_owned(), "builtins.length (import ./data.nix)".to_owned()),
    ];
    assert_eq!(support::printed(files, Limits::default()), count.to_string());
}

#[test]
fn a_hundred_thousand_attributes_are_read() {
    let mut text = "let s = {\n".to_owned();
    for n in 0..100_000 {
        writeln!(text, "a{n} = {n};").unwrap();
    }
    text.push_str("}; in [ s.a99999 (builtins.length (builtins.attrNames (s // { b = 1; }))) ]");
    assert_eq!(eval(&text), "[ 99999 100001 ]");
}

#[test]
fn deep_nesting_is_refused_or_read() {
    let lists = "[ ".repeat(20_000) + &"] ".repeat(20_000);
    assert!(eval(&lists).contains("unknown"));
    let concatenated = "a ++ ".repeat(5_000);
    assert_eq!(eval(&format!("let a = []; in {concatenated} a")), "[ ]");
}

#[test]
fn long_chains_end() {
    let applied = format!("let f = x: f; in builtins.seq (f {}) 1", "1 ".repeat(5_000));
    let applied = eval(&applied);
    assert!(applied == "1" || applied.contains("unknown"), "{applied:.200}");
    let selected = format!("let a = {{ b = a; c = 1; }}; in a{}.c", ".b".repeat(5_000));
    let selected = eval(&selected);
    assert!(selected == "1" || selected.contains("unknown"), "{selected:.200}");
}

#[test]
fn a_long_chain_of_imports_ends() {
    let mut files: Vec<_> = (0..1_000)
        .map(|n| (format!("f{n}.nix"), format!("{{ n = {n}; next = import ./f{}.nix; }}", n + 1)))
        .collect();
    files.push(("f1000.nix".to_owned(), "{ n = 1000; }".to_owned()));
    let last = "let go = x: if x ? next then go x.next else x.n; in go (import ./f0.nix)";
    files.push(("default.nix".to_owned(), last.to_owned()));
    assert_eq!(support::printed(files, Limits::default()), "1000");
    let strict: Vec<_> = (0..1_000)
        .map(|n| (format!("f{n}.nix"), format!("1 + import ./f{}.nix", n + 1)))
        .chain([
            ("f1000.nix".to_owned(), "0".to_owned()),
            ("default.nix".to_owned(), "import ./f0.nix".to_owned()),
        ])
        .collect();
    assert_eq!(support::printed(strict, Limits::default()), "1000");
}

#[test]
fn a_million_members_are_folded() {
    let fold = "builtins.foldl' (a: b: a + b) 0 (builtins.genList (x: x) 1000000)";
    assert_eq!(eval(fold), "499999500000");
}
