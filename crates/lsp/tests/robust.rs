//! Whatever a client sends, the server goes on.

mod support;

use serde_json::{Value, json};
use support::requests::REQUESTS;
use support::{Editor, usual, write};

fn params(uri: &str, line: u32, character: u32) -> Value {
    let position = json!({ "line": line, "character": character });
    json!({
        "textDocument": { "uri": uri },
        "position": position,
        "range": { "start": position, "end": { "line": 0, "character": 0 } },
        "context": { "includeDeclaration": true, "diagnostics": [] },
        "newName": "x\u{0}\"${",
        "title": "x",
        "data": { "fixAll": uri },
        "previousResultIds": [{ "uri": uri, "value": "x" }],
    })
}

#[test]
fn places_and_documents_that_are_not_there() {
    let mut editor = Editor::of("homelab");
    let known = "modules/server/media/immich/default.nix";
    editor.open(known);
    let uris = [
        editor.uri(known),
        editor.uri("no/such/file.nix"),
        "untitled:Untitled-1".to_owned(),
        "file:///".to_owned(),
        "https://example.org/a.nix".to_owned(),
        "file://host/share/a.nix".to_owned(),
    ];
    for method in REQUESTS {
        for uri in &uris {
            for (line, character) in [(0, 0), (20, 9_999), (9_999, 0), (u32::MAX, u32::MAX)] {
                // An answer or a refusal, but the server is there.
                let _ = editor.request(method, params(uri, line, character));
            }
        }
    }
    for odd in [json!(null), json!([]), json!({}), json!({ "textDocument": 1 }), json!("x")] {
        for method in REQUESTS {
            let _ = editor.request(method, odd.clone());
        }
        for method in ["didOpen", "didChange", "didClose", "didSave"] {
            editor.notify(&format!("textDocument/{method}"), odd.clone());
        }
        editor.notify("workspace/didChangeWatchedFiles", odd.clone());
        editor.notify("workspace/didChangeWorkspaceFolders", odd.clone());
        editor.notify("$/cancelRequest", odd.clone());
        editor.notify("no/such/method", odd.clone());
    }
    let refused = editor.request("no/such/method", json!({})).unwrap_err();
    assert_eq!(refused.code, -32601);
    assert!(editor.hover(known, "po|rt = 2283").contains("2283"));
    editor.end().unwrap();
}

#[test]
fn documents_of_no_repository() {
    let mut editor = Editor::of("homelab");
    for uri in ["untitled:Untitled-1", "https://example.org/a.nix", "file:///no/such/place/a.nix"] {
        let item = json!({ "uri": uri, "languageId": "nix", "version": 1, "text": "{ a = ; }" });
        editor.notify("textDocument/didOpen", json!({ "textDocument": item }));
        let changes = json!([{ "text": "{ }" }]);
        let document = json!({ "uri": uri, "version": 2 });
        let change = json!({ "textDocument": document, "contentChanges": changes });
        editor.notify("textDocument/didChange", change);
        editor.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    }
    // A change and an end without a beginning.
    let document = json!({ "uri": editor.uri("a.nix"), "version": 2 });
    let change = json!({ "textDocument": document, "contentChanges": [{ "text": "{ }" }] });
    editor.notify("textDocument/didChange", change);
    editor.notify("textDocument/didClose", json!({ "textDocument": document }));
    editor.settle();
    editor.end().unwrap();
}

#[test]
fn nothing_is_answered_after_shutdown() {
    let mut editor = Editor::of("homelab");
    editor.request("shutdown", Value::Null).unwrap();
    let refused = editor.request("textDocument/hover", params("file:///a.nix", 0, 0)).unwrap_err();
    assert_eq!(refused.code, -32600);
    editor.exit().unwrap();
}

#[test]
fn exit_without_shutdown_is_a_failure() {
    let editor = Editor::of("homelab");
    assert!(editor.exit().is_err());
}

#[test]
fn a_request_that_is_no_longer_wanted() {
    let mut editor = Editor::of("homelab");
    let uri = editor.uri("modules/server/media/immich/default.nix");
    // The first one is worked at while the others come in.
    let first = editor.begin("textDocument/hover", params(&uri, 0, 0));
    let second = editor.begin("textDocument/hover", params(&uri, 0, 0));
    editor.notify("$/cancelRequest", json!({ "id": 3 }));
    editor.answer(&first).unwrap();
    // It may be answered before the word comes.
    if let Err(refused) = editor.answer(&second) {
        assert_eq!(refused.code, -32800);
    }
    editor.end().unwrap();
}

