//! Whatever was written, what is offered does what it says. `OFFERS=500` goes on for longer.

mod support;

use std::collections::BTreeMap;

use nixpact_engine::{Analysis, Options};
use nixpact_source::FileId;
use serde_json::{Value, json};
use support::Editor;
use support::soak::{Random, edit};

/// Mistakes that people make: what is written instead of what.
const MISTAKES: &[(&str, &str)] = &[
    ("port = ", "prot = "),
    ("port = ", "port = \"x\"; # "),
    ("port = ", "# port = "),
    ("enable = true;", "enable = false;"),
    ("enable = true;", "enable = true; nonexistent = missing;"),
    ("dependsOn = [", "dependsOn = [ \"postgresq\" "),
    ("middlewares = [", "middlewares = [ \"sso-auht\" "),
    ("persistedData = ", "# persistedData = "),
    ("backupDirectories = ", "backupDirectories = [ \"/srv/elsewhere\" ]; # "),
    ("type = \"", "type = \"x"),
    ("lib.mkIf", "lbi.mkIf"),
    ("default = ", "default = 1; # "),
    ("serviceModules", "serviceModule"),
    (" = ", " = # nixpact: allow(duplicate-port) -- none\n "),
    ("{ config", "{ config, config"),
    ("exposed = ", "exposed = true; exposed = "),
    ("imports = [", "imports = [ ./missing.nix "),
];

#[derive(Debug, Default)]
struct Tried {
    actions: usize,
    preferred: usize,
}

#[test]
fn what_is_offered_after_random_edits() {
    let paths = [
        "modules/server/arrs/sonarr/default.nix",
        "modules/server/media/jellyfin/default.nix",
        "modules/server/media/immich/default.nix",
        "modules/server/options.nix",
        "hosts/Server/settings.nix",
    ];
    let more = std::env::var("OFFERS").ok().and_then(|text| text.parse().ok());
    let mut editor = Editor::of("homelab");
    let tried = walk(&mut editor, &paths, more.unwrap_or(24));
    assert!(tried.actions > 20 && tried.preferred > 2, "{tried:?}");
    editor.end().unwrap();
}

/// Makes random edits, and applies each action that is then offered to a copy of the texts.
fn walk(editor: &mut Editor, paths: &[&str], edits: usize) -> Tried {
    let mut random = Random::new(11);
    let mut tried = Tried::default();
    let mut original = BTreeMap::new();
    for path in paths {
        editor.open(path);
        original.insert(*path, editor.text(path).to_owned());
    }
    for _ in 0..edits {
        let path = *random.of(paths);
        match random.below(10) {
            0..=1 => edit(editor, &mut random, path, &original[path]),
            2 => {
                let text = editor.text(path).replace("\r\n", "\n").replace('\n', "\r\n");
                set(editor, path, &text);
            }
            3 => set(editor, path, &original[path]),
            _ => mistake(editor, &mut random, path, &original[path]),
        }
        editor.settle();
        for action in actions(editor, path) {
            tried.actions += 1;
            apply(editor, paths, &action, &mut tried);
        }
    }
    tried
}

fn set(editor: &mut Editor, path: &str, text: &str) {
    let all = 0..editor.text(path).len();
    editor.edit_range(path, all, text);
}

/// Mistakes one or two things in a text.
fn mistake(editor: &mut Editor, random: &mut Random, path: &str, original: &str) {
    let mut text = match random.below(2) {
        0 => original.to_owned(),
        _ => editor.text(path).to_owned(),
    };
    for _ in 0..=random.below(2) {
        let possible: Vec<_> = MISTAKES.iter().filter(|(old, _)| text.contains(old)).collect();
        if possible.is_empty() {
            break;
        }
        let (old, new) = random.of(&possible);
        let places: Vec<usize> = text.match_indices(old).map(|(at, _)| at).collect();
        let at = *random.of(&places);
        text.replace_range(at..at + old.len(), new);
    }
    set(editor, path, &text);
}

fn actions(editor: &mut Editor, path: &str) -> Vec<Value> {
    let document = json!({ "uri": editor.uri(path) });
    let end = json!({ "line": u32::MAX, "character": 0 });
    let everywhere = json!({ "start": { "line": 0, "character": 0 }, "end": end });
    let context = json!({ "diagnostics": [] });
    let params = json!({ "textDocument": document, "range": everywhere, "context": context });
    let actions = editor.request("textDocument/codeAction", params).unwrap();
    actions.as_array().cloned().unwrap_or_default()
}

/// What parsed parses afterwards; a preferred action leaves fewer findings, of which none is new.
fn apply(editor: &Editor, paths: &[&str], action: &Value, tried: &mut Tried) {
    let after = editor.applied(&action["edit"]);
    let parses = |text: &str| nixpact_syntax::parse(FileId::new(0), text).errors.is_empty();
    for (path, text) in &after {
        let before = editor.current(path);
        assert!(!parses(&before) || parses(text), "{action}\n{before}");
        assert_ne!(before, *text, "{action}");
    }
    if action["isPreferred"] != true {
        return;
    }
    tried.preferred += 1;
    let texts = paths.iter().map(|path| ((*path).to_owned(), editor.text(path).to_owned()));
    let mut overlay: BTreeMap<String, String> = texts.collect();
    let before = counts(editor, overlay.clone());
    overlay.extend(after);
    let after = counts(editor, overlay);
    // A file that does not parse hides what is found in it.
    if before.contains_key("syntax-error") {
        return;
    }
    assert!(after.values().sum::<usize>() < before.values().sum::<usize>(), "{action}");
    for (lint, count) in &after {
        assert!(before.get(lint).is_some_and(|before| before >= count), "{lint}: {action}");
    }
}

/// How many findings each lint has in a fresh check.
fn counts(editor: &Editor, overlay: BTreeMap<String, String>) -> BTreeMap<String, usize> {
    let options = Options { root: editor.root().to_owned(), overlay, ..Options::default() };
    let analysis = Analysis::run(&options).expect("the repository can be checked");
    let mut counts = BTreeMap::new();
    for finding in &analysis.diagnostics {
        *counts.entry(finding.lint.to_owned()).or_default() += 1;
    }
    counts
}
