use nixpact_diagnostics::{Diagnostic, Severity};
use nixpact_render::{Format, Style};
use nixpact_source::{Sources, Span};
use snapbox::{assert_data_eq, str};

use crate::{COLORED, PLAIN, no_contract, port_conflict, rendered, sources, span, two_services};

fn human(sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    rendered(Format::Human, PLAIN, sources, diagnostics)
}

fn warning() -> Diagnostic {
    Diagnostic::new("a-lint", Severity::Warning, "Something may happen")
}

#[test]
fn two_files() {
    let sources = two_services();
    assert_data_eq!(
        human(&sources, &[port_conflict(&sources)]),
        str![[r#"
error[duplicate-port]: Port 8080 conflict between 'jellyfin' and 'sonarr'
  ┌─ modules/server/arrs/sonarr/default.nix:4:12
  │
4 │     port = 8080;
  │            ^^^^ 'sonarr' claims it here
  │
  ┌─ modules/server/media/jellyfin/default.nix:3:42
  │
3 │   qgroget.serviceModules.jellyfin.port = 8080;
  │                                          ---- 'jellyfin' already has it
  │
  = Fix: qgroget.serviceModules.sonarr.port = 8081;
  = help: nixpact explain duplicate-port


"#]]
    );
}

#[test]
fn several_labels_in_one_file() {
    let sources =
        sources(&[("a.nix", "{\n  a = { port = 80; host = \"x\"; };\n\n\n\n  b.port = 80;\n}\n")]);
    let diagnostic = warning()
        .primary(span(&sources, "a.nix", "80"), "this one")
        .secondary(span(&sources, "a.nix", "\"x\""), "on this address")
        .secondary(span(&sources, "a.nix", "port"), "")
        .secondary(span(&sources, "a.nix", "b.port"), "the other");
    assert_data_eq!(
        human(&sources, &[diagnostic]),
        str![[r#"
warning[a-lint]: Something may happen
  ┌─ a.nix:2:16
  │
2 │   a = { port = 80; host = "x"; };
  │         ----   ^^         --- on this address
  │                │
  │                this one
  ·
6 │   b.port = 80;
  │   ------ the other
  │
  = help: nixpact explain a-lint


"#]]
    );
}

#[test]
fn several_lines() {
    let text = "{\n  a = {\n    b = 1;\n    c = 2;\n    d = 3;\n    e = 4;\n    f = 5;\n    g = 6;\n  };\n}\n";
    let sources = sources(&[("a.nix", text)]);
    let whole = span(&sources, "a.nix", &text[text.find("{\n    b").unwrap()..text.len() - 4]);
    let diagnostic = warning()
        .primary(whole, "this set")
        .secondary(span(&sources, "a.nix", "c = 2"), "has this");
    assert_data_eq!(
        human(&sources, &[diagnostic]),
        str![[r#"
warning[a-lint]: Something may happen
  ┌─ a.nix:2:7
  │
2 │     a = {
  │ ╭───────^
3 │ │     b = 1;
4 │ │     c = 2;
  │ │     ----- has this
5 │ │     d = 3;
  · │
8 │ │     g = 6;
9 │ │   };
  │ ╰───^ this set
  │
  = help: nixpact explain a-lint


"#]]
    );
}

#[test]
fn wide_and_combining_characters_and_tabs() {
    let text = "{\n\t名前 = \"🎬e\u{301}\";\tport = 8080; # 界\n}\n";
    let sources = sources(&[("モジュール/a.nix", text)]);
    let at = |part| span(&sources, "モジュール/a.nix", part);
    let diagnostic = warning()
        .primary(at("8080"), "ポート")
        .secondary(at("名前"), "名前")
        .secondary(at("\"🎬e\u{301}\""), "🎬");
    assert_data_eq!(
        human(&sources, &[diagnostic]),
        str![[r#"
warning[a-lint]: Something may happen
  ┌─ モジュール/a.nix:2:21
  │
2 │     名前 = "🎬é";   port = 8080; # 界
  │     ----   -----           ^^^^ ポート
  │     │      │
  │     │      🎬
  │     名前
  │
  = help: nixpact explain a-lint


"#]]
    );
}

#[test]
fn carriage_returns() {
    let sources = sources(&[("a.nix", "{\r\n  port = 80;\r\n  b = 1;\r\n}\r\n")]);
    let one = warning().primary(span(&sources, "a.nix", "80"), "here");
    let to_the_end_of_the_line = warning().primary(span(&sources, "a.nix", "80;\r\n"), "here");
    let lines = warning().primary(span(&sources, "a.nix", "80;\r\n  b"), "here");
    let shown = human(&sources, &[one, to_the_end_of_the_line, lines]);
    assert!(!shown.contains('\r'));
    assert_data_eq!(
        shown,
        str![[r#"
warning[a-lint]: Something may happen
  ┌─ a.nix:2:10
  │
2 │   port = 80;
  │          ^^ here
  │
  = help: nixpact explain a-lint

warning[a-lint]: Something may happen
  ┌─ a.nix:2:10
  │
2 │   port = 80;
  │          ^^^ here
  │
  = help: nixpact explain a-lint

warning[a-lint]: Something may happen
  ┌─ a.nix:2:10
  │
2 │     port = 80;
  │ ╭──────────^
3 │ │   b = 1;
  │ ╰───^ here
  │
  = help: nixpact explain a-lint


"#]]
    );
}

#[test]
fn the_end_of_a_file() {
    let sources = sources(&[("a.nix", ""), ("b.nix", "{ a = 1;"), ("c.nix", "{\n")]);
    let end = |path: &str| {
        let id = sources.id(path).unwrap();
        let end = sources.file(id).text.len() as u32;
        warning().primary(Span::new(id, end, end), "the file ends here")
    };
    assert_data_eq!(
        human(&sources, &[end("a.nix"), end("b.nix"), end("c.nix")]),
        str![[r#"
warning[a-lint]: Something may happen
  ┌─ a.nix:1:1
  │
1 │
  │ ^ the file ends here
  │
  = help: nixpact explain a-lint

warning[a-lint]: Something may happen
  ┌─ b.nix:1:9
  │
1 │ { a = 1;
  │         ^ the file ends here
  │
  = help: nixpact explain a-lint

warning[a-lint]: Something may happen
  ┌─ c.nix:2:1
  │
2 │
  │ ^ the file ends here
  │
  = help: nixpact explain a-lint


"#]]
    );
}

#[test]
fn the_repository_as_a_whole() {
    assert_data_eq!(
        human(&sources(&[]), &[no_contract()]),
        str![[r#"
note[no-contract]: No option declares a service contract
 = Only the lints about Nix itself were run
 = help: nixpact explain no-contract


"#]]
    );
}

#[test]
fn a_note_of_several_lines() {
    let sources = sources(&[("a.nix", "{ }")]);
    let diagnostic = warning()
        .primary(span(&sources, "a.nix", "{ }"), "")
        .note("Fix: qgroget.serviceModules.sonarr = {\n  port = 8081;\n};");
    assert_data_eq!(
        human(&sources, &[diagnostic]),
        str![[r#"
warning[a-lint]: Something may happen
  ┌─ a.nix:1:1
  │
1 │ { }
  │ ^^^
  │
  = Fix: qgroget.serviceModules.sonarr = {
      port = 8081;
    };
  = help: nixpact explain a-lint


"#]]
    );
}

#[test]
fn terminal_commands_in_the_repository() {
    let sources = sources(&[("a\u{1b}[2J.nix", "{ a = \"\u{1b}[31m\u{202e}x\"; b = 80; }")]);
    let diagnostic = Diagnostic::new("a-lint", Severity::Error, "in\u{1b}[0m\nname")
        .primary(span(&sources, "a\u{1b}[2J.nix", "80"), "of\r\n\u{9b}m")
        .note("a\u{7}\nb");
    assert_data_eq!(
        human(&sources, &[diagnostic]),
        str![[r#"
error[a-lint]: in?[0m name
  ┌─ a?[2J.nix:1:22
  │
1 │ { a = "?[31m�x"; b = 80; }
  │                      ^^ of ¿m
  │
  = a?
    b
  = help: nixpact explain a-lint


"#]]
    );
}

#[test]
fn a_long_line_is_cut_around_what_it_is_about() {
    let words = "lorem ipsum ".repeat(300);
    let text = format!("{{\n  a = \"{words}\"; 界 = 80; b = \"{words}\"; c = 80;\n}}\n");
    let sources = sources(&[("a.nix", &text)]);
    let first = span(&sources, "a.nix", "80");
    let last = text.rfind("80").unwrap() as u32;
    let diagnostic = warning()
        .primary(first, "claims it")
        .secondary(Span::new(first.file, last, last + 2), "claims it, too")
        .secondary(span(&sources, "a.nix", "a ="), "here");
    let style = Style { width: 80, ..PLAIN };
    let text = rendered(Format::Human, style, &sources, &[diagnostic]);
    let line = text.lines().find(|line| line.starts_with("2 │")).unwrap();
    assert!(line.chars().count() < 80, "{text}");
    assert_data_eq!(
        text,
        str![[r#"
warning[a-lint]: Something may happen
  ┌─ a.nix:2:3615
  │
2 │   a = "lorem ipsum …ipsum "; 界 = 80; b = "lorem i… ipsum "; c = 80;
  │   ---                             ^^                             -- claims it, too
  │   │                               │
  │   │                               claims it
  │   here
  │
  = help: nixpact explain a-lint


"#]]
    );
}

#[test]
fn a_long_line_inside_of_a_label_is_cut() {
    let words = "lorem ipsum ".repeat(300);
    let text = format!("{{\n  a = {{\n    b = \"{words}\";\n\t\tc = \"名前{words}\";\n  }};\n}}\n");
    let sources = sources(&[("a.nix", &text)]);
    let set = text.find("{\n    b").unwrap() as u32;
    let end = text.find("}").unwrap() as u32 + 1;
    let label = Span::new(sources.id("a.nix").unwrap(), set, end);
    let style = Style { width: 60, ..PLAIN };
    let text = rendered(Format::Human, style, &sources, &[warning().primary(label, "this set")]);
    assert_data_eq!(
        text,
        str![[r#"
warning[a-lint]: Something may happen
  ┌─ a.nix:2:7
  │
2 │     a = {
  │ ╭───────^
3 │ │     b = "lorem ipsum lorem ipsum lorem ipsum lorem…
4 │ │         c = "名前lorem ipsum lorem ipsum lorem ips…
5 │ │   };
  │ ╰───^ this set
  │
  = help: nixpact explain a-lint


"#]]
    );
}

#[test]
fn a_file_is_a_link_where_the_terminal_knows_links() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../test-flakes/homelab-broken");
    let sources = Sources::load(root.as_ref(), |_| false).unwrap();
    let path = "hosts/Server/settings.nix";
    let diagnostic = warning().primary(span(&sources, path, "8080"), "here");
    let style = Style { hyperlinks: true, ..PLAIN };
    let text = rendered(Format::Human, style, &sources, std::slice::from_ref(&diagnostic));
    let (before, link) = text.split_once("\u{1b}]8;;file:///").unwrap();
    assert!(before.ends_with("┌─ "), "{text:?}");
    let (address, rest) = link.split_once("\u{1b}\\").unwrap();
    assert!(address.ends_with("/test-flakes/homelab-broken/hosts/Server/settings.nix"), "{text:?}");
    assert!(rest.starts_with("hosts/Server/settings.nix\u{1b}]8;;\u{1b}\\:6:26\n"), "{text:?}");
    // Files in memory are nowhere.
    let nowhere = two_services();
    let diagnostic = port_conflict(&nowhere);
    let text = rendered(Format::Human, style, &nowhere, &[diagnostic]);
    assert!(!text.contains('\u{1b}'), "{text:?}");
}

#[test]
fn too_many_lines_to_mark() {
    let text = format!("{{\n  a = [\n{}  ];\n}}\n", "    1\n".repeat(2_000));
    let sources = sources(&[("a.nix", &text)]);
    let list = &text[text.find('[').unwrap()..=text.find(']').unwrap()];
    let diagnostic = warning().primary(span(&sources, "a.nix", list), "this list");
    assert_data_eq!(
        human(&sources, &[diagnostic]),
        str![[r#"
warning[a-lint]: Something may happen
  ┌─ a.nix:2:7
  │
2 │   a = [
  │       ^ this list
  │
  = help: nixpact explain a-lint


"#]]
    );
}

#[test]
fn too_many_places() {
    let sources = sources(&[("a.nix", &"x\n".repeat(100))]);
    let id = sources.id("a.nix").unwrap();
    let diagnostic = (1..100).fold(warning().primary(Span::new(id, 0, 1), ""), |it, line| {
        it.secondary(Span::new(id, line * 2, line * 2 + 1), "")
    });
    let shown = human(&sources, &[diagnostic]);
    assert_eq!(shown.matches("│ -").count(), 15);
    assert!(shown.contains("= and 84 more places\n"), "{shown}");
}

#[test]
fn colours() {
    let sources = two_services();
    let diagnostics = [port_conflict(&sources), no_contract()];
    let coloured = rendered(Format::Human, COLORED, &sources, &diagnostics);
    assert!(coloured.starts_with("\u{1b}[0m\u{1b}[1m\u{1b}[38;5;9merror[duplicate-port]"));
    let mut plain = String::new();
    for (at, piece) in coloured.split('\u{1b}').enumerate() {
        plain += if at == 0 { piece } else { piece.split_once('m').unwrap().1 };
    }
    assert_eq!(plain, human(&sources, &diagnostics));
}
