use super::*;

fn shown(way: &Way) -> String {
    let steps = way.steps.iter().map(|step| match step {
        Step::Name(name) => name.clone(),
        Step::Dynamic => "${}".to_owned(),
        Step::Element => "[]".to_owned(),
    });
    let path = steps.collect::<Vec<_>>().join(".");
    let path = if way.is_argument { format!("argument {path}") } else { path };
    if way.is_local { format!("local {path}") } else { path }
}

/// The cursor is at `|`.
fn at(text: &str) -> String {
    let at = text.find('|').unwrap();
    let text = text.replacen('|', "", 1);
    let Some(found) = cursor(&text, at as u32) else { return "nothing".to_owned() };
    let word = &text[found.word.0 as usize..found.word.1 as usize];
    let place = match found.place {
        Place::Name => "name".to_owned(),
        Place::Value(names) => format!("value {}", names.join(".")),
        Place::Text => "text".to_owned(),
    };
    format!("{}: {} '{word}'", shown(&found.way), place.trim())
}

#[test]
fn names() {
    assert_eq!(at("{ config, ... }: { a.b = { c = 1; | }; }"), "a.b: name ''");
    assert_eq!(at("{ a.b = { c = 1; po|\n d = 2; }; }"), "a.b: name 'po'");
    assert_eq!(at("{ a.b.|\n d = 2; }"), "a.b: name ''");
    assert_eq!(at("{ a.\"b c\".x|; }"), "a.b c: name 'x'");
    assert_eq!(at("{ a = lib.mkIf c { b = lib.mkMerge [ { x| } ]; }; }"), "a.b: name 'x'");
    assert_eq!(at("{ a = [ { n| } ]; }"), "a.[]: name 'n'");
    assert_eq!(at("{ a = with lib; assert true; { b| }; }"), "a: name 'b'");
    assert_eq!(at("with lib; { b| }"), ": name 'b'");
    assert_eq!(at("let x = { y| }; in { }"), "local x: name 'y'");
    assert_eq!(at("let x = 1; in { y = 2; z| }"), ": name 'z'");
    assert_eq!(at("{ a = f (n: { p| }); }"), "local : name 'p'");
}

#[test]
fn values() {
    assert_eq!(at("{ a.b = |; }"), "a.b: value ''");
    assert_eq!(at("{ a.b = tr|\n c = 1; }"), "a.b: value 'tr'");
    assert_eq!(at("{ a = lib.mkDefault config.x.y| ; }"), "a: value config.x 'y'");
    assert_eq!(at("{ a = config.x.| ; }"), "a: value config.x ''");
    assert_eq!(at("{ a = [ \"x\" \"y|\" ]; }"), "a.[]: text 'y'");
    assert_eq!(at("{ a = [ \"|"), "a.[]: text ''");
    assert_eq!(at("{ a = config.sops.\"b/c|\".path; }"), "a: value config.sops 'b/c'");
    assert_eq!(at("{ port = 80|80; }"), "port: value '80'");
    assert_eq!(at("{ port = # x|\n 80; }"), "nothing");
    let nested = at("{ a = '' ${config.s.\"b|\"} ''; }");
    assert_eq!(nested, "local : value config.s 'b'");
    assert_eq!(at("{ a = \"${x|}\"; }"), "local : value 'x'");
    assert_eq!(at("{ a = { b = 1; }; c = \"${d}\"; e|; }"), ": name 'e'");
    assert_eq!(at("{ inherit (x) a|; }"), "nothing");
}

#[test]
fn arguments() {
    assert_eq!(at("{ a = f { b = { c| }; }; }"), "argument a.b: name 'c'");
    assert_eq!(at("{ a = x.f \"n\" { c| }; }"), "argument a: name 'c'");
    assert_eq!(at("{ a = (import ./f.nix) { c| }; }"), "argument a: name 'c'");
    assert_eq!(at("{ a = f (g // { c| }); }"), "argument a: name 'c'");
    assert_eq!(at("{ a = lib.mkMerge [ (f { b = 1; }) { c| } ]; }"), "a: name 'c'");
    assert_eq!(at("{ a = mkIf f.x { c| }; }"), "a: name 'c'");
    assert_eq!(at("{ a = f x // { c| }; }"), "a: name 'c'");
    assert_eq!(at("{ a = if f x then { c| } else 1; }"), "a: name 'c'");
    assert_eq!(at("{ a = [ f { c| } ]; }"), "a.[]: name 'c'");
    assert_eq!(at("{ a = f x; b = { c| }; }"), "b: name 'c'");
    assert_eq!(at("{ x, y }: let z = f x; in { c| }"), ": name 'c'");
    assert_eq!(at("{ a = let z = f x; in { c| }; }"), "a: name 'c'");
    assert_eq!(at("{ a = assert f x; { c| }; }"), "a: name 'c'");
}

#[test]
fn a_missing_semicolon_costs_one_binding() {
    let text = "{ a = 1\n b.c = { d = 2; };\n inherit (x) y;\n}";
    let found = outline(text);
    let paths: Vec<String> = found.bindings.iter().map(|it| shown(&it.way)).collect();
    assert_eq!(paths, ["a", "b.c.d", "b.c", "y"]);
    let spans: Vec<&str> = found
        .bindings
        .iter()
        .map(|it| text[it.span.0 as usize..it.span.1 as usize].trim())
        .collect();
    assert_eq!(spans, ["a = 1", "d = 2;", "b.c = { d = 2; };", "y"]);
}

#[test]
fn selections_and_texts() {
    let found = outline("{ a = config.b.\"c\".d + f.g; imports = [ ./x.nix ]; t = [ \"u\" ]; }");
    let names: Vec<String> = found
        .selections
        .iter()
        .map(|it| it.names.iter().map(|(n, _)| n.as_str()).collect::<Vec<_>>().join("."))
        .collect();
    assert_eq!(names, ["config.b.c.d", "f.g"]);
    assert_eq!(found.paths.len(), 1);
    assert_eq!(shown(&found.texts[0].way), "t.[]");
}

#[test]
fn a_carriage_return_ends_a_comment() {
    let text = "{ # a\r b = 1; # c\r }";
    let found = outline(text);
    let paths: Vec<String> = found.bindings.iter().map(|it| shown(&it.way)).collect();
    assert_eq!(paths, ["b"]);
    assert!(cursor(text, 7).is_some() && cursor(text, 5).is_none());
}

#[test]
fn any_text_is_read() {
    for text in ["", "}", "]]]", "in in", "\"", "''${", "{ a = ${", "((((", "= = =", "{ . . ; }"] {
        outline(text);
        for at in 0..=text.len() as u32 + 2 {
            cursor(text, at);
        }
    }
}
