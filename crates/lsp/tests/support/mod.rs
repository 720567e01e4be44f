//! A client at the other end of a connection in memory.
#![allow(dead_code, reason = "each test uses a part of it")]
#![allow(clippy::disallowed_methods, reason = "tests write repositories")]

pub mod requests;
pub mod soak;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use std::time::Duration;

use lsp_server::{Connection, Message, Notification, Request, RequestId, Response, ResponseError};
use nixpact_lsp::Ended;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Longer than any answer takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

pub struct Editor {
    connection: Connection,
    server: Option<JoinHandle<Result<(), Ended>>>,
    next_id: i32,
    root: PathBuf,
    /// What the server has said of itself.
    pub initialized: Value,
    /// The findings that it has published, by path, with their versions.
    pub published: BTreeMap<String, (Option<i64>, Vec<Value>)>,
    /// Requests of the server, by their method.
    pub asked: Vec<String>,
    /// The parameters of the last of each.
    pub asked_with: BTreeMap<String, Value>,
    /// What is answered to its questions.
    pub choice: Option<String>,
    /// What it has shown or logged.
    pub shown: Vec<String>,
    /// Open documents.
    texts: BTreeMap<String, (i64, String)>,
    _directory: Option<TempDir>,
}

/// The capabilities of an ordinary client.
pub fn usual() -> Value {
    json!({
        "workspace": {
            "workspaceEdit": { "documentChanges": true },
            "didChangeWatchedFiles": { "dynamicRegistration": true },
        },
        "textDocument": {
            "publishDiagnostics": { "relatedInformation": true, "versionSupport": true },
            "completion": { "completionItem": { "snippetSupport": true } },
        },
        "window": { "workDoneProgress": true },
    })
}

impl Editor {
    /// A client in a repository with these files.
    pub fn new(files: &[(&str, &str)]) -> Editor {
        let directory = tempfile::tempdir().unwrap();
        for (path, text) in files {
            write(&directory.path().join(path), text);
        }
        Editor::within(directory, usual())
    }

    /// A client in a copy of a repository of test-flakes.
    pub fn of(fixture: &str) -> Editor {
        Editor::within(copy(fixture), usual())
    }

    pub fn within(directory: TempDir, capabilities: Value) -> Editor {
        let root = directory.path().to_owned();
        Editor::beside(&root, capabilities).keeping(directory)
    }

    /// The directory is there as long as the client.
    pub fn keeping(mut self, directory: TempDir) -> Editor {
        self._directory = Some(directory);
        self
    }

