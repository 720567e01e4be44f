use nixpact_source::FileId;

use crate::{Ast, Expr, parse};

fn ast(text: &str) -> Ast {
    parse(FileId::new(0), text)
}

fn duplicates(text: &str) -> Vec<String> {
    let ast = ast(text);
    assert!(ast.errors.is_empty(), "{:?}", ast.errors);
    ast.duplicates.into_iter().map(|duplicate| duplicate.path).collect()
}

fn string(text: &str) -> String {
    let ast = ast(text);
    match ast.expr(ast.root) {
        Expr::Str(range) => ast.text(range).to_owned(),
        other => panic!("not a plain string: {other:?}"),
    }
}

#[test]
fn set_literals_merge_and_nothing_else_does() {
    assert!(duplicates("{ a.b = 1; a.c = 2; }").is_empty());
    assert!(duplicates("{ a = { b = 1; }; a = ({ c = 2; }); }").is_empty());
    assert!(duplicates("{ a = rec { b = 1; }; a.c = 2; }").is_empty());
    assert!(duplicates("{ a = { b.c = 1; }; a.b.d = 2; }").is_empty());
    assert!(duplicates("{ ${x} = 1; ${x} = 2; }").is_empty());
    assert_eq!(duplicates("{ a = 1; a = 1; }"), ["a"]);
    assert_eq!(duplicates("{ a.b = 1; a.b = 2; }"), ["a.b"]);
    assert_eq!(duplicates("{ a = { b = 1; }; a.b = 2; }"), ["a.b"]);
    assert_eq!(duplicates("{ a = { b = 1; }; a = { b = 2; }; }"), ["a.b"]);
    assert_eq!(duplicates("{ a = x; a.b = 2; }"), ["a"]);
    assert_eq!(duplicates("{ a = x // { }; a = { }; }"), ["a"]);
    assert_eq!(duplicates("{ inherit a; a = 1; }"), ["a"]);
    assert_eq!(duplicates("{ inherit (x) a; a.b = 1; }"), ["a"]);
    assert_eq!(duplicates("let a = 1; a = 2; in a"), ["a"]);
    assert_eq!(duplicates("{ ${(\"a\")} = 1; a = 2; }"), ["a"]);
}

#[test]
fn a_pattern_binds_a_name_once() {
    let found = |text: &str| -> Vec<(String, Option<String>)> {
        let ast = ast(text);
        assert!(ast.errors.is_empty(), "{:?}", ast.errors);
        let text = |span: nixpact_source::Span| text[span.range()].to_owned();
        let found = ast.duplicate_formals.into_iter();
        found.map(|it| (text(it.second), it.removal.map(text))).collect()
    };
    let pair = |name: &str, removal: Option<&str>| (name.to_owned(), removal.map(str::to_owned));
    assert_eq!(found("{ a, b, ... }@c: { a }: a"), []);
    assert_eq!(found("{ a, b, a }: a"), [pair("a", Some(", a"))]);
    assert_eq!(found("{ a , b ? { x = 1; }\n, a }: a"), [pair("a", Some("\n, a"))]);
    assert_eq!(found("{ a, a ? 1 }: a"), [pair("a", None)]);
    assert_eq!(found("{ a ? 1, a }: a"), [pair("a", None)]);
    assert_eq!(found("{ a, # here\n a }: a"), [pair("a", None)]);
    assert_eq!(found("{ a, a, a }: a"), [pair("a", Some(", a")), pair("a", Some(", a"))]);
    assert_eq!(found("a@{ b, a }: a"), [pair("a", None)]);
    assert_eq!(found("{ a }@a: a"), [pair("a", None)]);
    let many: String = (0..100).map(|n| format!("a{n}, ")).collect();
    assert_eq!(found(&format!("{{ {many} ... }}: 1")), []);
    assert_eq!(found(&format!("{{ {many} a7 }}: 1")), [pair("a7", Some(",  a7"))]);
}

#[test]
fn many_attributes_are_found_by_hash() {
    let bindings: String = (0..100).map(|n| format!("a{n} = {n};")).collect();
    assert!(duplicates(&format!("{{ {bindings} }}")).is_empty());
    assert_eq!(duplicates(&format!("{{ {bindings} a77 = 0; }}")), ["a77"]);
}

