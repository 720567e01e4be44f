//! Messages in any order about anything, and what is left after them.
//!
//! `WALK_REPOSITORY`, `WALK_STEPS` and `WALK_SEED` take another repository, of which a copy is used, go on
//! for longer, and elsewhere.
#![allow(clippy::disallowed_methods, reason = "tests write repositories")]

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use lsp_server::RequestId;
use serde_json::{Value, json};
use support::requests::REQUESTS;
use support::soak::Random;
use support::{Editor, copy_into, files_below, fixture, usual, write};

const TEXTS: &[&str] = &[
    "",
    "{ }",
    "{ a = 1; a = 2; }",
    "{ a = ; ",
    "\r\n\r# ü🎬\r{ \"ü\" = [ ../x.nix ./. ]; }",
    "{ config, ... }: { config.qgroget.serviceModules.walk = { enable = true; port = 2283; }; }",
    "{ imports = [ ./default.nix ]; qgroget.serviceModules.\"a b\".dependsOn = [ \"a b\" ]; }",
];

const CONFIGURATIONS: &[&str] = &[
    "",
    "[lints]\nduplicate-port = \"warn\"\n",
    "[contract]\noption = \"no.such\"\n",
    "x = [",
    "\u{0}",
];

/// Two repositories on the disk, and a client that keeps to no rule.
struct Walk {
    editor: Editor,
    random: Random,
    above: PathBuf,
    /// Files that there are or were, absolute.
    files: Vec<PathBuf>,
    /// What the disk held at first.
    original: BTreeMap<PathBuf, String>,
    /// Requests that are to be answered.
    begun: Vec<RequestId>,
}

impl Walk {
    fn new(repository: &Path, seed: u64) -> Walk {
        let directory = tempfile::tempdir().unwrap();
        let above = directory.path().to_owned();
        copy_into(repository, &above.join("one"));
        write(&above.join("two/flake.nix"), "{ }");
        write(&above.join("two/a.nix"), "{ b = 1; b = 2; }");
        write(&above.join("two/sub/default.nix"), "{ imports = [ ../a.nix ]; }");
        let files: Vec<PathBuf> = files_below(&above);
        let text = |file: &PathBuf| Some((file.clone(), std::fs::read_to_string(file).ok()?));
        let original = files.iter().filter_map(text).collect();
        let editor = Editor::beside(&above.join("one"), usual()).keeping(directory);
        Walk { editor, random: Random::new(seed), above, files, original, begun: Vec::new() }
    }

    fn step(&mut self) {
        match self.random.below(24) {
            0..=7 => self.ask(),
            8..=10 => self.open(),
            11..=14 => self.change(),
            15..=16 => self.document("textDocument/didClose"),
            17 => self.document("textDocument/didSave"),
            18..=20 => self.disk(),
            21 => self.folders(),
            22 => self.cancel(),
            _ => self.odd(),
        }
    }

    fn uri(&mut self) -> String {
        let file = self.random.of(&self.files).clone();
        let uri = format!("file://{}", file.display());
        match self.random.below(12) {
            0 => format!("untitled:Untitled-{}", self.random.below(3)),
            1 => "file:///no/such/place.nix".to_owned(),
            2 => format!("file://{}", self.above.display()),
            3 => uri.replace("default", "%64efault"),
            _ => uri,
        }
    }

    fn text(&mut self) -> String {
        match self.random.below(3) {
            0 => {
                let texts: Vec<String> = self.original.values().cloned().collect();
                self.random.of(&texts).clone()
            }
            _ => (*self.random.of(TEXTS)).to_owned(),
        }
    }

    fn position(&mut self) -> Value {
        let line = *self.random.of(&[0, 1, 9, 25, 60, 999, u32::MAX]);
        let character = *self.random.of(&[0, 3, 8, 20, 77, u32::MAX]);
        json!({ "line": line, "character": character })
    }

    fn ask(&mut self) {
        let method = *self.random.of(REQUESTS);
        let (uri, position, end) = (self.uri(), self.position(), self.position());
        let name = *self.random.of(&["photos", "", "immich", "a b", "\u{0}${"]);
        let params = json!({
            "textDocument": { "uri": uri },
            "position": position,
            "range": { "start": position, "end": end },
            "context": { "includeDeclaration": true, "diagnostics": [], "only": null },
            "newName": name,
            "title": "x",
            "query": name,
            "command": "nixpact.showUses",
            "arguments": [{ "uri": uri, "position": position, "title": "x" }, null],
            "data": { "fixAll": uri },
            "previousResultIds": [{ "uri": uri, "value": "x" }],
        });
        let odd = self.random.below(20) == 0;
        let id = self.editor.begin(method, if odd { json!([null]) } else { params });
        self.begun.push(id);
    }

    fn open(&mut self) {
        let (uri, text, version) = (self.uri(), self.text(), self.random.below(9));
        let item = json!({ "uri": uri, "languageId": "nix", "version": version, "text": text });
        self.editor.notify("textDocument/didOpen", json!({ "textDocument": item }));
    }

    fn change(&mut self) {
        let mut changes = Vec::new();
        for _ in 0..=self.random.below(3) {
            let (start, end, text) = (self.position(), self.position(), self.text());
            changes.push(match self.random.below(4) {
                0 => json!({ "text": text }),
                _ => json!({ "range": { "start": start, "end": end }, "text": text }),
            });
        }
        let document = json!({ "uri": self.uri(), "version": self.random.below(99) });
        let params = json!({ "textDocument": document, "contentChanges": changes });
        self.editor.notify("textDocument/didChange", params);
    }