    pub fn beside(root: &Path, capabilities: Value) -> Editor {
        let (server, connection) = Connection::memory();
        let server = std::thread::spawn(move || nixpact_lsp::serve(server));
        let mut editor = Editor {
            connection,
            server: Some(server),
            next_id: 0,
            root: root.to_owned(),
            initialized: Value::Null,
            published: BTreeMap::new(),
            asked: Vec::new(),
            asked_with: BTreeMap::new(),
            choice: None,
            shown: Vec::new(),
            texts: BTreeMap::new(),
            _directory: None,
        };
        let folder = json!([{ "uri": editor.uri(""), "name": "repository" }]);
        let params = json!({
            "processId": null, "rootUri": null, "capabilities": capabilities,
            "workspaceFolders": folder,
        });
        editor.initialized = editor.request("initialize", params).unwrap();
        editor.notify("initialized", json!({}));
        editor
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn uri(&self, path: &str) -> String {
        format!("file://{}", self.root.join(path).display()).trim_end_matches('/').to_owned()
    }

    pub fn notify(&self, method: &str, params: Value) {
        let notification = Notification { method: method.to_owned(), params };
        self.connection.sender.send(Message::Notification(notification)).unwrap();
    }

    pub fn begin(&mut self, method: &str, params: Value) -> RequestId {
        self.next_id += 1;
        let id = RequestId::from(self.next_id);
        let request = Request { id: id.clone(), method: method.to_owned(), params };
        self.connection.sender.send(Message::Request(request)).unwrap();
        id
    }

    pub fn request(&mut self, method: &str, params: Value) -> Result<Value, ResponseError> {
        let id = self.begin(method, params);
        self.answer(&id)
    }

    pub fn answer(&mut self, id: &RequestId) -> Result<Value, ResponseError> {
        loop {
            match self.next() {
                Message::Response(response) if response.id == *id => {
                    return response.response_result;
                }
                message => self.take(message),
            }
        }
    }

    /// The number of the last request.
    pub fn asked_last(&self) -> i32 {
        self.next_id
    }

    /// How many answers each request has had that was not waited for, once the server has answered all.
    pub fn answers(&mut self) -> BTreeMap<RequestId, usize> {
        let last = self.begin("workspace/symbol", json!({ "query": "there is none" }));
        let mut counts: BTreeMap<RequestId, usize> = BTreeMap::new();
        loop {
            match self.next() {
                Message::Response(response) => {
                    *counts.entry(response.id.clone()).or_default() += 1;
                    if response.id == last {
                        return counts;
                    }
                }
                message => self.take(message),
            }
        }
    }

    fn next(&self) -> Message {
        self.connection.receiver.recv_timeout(PATIENCE).expect("the server says something")
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Notification(it) if it.method == "textDocument/publishDiagnostics" => {
                let path = self.path(it.params["uri"].as_str().unwrap());
                let findings = it.params["diagnostics"].as_array().unwrap().clone();
                self.published.insert(path, (it.params["version"].as_i64(), findings));
            }
            Message::Notification(it) => {
                if let Some(message) = it.params["message"].as_str() {
                    self.shown.push(message.to_owned());
                }
            }
            Message::Request(request) => {
                self.asked.push(request.method.clone());
                let choice = self.choice.as_ref().map(|title| json!({ "title": title }));
                let result = choice.filter(|_| request.method == "window/showMessageRequest");
                let response_result = Ok(result.unwrap_or_default());
                self.asked_with.insert(request.method, request.params);
                let response = Response { id: request.id, response_result };
                self.connection.sender.send(Message::Response(response)).unwrap();
            }
            Message::Response(_) => {}
        }
    }

    pub fn path(&self, uri: &str) -> String {
        uri.strip_prefix(&self.uri("")).unwrap_or(uri).trim_start_matches('/').to_owned()
    }

    /// Opens a file with the text that it has on the disk.
    pub fn open(&mut self, path: &str) {
        let text = std::fs::read_to_string(self.root.join(path)).unwrap();
        self.open_with(path, &text);
    }