#[test]
fn roots() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    for name in ["one", "two"] {
        write(&root.join(name).join("flake.nix"), "{ }");
        write(&root.join(name).join("sub/a.nix"), "{ a = 1; a = 2; }");
    }
    // The client names a folder inside of a repository; the repository is read.
    let mut editor = Editor::beside(&root.join("one/sub"), usual());
    editor.settle();
    assert_eq!(editor.published["a.nix"].1.len(), 1);
    // A file of another repository.
    let uri = format!("file://{}", root.join("two/sub/a.nix").display());
    let text = "{ b = 1; b = 2; c = 1; c = 2; }";
    let item = json!({ "uri": uri, "languageId": "nix", "version": 1, "text": text });
    editor.notify("textDocument/didOpen", json!({ "textDocument": item }));
    editor.settle();
    assert_eq!(editor.published[&uri].1.len(), 2);
    // A folder is added, and one is taken away.
    let folder = |name: &str| json!([{ "uri": format!("file://{}", root.join(name).display()), "name": name }]);
    let event = json!({ "added": folder("two"), "removed": folder("one") });
    editor.notify("workspace/didChangeWorkspaceFolders", json!({ "event": event }));
    editor.settle();
    assert_eq!(editor.published["a.nix"].1.len(), 0);
    assert_eq!(editor.published[&uri].1.len(), 2);
    editor.end().unwrap();
}

fn folders(root: &std::path::Path, added: &[&str], removed: &[&str]) -> Value {
    let folder = |name: &&str| {
        let uri = format!("file://{}", root.join(name).display());
        json!({ "uri": uri, "name": name })
    };
    let all = |names: &[&str]| names.iter().map(folder).collect::<Vec<_>>();
    json!({ "event": { "added": all(added), "removed": all(removed) } })
}

#[test]
fn a_repository_of_which_one_file_is_looked_at() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    write(&root.join("one/flake.nix"), "{ }");
    write(&root.join("two/flake.nix"), "{ }");
    write(&root.join("two/a.nix"), "{ a = 1; a = 2; }");
    let mut editor = Editor::beside(&root.join("one"), usual());
    let document = json!({
        "uri": format!("file://{}", root.join("two/flake.nix").display()),
        "languageId": "nix", "version": 1, "text": "{ }",
    });
    editor.notify("textDocument/didOpen", json!({ "textDocument": document }));
    editor.settle();
    let other = format!("file://{}", root.join("two/a.nix").display());
    assert_eq!(editor.published[&other].1.len(), 1);
    // With its last document it is gone.
    editor.notify("textDocument/didClose", json!({ "textDocument": document }));
    editor.settle();
    assert_eq!(editor.published[&other].1.len(), 0);
    editor.end().unwrap();
}

#[test]
fn two_folders_of_one_repository() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    write(&root.join("flake.nix"), "{ }");
    write(&root.join("a/a.nix"), "{ a = 1; a = 2; }");
    write(&root.join("b/b.nix"), "{ b = 1; b = 2; }");
    let mut editor = Editor::beside(&root.join("a"), usual());
    editor.notify("workspace/didChangeWorkspaceFolders", folders(root, &["b"], &[]));
    editor.settle();
    let other = format!("file://{}", root.join("b/b.nix").display());
    assert_eq!(editor.published[&other].1.len(), 1);
    editor.notify("workspace/didChangeWorkspaceFolders", folders(root, &[], &["a"]));
    editor.settle();
    assert_eq!((editor.published["a.nix"].1.len(), editor.published[&other].1.len()), (1, 1));
    // By then another root would be found from there.
    write(&root.join("b/nixpact.toml"), "");
    editor.notify("workspace/didChangeWorkspaceFolders", folders(root, &[], &["b"]));
    editor.settle();
    assert_eq!((editor.published["a.nix"].1.len(), editor.published[&other].1.len()), (0, 0));
    editor.end().unwrap();
}

#[test]
fn a_repository_in_another() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    write(&root.join("flake.nix"), "{ }");
    write(&root.join("inner/flake.nix"), "{ }");
    // Nothing is wrong with it in the inner one, which does not read it.
    write(&root.join("inner/nixpact.toml"), "[files]\nexclude = [\"a.nix\"]\n");
    write(&root.join("inner/a.nix"), "{ a = 1; a = 2; }");
    write(&root.join("inner/b.nix"), "{ b = 1; b = 2; }");
    let mut editor = Editor::beside(root, usual());
    let counts = |editor: &mut Editor| {
        editor.settle();
        ["inner/a.nix", "inner/b.nix"].map(|path| editor.published[path].1.len())
    };
    assert_eq!(counts(&mut editor), [1, 1]);
    editor.notify("workspace/didChangeWorkspaceFolders", folders(root, &["inner"], &[]));
    assert_eq!(counts(&mut editor), [0, 1]);
    // The outer one is looked at again.
    editor.changed_on_disk("flake.nix");
    assert_eq!(counts(&mut editor), [0, 1]);
    editor.notify("workspace/didChangeWorkspaceFolders", folders(root, &[], &["inner"]));
    assert_eq!(counts(&mut editor), [1, 1]);
    editor.end().unwrap();
}

#[test]
fn a_folder_that_is_not_there() {
    let directory = tempfile::tempdir().unwrap();
    let mut editor = Editor::beside(&directory.path().join("missing"), usual());
    editor.settle();
    assert_eq!(editor.shown.iter().filter(|it| it.contains("no such file")).count(), 1);
    editor.end().unwrap();
}