    fn document(&mut self, method: &str) {
        let params = json!({ "textDocument": { "uri": self.uri() } });
        self.editor.notify(method, params);
    }

    /// A file comes, goes or changes, as the client then tells.
    fn disk(&mut self) {
        let file = self.random.of(&self.files).clone();
        let text = self.text();
        let (file, kind) = match self.random.below(5) {
            0 => {
                let new = format!("new{}.nix", self.random.below(5));
                (file.parent().unwrap().join(new), 1)
            }
            1 => (file, 3),
            2 => (self.above.join("one/nixpact.toml"), 2),
            _ => (file, 2),
        };
        let is_toml = file.ends_with("nixpact.toml");
        let text = if is_toml { (*self.random.of(CONFIGURATIONS)).to_owned() } else { text };
        if kind == 3 || (is_toml && self.random.below(2) == 0) {
            let _ = std::fs::remove_file(&file);
        } else {
            write(&file, &text);
        }
        self.tell(&[(file.clone(), kind)]);
        if !self.files.contains(&file) {
            self.files.push(file);
        }
    }

    fn tell(&self, files: &[(PathBuf, i32)]) {
        let change = |(file, kind): &(PathBuf, i32)| json!({ "uri": format!("file://{}", file.display()), "type": kind });
        let changes: Vec<Value> = files.iter().map(change).collect();
        self.editor.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
    }

    fn folders(&mut self) {
        let (added, removed) = (self.some_folders(), self.some_folders());
        self.change_folders(&added, &removed);
    }

    fn some_folders(&mut self) -> Vec<&'static str> {
        let names: &[&[&str]] =
            &[&[], &["one"], &["two"], &["one", "two"], &["two/sub"], &["none"]];
        self.random.of(names).to_vec()
    }

    fn change_folders(&self, added: &[&str], removed: &[&str]) {
        let uri = |name: &&str| format!("file://{}", self.above.join(name).display());
        let folders = |names: &[&str]| -> Vec<Value> {
            names.iter().map(|name| json!({ "uri": uri(name), "name": name })).collect()
        };
        let event = json!({ "added": folders(added), "removed": folders(removed) });
        self.editor.notify("workspace/didChangeWorkspaceFolders", json!({ "event": event }));
    }

    fn cancel(&mut self) {
        let last = self.editor.asked_last();
        let id = last - self.random.below(4) as i32 + 1;
        self.editor.notify("$/cancelRequest", json!({ "id": id }));
    }

    fn odd(&mut self) {
        let methods = [
            "textDocument/didOpen",
            "textDocument/didChange",
            "textDocument/didClose",
            "workspace/didChangeConfiguration",
            "workspace/didChangeWatchedFiles",
            "workspace/didChangeWorkspaceFolders",
            "$/cancelRequest",
            "initialized",
            "no/such/method",
        ];
        let params = [json!(null), json!({}), json!([1]), json!({ "settings": null }), json!("x")];
        let (method, params) = (*self.random.of(&methods), self.random.of(&params).clone());
        self.editor.notify(method, params);
    }

    /// Each request has had one answer.
    fn answered(&mut self) {
        let counts = self.editor.answers();
        for id in std::mem::take(&mut self.begun) {
            assert_eq!(counts.get(&id), Some(&1), "answers to {id}");
        }
    }

    /// Puts all back as it was: what is then known is what a new client sees.
    fn restore(&mut self) {
        self.change_folders(&["one"], &["one", "two", "two/sub"]);
        for file in self.files.clone() {
            let uri = format!("file://{}", file.display());
            for uri in [uri.replace("default", "%64efault"), uri] {
                let params = json!({ "textDocument": { "uri": uri } });
                self.editor.notify("textDocument/didClose", params);
            }
            match self.original.get(&file) {
                Some(text) => write(&file, text),
                None => {
                    let _ = std::fs::remove_file(&file);
                }
            }
        }
        let all: Vec<(PathBuf, i32)> = self.files.iter().map(|file| (file.clone(), 2)).collect();
        self.tell(&all);
        self.editor.settle();
    }
}

fn findings(editor: &Editor) -> BTreeMap<String, Vec<Value>> {
    let all = editor.published.iter().filter(|(_, (_, findings))| !findings.is_empty());
    all.map(|(path, (_, findings))| (path.clone(), findings.clone())).collect()
}

#[test]
fn any_messages_are_answered_once_and_leave_nothing_behind() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let repository = std::env::var_os("WALK_REPOSITORY").map(PathBuf::from);
    let repository = repository.unwrap_or_else(|| fixture("homelab"));
    let mut walk = Walk::new(&repository, number("WALK_SEED").unwrap_or(3));
    let steps = number("WALK_STEPS").unwrap_or(250);
    for step in 0..steps {
        walk.step();
        if step % 25 == 24 {
            walk.answered();
        }
    }
    walk.answered();
    walk.restore();
    let left = findings(&walk.editor);
    let mut fresh = Editor::beside(&walk.above.join("one"), usual());
    fresh.settle();
    assert_eq!(left, findings(&fresh));
    fresh.end().unwrap();
    walk.editor.end().unwrap();
}