#[test]
fn indentation_is_stripped_as_nix_does() {
    assert_eq!(string("''\n  a\n    b\n  ''"), "a\n  b\n");
    assert_eq!(string("''  a''"), "a");
    assert_eq!(string("''\n    ''${x}\n  b''"), "  ${x}\nb");
    assert_eq!(string("'' '''' ''"), "''' ");
    assert_eq!(string("''a''\\nb''"), "a\nb");
    assert_eq!(string("''\n\n  a''"), "\na");
    assert_eq!(string("\"a\\n\\${x}$${y}\""), "a\n${x}$${y}");
}

#[test]
fn syntax_errors_leave_nothing_to_misread() {
    for text in ["{ a = ; b = 2; }", "{ a = 1", "(1]", "[ 1 )", "{ a = (1; }", "", "1 2 }"] {
        let ast = ast(text);
        assert!(!ast.errors.is_empty(), "{text:?} passes");
        assert!(matches!(ast.expr(ast.root), Expr::Broken));
    }
}

#[test]
fn the_names_of_let_are_not_computed() {
    for text in
        ["let ${x} = 1; in 2", "let a = 1; ${null} = 2; in a", "let ${\"a${x}\"}.b = 1; in 2"]
    {
        assert!(!ast(text).errors.is_empty(), "{text}");
    }
    for text in ["let ${\"a\"} = 1; in a", "let ${''a''} = 1; in a", "let a.${x} = 1; in a"] {
        assert!(ast(text).errors.is_empty(), "{text}");
    }
}

#[test]
fn names_of_newer_versions_are_bound() {
    for text in ["__warn", "__convertHash", "__readFileType", "break", "fetchTree"] {
        assert!(ast(text).undefined.is_empty(), "{text}");
    }
    assert_eq!(ast("__frobnicate").undefined.len(), 1);
}

#[test]
fn a_carriage_return_ends_a_comment() {
    let set = |text: &str| match ast(text) {
        ast if ast.errors.is_empty() => match ast.expr(ast.root) {
            Expr::Set(set) => ast.attributes(ast.set(set)).len(),
            other => panic!("not a set: {other:?}"),
        },
        ast => panic!("{:?}", ast.errors),
    };
    assert_eq!(set("{ a = 1; # one\r b = 2; # two\r # three\r c = 3; }"), 3);
    assert_eq!(set("{ a = 1; # one\r\n b = \"# x\r y\"; /* # \r */ }"), 2);
}

#[test]
fn depth_is_bounded() {
    let deep = std::thread::Builder::new().stack_size(crate::STACK_BYTES);
    let check = || {
        for (open, close, count) in
            [("[", "]", 200_000), ("!", "a", 200_000), ("a ++ ", "a", 200_000)]
        {
            let ast = ast(&(open.repeat(count) + &close.repeat(count)));
            assert!(!ast.errors.is_empty());
        }
        for (open, close, count) in [("[", "]", 9_000), ("!", "", 9_000), ("a ++ ", "", 9_000)] {
            let inner = if open == "[" { "" } else { "a" };
            ast(&(open.repeat(count) + inner + &close.repeat(count)));
        }
        assert!(ast(&format!("[{}]", "a.b (-1) ".repeat(30_000))).errors.is_empty());
    };
    deep.spawn(check).unwrap().join().unwrap();
}

#[test]
fn an_expression_takes_two_words() {
    assert!(size_of::<crate::Expr>() <= 16);
}

#[test]
fn what_takes_too_long_is_not_read() {
    let chains = ["a.a", "a<b", "1+1", "1-1", "a<a/b"];
    for chain in chains {
        let ast = ast(&format!("[ {} ]", chain.repeat(100_000)));
        assert!(ast.errors.iter().any(|error| error.is_limit), "{chain}");
    }
    // As long, but never looked at twice: a string of base64, a table, an ordinary chain.
    let data = "aGVsbG8gd29ybGQgaGVsbG8/".repeat(20_000);
    let table = "a.b.c = \"x.y.z\";\n".repeat(20_000);
    for text in [format!("\"{data}\""), format!("[ {{ {table} }} ]"), "a".repeat(400_000)] {
        assert!(ast(&text).errors.iter().all(|error| !error.is_limit), "{}", &text[..20]);
    }
}