    pub fn open_with(&mut self, path: &str, text: &str) {
        self.texts.insert(path.to_owned(), (1, text.to_owned()));
        let item =
            json!({ "uri": self.uri(path), "languageId": "nix", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": item }));
    }

    pub fn text(&self, path: &str) -> &str {
        &self.texts[path].1
    }

    /// Replaces the first occurrence of a text in an open document, as a change of its range.
    pub fn edit(&mut self, path: &str, old: &str, new: &str) {
        let start = self.text(path).find(old).unwrap_or_else(|| panic!("{old} in {path}"));
        self.edit_range(path, start..start + old.len(), new);
    }

    pub fn edit_range(&mut self, path: &str, bytes: std::ops::Range<usize>, new: &str) {
        let text = self.text(path);
        let range = json!({
            "start": position(text, bytes.start), "end": position(text, bytes.end),
        });
        let (version, text) = self.texts.get_mut(path).unwrap();
        *version += 1;
        text.replace_range(bytes, new);
        let version = *version;
        let document = json!({ "uri": self.uri(path), "version": version });
        let changes = json!([{ "range": range, "text": new }]);
        let params = json!({ "textDocument": document, "contentChanges": changes });
        self.notify("textDocument/didChange", params);
    }

    pub fn close(&mut self, path: &str) {
        self.texts.remove(path);
        let params = json!({ "textDocument": { "uri": self.uri(path) } });
        self.notify("textDocument/didClose", params);
    }

    pub fn changed_on_disk(&self, path: &str) {
        let change = json!({ "uri": self.uri(path), "type": 2 });
        self.notify("workspace/didChangeWatchedFiles", json!({ "changes": [change] }));
    }

    /// Waits until the server has looked at all that was sent.
    pub fn settle(&mut self) {
        self.request("workspace/symbol", json!({ "query": "there is none" })).unwrap();
    }

    /// Waits for the findings of an open document as it is now.
    pub fn wait_for(&mut self, path: &str) {
        let version = self.texts[path].0;
        while self.published.get(path).is_none_or(|(known, _)| *known != Some(version)) {
            let message = self.next();
            self.take(message);
        }
    }

    /// The lints that have findings in a file, in the order of their places.
    pub fn lints(&mut self, path: &str) -> Vec<String> {
        self.settle();
        let findings = self.published.get(path).map(|(_, findings)| findings.clone());
        let code = |finding: &Value| finding["code"].as_str().unwrap().to_owned();
        findings.unwrap_or_default().iter().map(code).collect()
    }

    /// A request about a place: the first occurrence of `around` in an open document, at its `|`.
    pub fn at(&mut self, method: &str, path: &str, around: &str) -> Value {
        self.try_at(method, path, around, json!({})).unwrap()
    }

    pub fn try_at(
        &mut self,
        method: &str,
        path: &str,
        around: &str,
        more: Value,
    ) -> Result<Value, ResponseError> {
        let (before, after) = around.split_once('|').expect("a place in it");
        let text = self.text(path);
        let start = text.find(&format!("{before}{after}")).unwrap_or_else(|| panic!("{around}"));
        let mut params = json!({
            "textDocument": { "uri": self.uri(path) },
            "position": position(text, start + before.len()),
        });
        if method == "textDocument/references" {
            params["context"] = json!({ "includeDeclaration": true });
        }
        for (key, value) in more.as_object().unwrap() {
            params[key] = value.clone();
        }
        self.request(method, params)
    }

    pub fn hover(&mut self, path: &str, around: &str) -> String {
        let hover = self.at("textDocument/hover", path, around);
        hover["contents"]["value"].as_str().unwrap_or_default().to_owned()
    }

    /// The labels of what can be written, in their order.
    pub fn completions(&mut self, path: &str, around: &str) -> Vec<String> {
        let list = self.at("textDocument/completion", path, around);
        let mut items = list["items"].as_array().cloned().unwrap_or_default();
        items.sort_by_key(|item| item["sortText"].as_str().unwrap().to_owned());
        items.iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
    }

    /// Locations as `path:line: text`.
    pub fn places(&self, locations: &Value) -> Vec<String> {
        let one = std::slice::from_ref(locations);
        let all = locations.as_array().map_or(one, Vec::as_slice);
        all.iter()
            .map(|location| {
                let path = self.path(location["uri"].as_str().unwrap());
                let line = location["range"]["start"]["line"].as_u64().unwrap();
                let text = self.slice(&path, &location["range"]);
                format!("{path}:{}: {text}", line + 1)
            })
            .collect()
    }

    pub fn current(&self, path: &str) -> String {
        match self.texts.get(path) {
            Some((_, text)) => text.clone(),
            None => std::fs::read_to_string(self.root.join(path)).unwrap(),
        }
    }

    pub fn slice(&self, path: &str, range: &Value) -> String {
        let text = self.current(path);
        text[offset(&text, &range["start"])..offset(&text, &range["end"])].to_owned()
    }

    /// The actions for a place: the titles with what they do.
    pub fn actions(
        &mut self,
        path: &str,
        around: &str,
        only: Option<&str>,
    ) -> Vec<(String, Value)> {
        let (before, after) = around.split_once('|').expect("a place in it");
        let text = self.text(path);
        let start = text.find(&format!("{before}{after}")).unwrap_or_else(|| panic!("{around}"));
        let at = position(text, start + before.len());
        let mut context = json!({ "diagnostics": [] });
        if let Some(only) = only {
            context["only"] = json!([only]);
        }
        let params = json!({
            "textDocument": { "uri": self.uri(path) },
            "range": { "start": at, "end": at },
            "context": context,
        });
        let actions = self.request("textDocument/codeAction", params).unwrap();
        let actions = actions.as_array().cloned().unwrap_or_default();
        let titled = |it: Value| (it["title"].as_str().unwrap().to_owned(), it);
        actions.into_iter().map(titled).collect()
    }

    /// Applies an edit of the server to open documents and files: every file's new text.
    pub fn applied(&self, edit: &Value) -> BTreeMap<String, String> {
        let mut texts = BTreeMap::new();
        for change in edit["documentChanges"].as_array().unwrap() {
            let path = self.path(change["textDocument"]["uri"].as_str().unwrap());
            let mut text = self.current(&path);
            let mut edits: Vec<(usize, usize, String)> = change["edits"]
                .as_array()
                .unwrap()
                .iter()
                .map(|edit| {
                    let range = &edit["range"];
                    let new = edit["newText"].as_str().unwrap().to_owned();
                    (offset(&text, &range["start"]), offset(&text, &range["end"]), new)
                })
                .collect();
            edits.sort();
            for (start, end, new) in edits.into_iter().rev() {
                text.replace_range(start..end, &new);
            }
            texts.insert(path, text);
        }
        texts
    }

    /// Applies the action of a title to the open documents.
    pub fn apply(&mut self, path: &str, around: &str, title: &str) {
        let actions = self.actions(path, around, None);
        let titles: Vec<&String> = actions.iter().map(|(title, _)| title).collect();
        let action = actions.iter().find(|(known, _)| known == title);
        let (_, action) = action.unwrap_or_else(|| panic!("{title} among {titles:?}"));
        for (path, text) in self.applied(&action["edit"]) {
            if !self.texts.contains_key(&path) {
                self.open(&path);
            }
            let all = 0..self.text(&path).len();
            self.edit_range(&path, all, &text);
        }
    }

    pub fn end(mut self) -> Result<(), Ended> {
        self.request("shutdown", Value::Null).unwrap();
        self.notify("exit", Value::Null);
        self.server.take().unwrap().join().unwrap()
    }

    pub fn exit(mut self) -> Result<(), Ended> {
        self.notify("exit", Value::Null);
        self.server.take().unwrap().join().unwrap()
    }
}

/// In UTF-16 units.
pub fn position(text: &str, at: usize) -> Value {
    let starts = line_starts(text);
    let line = starts.iter().rposition(|start| *start <= at).unwrap();
    json!({ "line": line, "character": text[starts[line]..at].encode_utf16().count() })
}

pub fn offset(text: &str, position: &Value) -> usize {
    let (line, column) =
        (position["line"].as_u64().unwrap(), position["character"].as_u64().unwrap());
    let Some(start) = line_starts(text).get(line as usize).copied() else { return text.len() };
    let mut units = 0;
    for (at, character) in text[start..].char_indices() {
        if units >= column || character == '\n' || character == '\r' {
            return start + at;
        }
        units += character.len_utf16() as u64;
    }
    text.len()
}

/// `\n`, `\r\n` and `\r` end a line.
fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let ends = (0..bytes.len()).filter(|at| match bytes[*at] {
        b'\n' => true,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    });
    [0].into_iter().chain(ends.map(|at| at + 1)).collect()
}

pub fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// A repository of test-flakes that a test may change.
pub fn copy(name: &str) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    copy_into(&fixture(name), directory.path());
    directory
}

/// Where a repository of test-flakes is.
pub fn fixture(name: &str) -> PathBuf {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let mut fixtures = above.map(|directory| directory.join("test-flakes").join(name));
    fixtures.find(|from| from.is_dir()).unwrap()
}

/// Copies what no version control keeps for itself.
pub fn copy_into(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for file in files_below(from) {
        let target = to.join(file.strip_prefix(from).unwrap());
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(&file, &target).unwrap();
    }
}

/// The files below a directory, in the order of their names.
pub fn files_below(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    for entry in entries {
        if entry.is_dir() && !entry.ends_with(".git") {
            files.extend(files_below(&entry));
        } else if entry.is_file() {
            files.push(entry);
        }
    }
    files.sort();
    files
}
